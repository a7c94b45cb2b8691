"""What bots were asked: each reply is one row that workers claim."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property

from rooms.kernel import notes
from rooms.models import Room

from .bot import Bot


class RunState(models.TextChoices):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


OPEN = (RunState.WAITING, RunState.RUNNING)


class Run(models.Model):
    """One reply: who asked what, who works on it until when, and afterwards the receipt."""

    shown: bool  # in the admin alone: whether this member of staff may enter its rooms

    bot = models.ForeignKey(Bot, on_delete=models.CASCADE, related_name="runs")
    room = models.ForeignKey("rooms.Room", on_delete=models.CASCADE, related_name="+")
    question = models.ForeignKey("rooms.Message", on_delete=models.CASCADE, related_name="runs")
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # The room that it reads, where that is not its own. Empty in rows from before: then it reads the question's.
    reads = models.ForeignKey("rooms.Room", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    message = models.OneToOneField("rooms.Message", on_delete=models.CASCADE, related_name="run")  # the reply

    state = models.CharField(max_length=7, choices=RunState.choices, default=RunState.WAITING)
    queued = models.DateTimeField(default=timezone.now)  # asked, or asked again
    worker = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Not empty: whoever works on it is to stop, and why. See rooms/kernel/notes.py.
    stop_note = models.CharField(max_length=120, blank=True)
    stop_note_data = models.JSONField(null=True, blank=True)

    model = models.CharField(max_length=120, blank=True)
    without = models.CharField(max_length=200, blank=True, db_default="")  # features that its server refused, in a row
    window_begin = models.BigIntegerField(default=0, db_default=0)  # id of the first message of its window
    read = models.JSONField(default=list, blank=True)  # ids of the messages that the model was given
    # Files that it was given: [{"message": id, "number", "key", "as": "picture" | "text", "pages"?}]
    files = models.JSONField(null=True, blank=True)
    tools = models.JSONField(default=list, blank=True)  # [{"name", "arguments": {…}, "found": n | "error"}]
    tokens_in = models.PositiveIntegerField(default=0)
    tokens_cached = models.PositiveIntegerField(default=0, db_default=0)  # of tokens_in: read from a provider's cache
    tokens_out = models.PositiveIntegerField(default=0)
    reserved = models.PositiveIntegerField(default=0)  # tokens, while it runs
    reserved_on = models.DateField(null=True, blank=True)  # the day (UTC) whose counters in Redis hold it
    reserved_by = models.PositiveSmallIntegerField(default=0, db_default=0)  # the attempt that reserved them
    spent = models.PositiveIntegerField(default=0)  # tokens in and out of all its answers, for the quotas
    cost = models.FloatField(null=True, blank=True)
    first_token_ms = models.PositiveIntegerField(null=True, blank=True)  # from the request to the model
    wait_ms = models.PositiveIntegerField(null=True, blank=True)  # from `queued` to the first word
    total_ms = models.PositiveIntegerField(null=True, blank=True)
    finished = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    failure = models.CharField(max_length=40, blank=True, db_default="")  # why it failed: a key of notes.NOTES
    error_detail = models.CharField(max_length=300, blank=True, db_default="")  # the server's own words, for staff
    versions = models.JSONField(default=list, blank=True)  # earlier answers, oldest first

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "bot"], name="one_answer_a_question_and_bot"),
            models.UniqueConstraint(
                fields=["room", "bot"], condition=Q(state="running"), name="one_running_reply_a_room_and_bot"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "lease_until"], name="run_to_do"),
            # Holds all that bot/usage counts, so that the rows themselves, which are long, need not be read.
            models.Index(
                fields=["queued", "bot", "room", "asker", "state", "failure", "wait_ms"], name="run_for_statistics"
            ),
        ]

    def __str__(self):
        return f"{self.bot} to #{self.question_id}: {self.state}"

    def load_stop_note(self) -> notes.Note:
        """Who stopped it, or why, for the line under the reply."""
        return notes.load(self.stop_note, self.stop_note_data)

    @property
    def is_redirected(self) -> bool:
        """Whether the answer tells of another room than the one that it stands in: the direct messages of its asker."""
        return self.room_id != self.reading_room_id

    @property
    def reading_room_id(self) -> int:
        """Of the room whose messages the bot reads.

        It is not the reply's when somebody asks in private what they missed.
        """
        return self.reads_id or self.question.room_id

    @property
    def is_asked_elsewhere(self) -> bool:
        """Whether the question stands in another room than the one that is read."""
        return self.question.room_id != self.reading_room_id

    @cached_property
    def reading_room(self) -> Room:
        """The room that the bot reads for this answer, and no other."""
        return self.reads or self.question.room

    @cached_property
    def file_names(self) -> dict[str, str]:
        """Key → name of what is in `files`: known to the worker that reads them, and not kept."""
        return {}

    @property
    def citable_files(self) -> dict[tuple[int, int], tuple[str, str]]:
        """Message and number → key and name, of `files`."""
        names = self.file_names
        return {
            (each["message"], each["number"]): (each["key"], names[each["key"]])
            for each in self.files or ()
            if each["key"] in names
        }

    @property
    def used_tokens(self) -> int:
        """Tokens that the current answer has used so far, for the quotas."""
        return self.bot.weight(self.tokens_in, self.tokens_cached, self.tokens_out)
