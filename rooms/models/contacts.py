"""Who may reach whom. Rows only."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class BlockQuerySet(models.QuerySet):
    def ids(self, user_id: int) -> frozenset[int]:
        """The ids of those whom this person has blocked."""
        return frozenset(self.filter(user_id=user_id).values_list("blocked_id", flat=True))


class Block(models.Model):
    """`user` wants to hear nothing of `blocked`. Only `user` ever learns of it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    blocked = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created = models.DateTimeField(default=timezone.now)

    objects = BlockQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "blocked"], name="one_block_a_pair")]

    def __str__(self):
        return f"{self.user_id} blocks {self.blocked_id}"


class ContactSettings(models.Model):
    """What a person lets others do. Who has no row has the defaults."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+")
    ask_before_adding = models.BooleanField(_("Ask me before anybody adds me to a room"), default=False)
    hide_presence = models.BooleanField(_("Do not show anybody when I was last here"), default=False)
    show_local_time = models.BooleanField(
        _("Show others on my profile what time it is where I am"), default=False, db_default=False
    )

    def __str__(self):
        return f"of {self.user_id}"


class AskBeforeAdding(models.Model):
    """A person has left a room, or declined to come. Until they come themselves, nobody adds them without asking."""

    room = models.ForeignKey("rooms.Room", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "user"], name="ask_before_adding_once")]

    def __str__(self):
        return f"{self.user_id} to {self.room_id}"


class Removal(models.Model):
    """A moderator took this person out of a room to which they belonged, so they may be told; until they are back."""

    room = models.ForeignKey("rooms.Room", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    banned = models.BooleanField(default=False)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "user"], name="one_removal_a_person")]

    def __str__(self):
        return f"{self.user_id} from {self.room_id}"


class InvitationState(models.TextChoices):
    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"  # also from the beginning, when the one who is asked blocks the inviter
    ADDED = "added"  # there was no need to ask


class PersonalInvitation(models.Model):
    """Somebody asks a person into a room. They belong there, and read there, only after they accept."""

    room = models.ForeignKey("rooms.Room", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    inviter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=InvitationState.choices, default=InvitationState.PENDING)
    withdrawn = models.BooleanField(default=False)
    created = models.DateTimeField(default=timezone.now)  # when it was asked last

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "user", "inviter"], name="one_personal_invitation_an_inviter")
        ]

    def __str__(self):
        return f"{self.user_id} into {self.room_id}"
