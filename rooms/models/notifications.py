"""What calls for a person: one row for each cause. Rows only."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .chat import Membership
from .contacts import Block
from .levels import MUTED_NOW, Level, NotificationSettings


class NotificationKind(models.TextChoices):
    MENTION = "mention", _("mention")
    REPLY = "reply", _("reply")
    REACTION = "reaction", _("reaction")
    ANSWER = "answer", _("bot reply")  # a bot finished what this person asked for
    DIRECT = "direct", _("direct message")
    HERE = "here", _("call to those who are here")
    ROOM = "room", _("call to the room")
    GROUP = "group", _("call to a group")
    KEYWORD = "keyword", _("one of your words")
    MESSAGE = "message", _("message")  # in a room of which they want to hear everything


# They address this person alone, so they are told of a muted room, too: in the inbox, where nothing rings.
PERSONAL = (NotificationKind.MENTION, NotificationKind.REPLY, NotificationKind.ANSWER, NotificationKind.REACTION)
# They name this person in some way: what the list of rooms counts as mentions.
ADDRESSING = (NotificationKind.MENTION, NotificationKind.HERE, NotificationKind.ROOM, NotificationKind.GROUP)
# Many of them in a room are one line of the inbox, while they are unread.
COLLAPSED = (NotificationKind.DIRECT, NotificationKind.MESSAGE)


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible(self) -> "NotificationQuerySet":
        """Those in rooms to which the person belongs now, and not caused by anybody whom they block."""
        place = Membership.objects.filter(
            room=OuterRef("room"), user=OuterRef("user"), banned=False, room__deleted=None
        )
        return self.filter(Exists(place)).exclude(Exists(_block_of_actor()))

    def unread(self) -> "NotificationQuerySet":
        """Those of `visible` that the person has seen neither in the inbox nor in the room."""
        unread = Membership.objects.filter(
            room=OuterRef("room"), user=OuterRef("user"), banned=False, read_seq__lt=OuterRef("seq"), room__deleted=None
        )
        return self.filter(Exists(unread), done=None, read=None).exclude(Exists(_block_of_actor()))

    def calling(self) -> "NotificationQuerySet":
        """Those of `unread` that may ring now: the room is not muted, the level did not become too low since, and the
        message is not deleted. Of many rows, a job takes the last ones back a while after."""
        place = Membership.objects.filter(room=OuterRef("room"), user=OuterRef("user"))
        quiet = place.filter(
            MUTED_NOW | Q(level=Level.NOTHING) | Q(level="", user__in=_hear_nothing(), room__pair=None)
        )
        low = place.filter(hears_all=False)
        heard = self.unread().filter(message__deleted=False)
        return heard.exclude(Exists(quiet)).exclude(Exists(low), kind=NotificationKind.MESSAGE)


def _hear_nothing() -> models.QuerySet:
    return NotificationSettings.objects.filter(default_level=Level.NOTHING).values("user")


def _block_of_actor() -> models.QuerySet[Block]:
    return Block.objects.filter(user=OuterRef("user"), blocked=OuterRef("actor"))


class Notification(models.Model):
    """Something in a room that concerns `user`.

    Where they have read up to in the room says whether they have seen it, so an inbox and a list of rooms cannot
    disagree, and whoever marks a room unread gets these back.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    room = models.ForeignKey("rooms.Room", on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey("rooms.Message", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=NotificationKind.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")  # the last one
    seq = models.BigIntegerField()  # the room's counter when it happened
    created = models.DateTimeField(default=timezone.now)
    read = models.DateTimeField(null=True, blank=True)  # opened from the inbox; see `unread` for reading in the room
    done = models.DateTimeField(null=True, blank=True)  # taken out of the inbox
    # When the app `notifications` has to look whether it is still unread, to tell of it; None: it has looked.
    push_after = models.DateTimeField(null=True, blank=True, editable=False)
    mail_after = models.DateTimeField(null=True, blank=True, editable=False)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "message", "kind"], name="one_notification_a_cause"),
        ]
        indexes = [
            models.Index(fields=["user", "created"], name="notification_in_order"),
            models.Index(fields=["user", "room", "seq"], condition=Q(done=None, read=None), name="notification_unread"),
            models.Index(fields=["push_after"], condition=Q(push_after__isnull=False), name="notification_to_push"),
            models.Index(fields=["mail_after"], condition=Q(mail_after__isnull=False), name="notification_to_mail"),
        ]

    def __str__(self):
        return f"{self.kind} for {self.user_id} in {self.room_id}"
