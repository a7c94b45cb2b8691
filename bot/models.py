"""Bots, and what they were asked: each reply is one Run, a row that workers claim."""

import math
import os
import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.plain_text import clean, clean_line
from rooms.kernel import notes
from rooms.models import Room

from .llm.endpoint import KEY_VARIABLE, ModelApi, ModelEndpoint, is_valid_url


class Bot(models.Model):
    """A persona. It signs with a user of its own, so it is named, mentioned and answered like everyone."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="bot")
    name = models.CharField(_("name"), max_length=60, blank=True)
    enabled = models.BooleanField(_("enabled"), default=True)
    from_environment = models.BooleanField(
        _("from the environment"), default=False, help_text=_("Model, address and key come from the OPENAI_* settings.")
    )
    instruction = models.TextField(_("instruction"), max_length=8000, blank=True)
    description = models.TextField(
        _("description"), max_length=500, blank=True, default="", db_default="",
        help_text=_("Shown to everyone on the bot's page: what it is for, and how it was told to behave."),
    )  # fmt: skip
    examples = models.TextField(
        _("example prompts"), max_length=1000, blank=True, default="", db_default="",
        help_text=_("What people could ask it, one a line; the first four are shown. Empty: those of this program."),
    )  # fmt: skip
    model = models.CharField(_("model"), max_length=120, blank=True)
    base_url = models.CharField(
        _("address of the model's server"), max_length=200, blank=True,
        validators=[RegexValidator(r"^https?://[^\s/]+\S*\Z", _("Write an address like http://host:11434/v1."))],
    )  # fmt: skip
    api = models.CharField(_("kind of API"), max_length=9, choices=ModelApi.choices, default=ModelApi.RESPONSES)
    key_variable = models.CharField(
        _("environment variable with the key"), max_length=80, blank=True,
        validators=[RegexValidator(KEY_VARIABLE, _("Name a variable that ends in _API_KEY; do not write the key."))],
    )  # fmt: skip
    temperature = models.FloatField(
        _("temperature"), null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(2)]
    )
    max_tokens = models.PositiveIntegerField(_("longest answer, in tokens"), null=True, blank=True)
    patience = models.PositiveIntegerField(
        _("patience, in seconds"), null=True, blank=True, validators=[MinValueValidator(1)],
        help_text=_("How long its server may send nothing. Empty: BOT_PATIENCE."),
    )  # fmt: skip
    context_tokens = models.PositiveIntegerField(_("budget for what it reads, in tokens"), null=True, blank=True)
    tools = models.BooleanField(_("may search the room"), default=True)
    person_daily_tokens = models.PositiveIntegerField(_("tokens a person a day"), default=200_000)
    room_daily_tokens = models.PositiveIntegerField(_("tokens a room a day"), default=1_000_000)
    daily_tokens = models.PositiveIntegerField(_("tokens in all a day"), default=5_000_000)
    monthly_tokens = models.PositiveIntegerField(
        _("tokens in all a month"), null=True, blank=True, help_text=_("Empty: no limit but that of the server.")
    )
    price_in = models.FloatField(_("price of a million tokens read"), null=True, blank=True)
    price_cached = models.FloatField(
        _("price of a million tokens read from the provider's cache"), null=True, blank=True,
        help_text=_("Empty: the same as others that are read."),
    )  # fmt: skip
    price_out = models.FloatField(_("price of a million tokens written"), null=True, blank=True)
    rooms = models.ManyToManyField("rooms.Room", blank=True, verbose_name=_("only in these rooms"), related_name="+")
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["from_environment"], condition=Q(from_environment=True), name="one_bot_from_the_environment"
            )
        ]

    def __str__(self):
        return f"@{self.user.username}"

    def clean(self):
        self.name, self.instruction = clean_line(self.name), clean(self.instruction)
        self.description, self.examples = clean(self.description), clean(self.examples)
        is_web = self.base_url.startswith(("http://", "https://"))  # else its validator has said so
        if is_web and not self.from_environment and not is_valid_url(self.base_url):
            raise ValidationError({"base_url": _("This is not a valid server address. Check the host name and port.")})
        for name in ("temperature", "price_in", "price_cached", "price_out"):
            if (value := getattr(self, name)) is not None and not (math.isfinite(value) and value >= 0):
                raise ValidationError({name: _("Enter a number that is not negative.")})

    @property
    def endpoint(self) -> ModelEndpoint:
        if self.from_environment:
            where = (settings.OPENAI_MODEL, settings.OPENAI_BASE_URL, settings.OPENAI_API, settings.OPENAI_API_KEY)
        else:
            where = (self.model, self.base_url, self.api, self._key())
        longest = self.max_tokens or settings.BOT_ANSWER_TOKENS or None
        return ModelEndpoint(*where, self.temperature, longest, self.patience or settings.BOT_PATIENCE)

    def _key(self) -> str:
        allowed = re.match(KEY_VARIABLE, self.key_variable)
        return os.environ.get(self.key_variable, "").strip() if allowed else ""

    def cost(self, tokens_in: int, tokens_cached: int, tokens_out: int) -> float | None:
        """What so many tokens cost, when prices are set. Those from the provider's cache are among `tokens_in`."""
        if self.price_in is None and self.price_out is None:
            return None
        price_in = self.price_in or 0
        price_cached = price_in if self.price_cached is None else self.price_cached
        read = (tokens_in - tokens_cached) * price_in + tokens_cached * price_cached
        return (read + tokens_out * (self.price_out or 0)) / 1_000_000

    def weight(self, tokens_in: int, tokens_cached: int, tokens_out: int) -> int:
        """The same for quotas, in tokens: one from the cache counts as what it costs beside the others."""
        share = self.price_cached / self.price_in if self.price_in and self.price_cached is not None else 1
        return tokens_in - tokens_cached + math.ceil(tokens_cached * min(1, share)) + tokens_out


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
        return notes.load(self.stop_note, self.stop_note_data)

    @property
    def is_redirected(self) -> bool:
        """Whether the answer tells of another room than the one that it stands in: the direct messages of its asker."""
        return self.room_id != self.reading_room_id

    @property
    def reading_room_id(self) -> int:
        return self.reads_id or self.question.room_id

    @property
    def is_asked_elsewhere(self) -> bool:
        """Whether the question stands in another room than the one that is read."""
        return self.question.room_id != self.reading_room_id

    @cached_property
    def reading_room(self) -> Room:
        """The room that the bot reads for this answer, and no other."""
        return self.reads or self.question.room

    @property
    def used_tokens(self) -> int:
        """Tokens that the current answer has used so far, for the quotas."""
        return self.bot.weight(self.tokens_in, self.tokens_cached, self.tokens_out)


