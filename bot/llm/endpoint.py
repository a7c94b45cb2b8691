"""Where a bot's words come from: a model at an address, spoken to in one of two dialects."""

from dataclasses import dataclass, replace

from django.db import models
from django.utils.translation import gettext_lazy as _

# No other secret of the environment can be sent to a server of somebody's choice.
KEY_VARIABLE = r"^[A-Z][A-Z0-9_]*_API_KEY\Z"

OPENAI_URL = "https://api.openai.com/v1"  # where no address is given


class ModelApi(models.TextChoices):
    RESPONSES = "responses", _("Responses")
    CHAT = "chat", _("Chat Completions")


@dataclass(frozen=True, slots=True)
class ModelEndpoint:
    """Where a bot's words come from. Without key and address there is none: then builtin.py answers."""

    model: str
    base_url: str = ""
    api: str = ModelApi.RESPONSES
    key: str = ""
    temperature: float | None = None
    max_tokens: int | None = None
    patience: float = 120.0  # seconds without a byte from the server after which it is given up
    refused: frozenset[str] = frozenset()  # parts of a request that the server is known not to take, see features.py
    context_tokens: int | None = None  # how many it is known to read at most, its answer among them

    def without(self, feature: str) -> "ModelEndpoint":
        """A copy that is not asked for this feature (features.py)."""
        return replace(self, refused=self.refused | {feature})

    @property
    def configured(self) -> bool:
        """Whether there is a model to ask. Otherwise bots answer by rules."""
        return bool(self.key or self.base_url)


def is_valid_key(key: str) -> bool:
    """Whether it can be sent: a line break in it would begin another header."""
    return key.isascii() and (key.isprintable() or not key)
