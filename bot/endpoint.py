"""Where a bot's words come from: a model at an address, spoken to in one of two dialects."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

# No other secret of the environment can be sent to a server of somebody's choice.
KEY_VARIABLE = r"^[A-Z][A-Z0-9_]*_API_KEY\Z"


class Api(models.TextChoices):
    RESPONSES = "responses", _("Responses")
    CHAT = "chat", _("Chat Completions")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a bot's words come from. Without key and address there is none: then builtin.py answers."""

    model: str
    base_url: str = ""
    api: str = Api.RESPONSES
    key: str = ""
    temperature: float | None = None
    max_tokens: int | None = None

    @property
    def configured(self) -> bool:
        return bool(self.key or self.base_url)