class Feedback(models.Model):
    """What somebody thinks of an answer."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="feedback")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    is_good = models.BooleanField()
    reason = models.CharField(max_length=300, blank=True)
    given = models.DateTimeField(default=timezone.now)  # before `run.queued`: of an earlier answer

    class Meta:
        verbose_name = verbose_name_plural = _("feedback on answers")
        constraints = [models.UniqueConstraint(fields=["run", "user"], name="one_feedback_a_person")]
        indexes = [models.Index(fields=["given"], name="feedback_of_the_day")]

    def __str__(self):
        return f"{self.user} on {self.run}: {'good' if self.is_good else 'bad'}"


class EndpointTrait(models.Model):
    """What was found out about a model at a server: a feature that it refuses, how much it can read, and how fast."""

    CONTEXT_TOKENS = "context_tokens"
    READING_SPEED = "reading_speed"

    base_url = models.CharField(_("address of the model's server"), max_length=200, blank=True)
    api = models.CharField(_("kind of API"), max_length=9, choices=ModelApi.choices)
    model = models.CharField(_("model"), max_length=120)
    name = models.CharField(_("feature"), max_length=40)  # one of llm/features.py, which is refused; or of the above
    value = models.PositiveIntegerField(_("tokens"), null=True, blank=True)  # of reading_speed: a second
    reason = models.CharField(_("reason"), max_length=300, blank=True)  # in the server's words
    learned = models.DateTimeField(_("learned"), default=timezone.now)

    class Meta:
        verbose_name = _("limit of a model server")
        verbose_name_plural = _("limits of model servers")
        constraints = [
            models.UniqueConstraint(fields=["base_url", "api", "model", "name"], name="one_trait_of_an_endpoint")
        ]

    def __str__(self):
        return f"{self.model}: {self.name}"


class Usage(models.Model):
    """How many tokens a bot used in one day (UTC), in a room, for a person. What they cost decides how they count."""

    day = models.DateField()
    bot = models.ForeignKey(Bot, on_delete=models.CASCADE, related_name="usage")
    # What was used stays used when the room or the account is deleted.
    room = models.ForeignKey("rooms.Room", null=True, on_delete=models.SET_NULL, related_name="+")
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    tokens = models.BigIntegerField(default=0)  # as quotas count them, see Bot.weight
    tokens_in = models.BigIntegerField(default=0, db_default=0)
    tokens_cached = models.BigIntegerField(default=0, db_default=0)  # of tokens_in
    tokens_out = models.BigIntegerField(default=0, db_default=0)
    cost = models.FloatField(null=True)  # None: no price was set

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "bot", "room", "asker"], name="one_usage_a_day")]

    def __str__(self):
        return f"{self.bot} on {self.day}: {self.tokens}"
