"""Rows: invitations to this server, and who came by which. rooms/services/server_invitations.py has the rules."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .roles import ServerRole


class ServerInvitationQuerySet(models.QuerySet["ServerInvitation"]):
    def working(self) -> "ServerInvitationQuerySet":
        """Not ended in any way, and made by somebody who may still make it."""
        return self.filter(
            Q(max_uses=None) | Q(uses__lt=F("max_uses")),
            ~Q(role=ServerRole.ADMIN) | Q(created_by__is_superuser=True),
            created_by__is_staff=True,
            created_by__is_active=True,
            revoked=None,
            expires__gt=timezone.now(),
        )


class ServerInvitation(models.Model):
    """Its secret is made of the nonce and the server's secret key: whoever made it sees the link again, and a copy of
    the database lets nobody in. Found by the secret's hash."""

    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    nonce = models.CharField(max_length=32, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    role = models.CharField(_("role on this server"), max_length=9, choices=ServerRole, default=ServerRole.MEMBER)
    domain = models.CharField(max_length=253, blank=True)  # of the addresses that it is for; "": any
    note = models.CharField(max_length=200, blank=True)  # for staff
    address = models.EmailField(blank=True)  # where it was mailed
    created = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField()
    revoked = models.DateTimeField(null=True)
    uses = models.PositiveIntegerField(default=0)
    max_uses = models.PositiveIntegerField(null=True)  # None: any number

    objects = ServerInvitationQuerySet.as_manager()
    works: bool  # no column: whether it lets people in, where a service has looked

    class Meta:
        indexes = [models.Index(fields=["created_by", "created"], name="invitations_by_maker")]

    def __str__(self):
        return f"#{self.pk} as {self.role}"


class InvitationUse(models.Model):
    invitation = models.ForeignKey(ServerInvitation, on_delete=models.CASCADE, related_name="taken")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="came_by")
    at = models.DateTimeField(default=timezone.now)
    new_account = models.BooleanField()  # False: somebody who was here joined its rooms

    class Meta:
        constraints = [models.UniqueConstraint(fields=["invitation", "user"], name="invitation_used_once")]

    def __str__(self):
        return f"{self.user} by {self.invitation}"
