"""A bot: what people see of it, which model it asks, what it may use, and what that costs."""

import math
import os
import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.plain_text import clean, clean_line
from common.web_addresses import is_valid_url
from site_settings import current

from ..llm.endpoint import KEY_VARIABLE, ModelApi, ModelEndpoint


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
        """The model that is asked, with this row's limits: its own, or the one of the server's settings."""
        if self.from_environment:
            names = ("OPENAI_MODEL", "OPENAI_BASE_URL", "OPENAI_API", "OPENAI_API_KEY")
            model, address, api, key = current.together(*names)
        else:
            model, address, api, key = self.model, self.base_url, self.api, self._key()
        longest = self.max_tokens or settings.BOT_ANSWER_TOKENS or None
        patience = self.patience or settings.BOT_PATIENCE
        return ModelEndpoint(model, address, api, key, self.temperature, longest, patience)

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
