"""What calls for a person: one row for each cause. Rows only."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..kernel.slugs import MAX_TITLE
from .bans import BAN_HAS_ENDED
from .chat import Membership
from .contacts import Block, InvitationState, PersonalInvitation
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
    # Of these there is no message, and their people need not be in the room.
    INVITATION = "invitation", _("invitation")
    MODERATION = "moderation", _("note of a moderator")


class ModerationNote(models.TextChoices):
    """What a moderator did, and how that is said."""

    REMOVED = "removed", _("{name} removed you from {room}")
    BANNED = "banned", _("{name} banned you from {room}")
    UNBANNED = "unbanned", _("{name} lifted your ban from {room}")
    BAN_ENDED = "ban_ended", _("Your ban from {room} has ended")
    REPORTED = "reported", _("{name} reported a message in {room}")
    REPORT_DECIDED = "report_decided", _("{name} has decided about your report in {room}")
    MADE_MODERATOR = "made_moderator", _("{name} made you a moderator of {room}")
    MADE_MEMBER = "made_member", _("{name} made you a member of {room} again")
    MADE_READER = "made_reader", _("{name} made you read-only in {room}: you can read, but not write there")
    TIMED_OUT = "timed_out", _("{name} timed you out in {room}: for some time you cannot write there")
    TIMEOUT_LIFTED = "timeout_lifted", _("{name} lifted your timeout in {room}")
    OWNS_ROOM = "owns_room", _("{room} is yours now: its owner left")
    ROOM_ARCHIVED = "room_archived", _("{name} closed {room}: nobody can write there")
    ROOM_DELETED = "room_deleted", _("{name} deleted {room}")


# Nothing is pushed to devices after somebody was taken out of a room.
NEVER_PUSHED = (ModerationNote.REMOVED, ModerationNote.BANNED)
OF_REPORTS = (ModerationNote.REPORTED, ModerationNote.REPORT_DECIDED)
OF_WHOLE_ROOM = (ModerationNote.ROOM_ARCHIVED, ModerationNote.ROOM_DELETED)
WITHOUT_MESSAGE = (NotificationKind.INVITATION, NotificationKind.MODERATION)
INVITATION_VALID_FOR = timedelta(days=14)
# They address this person alone, so they are told of a muted room, too: in the inbox, where nothing rings.
PERSONAL = (NotificationKind.MENTION, NotificationKind.REPLY, NotificationKind.ANSWER, NotificationKind.REACTION)
# They name this person in some way: what the list of rooms counts as mentions.
ADDRESSING = (NotificationKind.MENTION, NotificationKind.HERE, NotificationKind.ROOM, NotificationKind.GROUP)
# Many of them in a room are one line of the inbox, while they are unread.
COLLAPSED = (NotificationKind.DIRECT, NotificationKind.MESSAGE)


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible(self) -> "NotificationQuerySet":
        """Those in rooms to which the person belongs now, and not caused by anybody whom they block; invitations that
        wait for an answer; what moderators did."""
        place = Membership.objects.filter(
            room=OuterRef("room"), user=OuterRef("user"), banned=False, room__deleted=None
        )
        return self.filter(_heard(place) | _stands_alone())

    def unread(self) -> "NotificationQuerySet":
        """Those of `visible` that the person has seen neither in the inbox nor in the room."""
        unread = Membership.objects.filter(
            room=OuterRef("room"), user=OuterRef("user"), banned=False, read_seq__lt=OuterRef("seq"), room__deleted=None
        )
        return self.filter(_heard(unread) | _stands_alone(), done=None, read=None)

    def calling(self) -> "NotificationQuerySet":
        """Those of `unread` that may ring now: the room is not muted, the level did not become too low since, and the
        message is not deleted. Of many rows, a job takes the last ones back a while after."""
        place = Membership.objects.filter(room=OuterRef("room"), user=OuterRef("user"))
        quiet = place.filter(
            MUTED_NOW | Q(level=Level.NOTHING) | Q(level="", user__in=_hear_nothing(), room__pair=None)
        )
        low = place.filter(hears_all=False)
        heard = self.unread().filter(Q(message=None) | Q(message__deleted=False)).exclude(what__in=OF_WHOLE_ROOM)
        return heard.exclude(Exists(quiet)).exclude(Exists(low), kind=NotificationKind.MESSAGE)


def _heard(place: models.QuerySet[Membership]) -> Q:
    """Of those with a message."""
    return Q(Exists(place)) & ~Q(Exists(_block_of_actor())) & ~Q(kind__in=WITHOUT_MESSAGE)


def _stands_alone() -> Q:
    """Of those without a message: an invitation that waits, of somebody who is in the room; whatever moderators did."""
    there = Membership.objects.filter(room=OuterRef("room"), user=OuterRef("inviter"), banned=False, room__deleted=None)
    asked = PersonalInvitation.objects.filter(
        Exists(there),
        room=OuterRef("room"),
        user=OuterRef("user"),
        state=InvitationState.PENDING,
        withdrawn=False,
        created__gt=timezone.now() - INVITATION_VALID_FOR,
        inviter__is_active=True,
    )
    inside = Membership.objects.exclude(BAN_HAS_ENDED).filter(room=OuterRef("room"), user=OuterRef("user"))
    waits = Q(Exists(asked)) & ~Q(Exists(inside))
    return Q(kind=NotificationKind.MODERATION) | (Q(kind=NotificationKind.INVITATION) & waits)


def _hear_nothing() -> models.QuerySet:
    return NotificationSettings.objects.filter(default_level=Level.NOTHING).values("user")


def _block_of_actor() -> models.QuerySet[Block]:
    return Block.objects.filter(user=OuterRef("user"), blocked=OuterRef("actor"))


class Notification(models.Model):
    """Something in a room, or about one, that concerns `user`.

    Where they have read up to in the room says whether they have seen it, so an inbox and a list of rooms cannot
    disagree, and whoever marks a room unread gets these back.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    room = models.ForeignKey("rooms.Room", on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey("rooms.Message", null=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=NotificationKind.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")  # the last one
    seq = models.BigIntegerField()  # the room's counter when it happened; 0: there is no message
    # Of what moderators did: a ModerationNote, and what the room was called then.
    what = models.CharField(max_length=20, blank=True, default="", db_default="", editable=False)
    title = models.CharField(max_length=MAX_TITLE, blank=True, default="", db_default="", editable=False)
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
            models.UniqueConstraint(
                fields=["user", "room"], condition=Q(kind="invitation"), name="one_notification_an_invitation"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "created"], name="notification_in_order"),
            models.Index(fields=["user", "room", "seq"], condition=Q(done=None, read=None), name="notification_unread"),
            models.Index(fields=["push_after"], condition=Q(push_after__isnull=False), name="notification_to_push"),
            models.Index(fields=["mail_after"], condition=Q(mail_after__isnull=False), name="notification_to_mail"),
            models.Index(fields=["user"], condition=Q(message=None, done=None, read=None), name="notification_alone"),
        ]

    def __str__(self):
        return f"{self.kind} for {self.user_id} in {self.room_id}"

    @property
    def sentence(self) -> str:
        """Of one without a message: what somebody did."""
        said = _("{name} invites you into {room}")
        if self.kind == NotificationKind.MODERATION:
            said = dict(ModerationNote.choices).get(self.what, _("{name} changed something in {room}"))
        return str(said).format(name=self.actor.shown_name, room=self.title or self.room.title)
