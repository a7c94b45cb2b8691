"""What chat is made of: rooms, who belongs to them, messages, reactions. Constraints and queries, no side effects."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..kernel.slugs import MAX_TITLE
from .bans import BANNED_NOW
from .contacts import Block
from .levels import Level
from .permitted import Permitted
from .posting_limits import PostingLimits
from .reactions import Reaction


class RoomKind(models.TextChoices):
    PUBLIC = "public", _("public")
    PRIVATE = "private", _("private")
    DIRECT = "direct", _("direct")


class RoomQuerySet(models.QuerySet["Room"]):
    def standing(self) -> "RoomQuerySet":
        """Those that are not deleted."""
        return self.filter(deleted=None)

    def visible_to(self, user_id: int) -> "RoomQuerySet":
        """The rooms that exist for this person: public ones, and those they belong to; none they are banned from."""
        mine = Membership.objects.filter(room=models.OuterRef("pk"), user_id=user_id)
        may_join = Q(kind=RoomKind.PUBLIC) & ~models.Exists(mine.filter(BANNED_NOW))
        return self.standing().filter(may_join | models.Exists(mine.filter(banned=False)))

    def of(self, user_id: int) -> "RoomQuerySet":
        """The rooms this person belongs to."""
        return self.standing().filter(memberships__user_id=user_id, memberships__banned=False)

    def listed_for(self, user_id: int) -> "RoomQuerySet":
        """Those that this person hears of: without direct messages with somebody whom they block."""
        silenced = Block.objects.filter(user_id=user_id, blocked__memberships__room=models.OuterRef("pk"))
        return self.of(user_id).exclude(models.Exists(silenced), kind=RoomKind.DIRECT)


class Room(PostingLimits):
    name = models.SlugField(max_length=80, unique=True)  # in URLs, on the wire and in groups
    title = models.CharField(_("name"), max_length=MAX_TITLE)  # what people see and type
    kind = models.CharField(max_length=8, choices=RoomKind.choices, default=RoomKind.PUBLIC)
    topic = models.CharField(_("topic"), max_length=200, blank=True)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    # It can be read, but nobody can write in it. Named "closed" in the database and on the wire, for earlier versions.
    archived = models.BooleanField(_("archived"), db_column="closed", default=False, db_default=False)
    # The number of the last change. Taken under this row's lock, so commit order is number order.
    seq = models.BigIntegerField(default=0)
    # Names its picture as it is now, in its address; empty: it has none. See services/pictures.py.
    picture = models.CharField(max_length=16, blank=True, default="", db_default="", editable=False)
    pair = models.CharField(max_length=41, unique=True, null=True, blank=True, editable=False)  # noqa: DJ001
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(default=timezone.now)
    active = models.DateTimeField(default=timezone.now)  # of the last message
    # When; it is there for nobody then, and can be restored for a while. See services/deletion.py.
    deleted = models.DateTimeField(_("deleted"), null=True, blank=True, editable=False)

    # After so many days its files are removed; 0: when the server says so. See services/file_retention.py.
    files_days = models.PositiveSmallIntegerField(_("days that files are kept"), default=0, db_default=0)
    # Who may invite people, and who may use @room. See kernel/rights.py.
    inviters = models.CharField(max_length=10, choices=Permitted, default="members", db_default="members")
    callers = models.CharField(max_length=10, choices=Permitted, default="moderators", db_default="moderators")

    block_version = models.PositiveIntegerField(default=0, db_default=0, editable=False)  # of its BlockList; 0: none

    calls_all: bool  # of rows locked with services.sql.lock_rooms: whether somebody wants to hear everything
    calls_words: bool  # … and has words that call
    server_block_version: int | None  # … the version of the server's BlockList, if there is one

    objects = RoomQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["deleted"], condition=Q(deleted__isnull=False), name="room_deleted"),
            models.Index(fields=["id"], condition=Q(files_days__gt=0), name="room_removes_files"),
        ]

    def __str__(self):
        return self.title

    @property
    def is_direct(self) -> bool:
        return self.kind == RoomKind.DIRECT

    @property
    def avatar(self) -> str:
        """The address of its picture; empty: it has none."""
        return f"/avatars/rooms/{self.name}/{self.picture}.webp" if self.picture else ""

    def next_seq(self) -> int:
        """The number for one more change. Only for a holder of the row's lock, who saves it."""
        self.seq += 1
        return self.seq


class Role(models.TextChoices):
    READER = "reader", _("read-only")
    MEMBER = "member", _("member")
    MODERATOR = "moderator", _("moderator")
    OWNER = "owner", _("owner")


class Membership(models.Model):
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=9, choices=Role.choices, default=Role.MEMBER)
    banned = models.BooleanField(default=False)  # in whatever asks who belongs there; who may come: `is_banned`
    banned_until = models.DateTimeField(null=True, blank=True)  # None: until somebody lifts the ban
    # What of the room calls for this person; empty: as they have it in rooms for which they chose nothing.
    level = models.CharField(max_length=8, choices=Level.choices, blank=True, default="", db_default="")
    # That it comes to ALL, so that posting need not work that out of everybody; see services/levels.py.
    hears_all = models.BooleanField(default=False, db_default=False, editable=False)
    hears_words = models.BooleanField(default=False, db_default=False, editable=False)  # see services/keywords.py
    muted = models.BooleanField(default=False)
    muted_until = models.DateTimeField(null=True, blank=True)  # None: until they say otherwise
    starred = models.BooleanField(default=False, db_default=False)
    position = models.PositiveSmallIntegerField(default=0, db_default=0)  # in their list, from 1; 0: after those
    read_seq = models.BigIntegerField(default=0)  # read up to this change; goes back by `unread` alone
    mention_seq = models.BigIntegerField(default=0)  # first_seq of the last message that mentions this person
    joined = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "user"], name="one_membership_a_person")]
        # Few rows in most rooms; each post asks whether there are any.
        indexes = [
            models.Index(fields=["room"], condition=Q(hears_all=True), name="membership_hears_all"),
            models.Index(fields=["room"], condition=Q(hears_words=True), name="membership_hears_words"),
        ]

    def __str__(self):
        return f"{self.user} in {self.room}"

    @property
    def is_banned(self) -> bool:
        """Whether it keeps the person out now. See `BANNED_NOW` for the same in queries."""
        return self.banned and (self.banned_until is None or self.banned_until > timezone.now())

    @property
    def is_muted(self) -> bool:
        """Whether it is muted now. See `MUTED_NOW` for the same in queries."""
        return self.muted and (self.muted_until is None or self.muted_until > timezone.now())

    @property
    def is_quiet(self) -> bool:
        return self.is_muted or self.level == Level.NOTHING


