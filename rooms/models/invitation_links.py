"""Links that let people into private rooms."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from ..kernel.rights import Action, roles_that_may
from .chat import Membership, Room


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def working(self) -> "InvitationQuerySet":
        """Not expired, not used up, and made by somebody who may still make them."""
        makers = Membership.objects.filter(room=models.OuterRef("room"), user=models.OuterRef("created_by"))
        may = Q(role__in=roles_that_may(Action.MANAGE_LINKS)) | Q(user__is_staff=True)
        return self.filter(
            Q(max_uses=None) | Q(uses__lt=models.F("max_uses")),
            models.Exists(makers.filter(may, banned=False, user__is_active=True)),
            room__deleted=None,
            expires__gt=timezone.now(),
        )


class Invitation(models.Model):
    """Only the hash of its secret is kept."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField()
    uses = models.PositiveIntegerField(default=0)
    max_uses = models.PositiveIntegerField(null=True, blank=True)  # None: any number

    objects = InvitationQuerySet.as_manager()

    def __str__(self):
        return f"#{self.pk} into {self.room}"