class MessageKind(models.TextChoices):
    HUMAN = "human"
    BOT = "bot"
    NOTICE = "notice"


class MessageState(models.TextChoices):
    COMPLETE = "complete"
    QUEUED = "queued"
    STREAMING = "streaming"
    STOPPED = "stopped"
    FAILED = "failed"


UNFINISHED = (MessageState.QUEUED, MessageState.STREAMING)


class MessageQuerySet(models.QuerySet["Message"]):
    def unfinished(self) -> "MessageQuerySet":
        """Bot replies that wait or are being written."""
        # The values stand in the SQL: with parameters SQLite cannot know that the partial index fits.
        states = ", ".join(f"'{state.value}'" for state in UNFINISHED)
        return self.filter(RawSQL(f"rooms_message.state IN ({states})", (), output_field=models.BooleanField()))

    def for_wire(self) -> "MessageQuerySet":
        """With all that the `message` event names, in a fixed number of queries; reactions are in `reacted`."""
        # A list: Django would make a query set of reactions for each message, at a fifth of the whole cost.
        reactions = models.Prefetch("reactions", to_attr="reacted")
        return self.select_related("room", "sender", "reply_to__sender").prefetch_related(reactions)


class Message(models.Model):
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="messages")
    seq = models.BigIntegerField()  # the room's counter at the last change of this message
    first_seq = models.BigIntegerField()  # … and when it was posted
    kind = models.CharField(max_length=6, choices=MessageKind.choices, default=MessageKind.HUMAN)
    state = models.CharField(max_length=9, choices=MessageState.choices, default=MessageState.COMPLETE)
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="messages")
    text = models.TextField(blank=True)
    # Its words for the search index (see search_terms.index_text), once it is finished; None: the text itself has them.
    search_text = models.TextField(null=True, editable=False)  # noqa: DJ001
    html = models.TextField(blank=True)  # made from text and sanitised when it was written
    notice = models.JSONField(null=True, blank=True)  # what somebody did, see kernel/notices.py; None: the text says it
    # Said by the program: why it failed, what was searched. See kernel/notes.py; the text is in the server's language.
    note = models.CharField(max_length=300, blank=True)
    note_data = models.JSONField(null=True, blank=True)
    earlier_answers = models.PositiveSmallIntegerField(null=True, blank=True)  # of a bot that was asked again: how many
    client_id = models.UUIDField(null=True, blank=True)
    reply_to = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replies")
    mentions = models.JSONField(default=list, blank=True)  # ids of the people and bots it names
    # Whom it calls by one name, see services/calls.py: a list of "here", "room" and names of groups; None: nobody.
    audience = models.JSONField(null=True, blank=True, editable=False)
    created = models.DateTimeField(default=timezone.now)
    edited = models.DateTimeField(null=True, blank=True)
    deleted = models.BooleanField(default=False)
    # What is sent with it, as the wire has it but for the addresses; None: nothing. Their rows (see attachment.py) say
    # who may have the bytes; here they cost no query.
    files = models.JSONField(null=True, blank=True)
    pinned = models.DateTimeField(null=True, blank=True)  # since when; a deleted one counts as none
    # None: not pinned, or by an account that was erased. The index below is enough.
    pinned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    reacted: "list[Reaction]"  # of rows loaded with `for_wire`

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "seq"], name="one_change_a_number"),
            models.UniqueConstraint(fields=["sender", "client_id"], name="one_message_a_client_id"),
        ]
        indexes = [
            models.Index(fields=["room", "id"], name="message_in_order"),
            models.Index(fields=["room", "first_seq"], name="message_unread"),
            # Few rows at any time, so whoever opens a room does not look through its history for them.
            models.Index(fields=["room"], condition=Q(state__in=["queued", "streaming"]), name="message_unfinished"),
            # Few rows, too.
            models.Index(fields=["room", "pinned"], condition=Q(pinned__isnull=False), name="message_pinned"),
            # Few rows, too: how often a room was called lately.
            models.Index(fields=["room", "created"], condition=Q(audience__isnull=False), name="message_calls"),
            models.Index(fields=["pinned_by"], condition=Q(pinned_by__isnull=False), name="message_pinned_by"),
        ]

    def __str__(self):
        return f"#{self.pk} in {self.room_id}"

    @property
    def finished(self) -> bool:
        return self.state not in UNFINISHED

    def set_text(self, text: str, search_text: str | None) -> None:
        """Change the text, and its words (search_terms.index_text) with it. Save both."""
        # The index takes words that do not change with a text for those of the text before.
        again = search_text is not None and search_text == self.search_text
        self.text, self.search_text = text, f"{search_text} " if again else search_text
