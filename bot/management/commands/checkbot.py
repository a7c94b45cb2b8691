import asyncio
import os
import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from bot.llm import client
from bot.llm.endpoint import OPENAI_URL, ModelEndpoint
from bot.llm.errors import ModelError
from bot.llm.listener import Listener
from bot.llm.prompt import Prompt
from bot.models import Bot
from bot.provisioning import ensure_default_bot

QUESTION = "Answer with the single word: ready"


class Command(BaseCommand):
    help = "Asks a bot's model one question and says what works, what does not, and why."

    def add_arguments(self, parser):
        parser.add_argument("handle", nargs="?", help="the bot; the one from the environment by default")

    def handle(self, handle, **options):
        ensure_default_bot()
        bot = Bot.objects.select_related("user").filter(user__username__iexact=handle or settings.BOT_NAME).first()
        if bot is None:
            raise CommandError(f"There is no bot called {handle or settings.BOT_NAME}; addbot makes one.")
        endpoint = bot.endpoint
        self.stdout.write(f"{bot}: {'enabled' if bot.enabled else 'switched off'}, {_described(endpoint)}")
        self._check_key(bot, endpoint)
        if not endpoint.configured:
            raise CommandError(
                "No model is connected, so it answers without one. Set OPENAI_API_KEY or OPENAI_BASE_URL."
            )
        asyncio.run(self._ask(endpoint))

    def _check_key(self, bot: Bot, endpoint: ModelEndpoint) -> None:
        if bot.key_variable and not os.environ.get(bot.key_variable):
            self.stdout.write(self.style.WARNING(f"The variable {bot.key_variable} is not set."))
        elif not endpoint.key:
            self.stdout.write("It sends no key, which is right for servers of your own.")

    async def _ask(self, endpoint: ModelEndpoint) -> None:
        began = time.monotonic()
        heard = _Heard()
        prompt = Prompt("You check a connection.", [{"role": "user", "text": QUESTION}])
        try:
            response = await client.stream_response(endpoint, prompt, heard)
        except ModelError as error:
            raise CommandError(f"It does not work: {error.sentence}{_cause(error)}") from None
        if not heard.text:
            raise CommandError("The model was reached, but it said nothing.")
        self.stdout.write(f"It answers: {heard.text.strip()[:200]!r}")
        self.stdout.write(
            f"First words after {heard.first - began:.2f} s, all of it after {time.monotonic() - began:.2f} s."
        )
        counted = (
            f"{response.tokens[0]} tokens in, {response.tokens[1]} out"
            if response.tokens
            else "the server does not count"
        )
        self.stdout.write(self.style.SUCCESS(f"It works ({counted})."))


class _Heard(Listener):
    """first: when the first words came; a monotonic time."""

    def __init__(self) -> None:
        self.text, self.first = "", 0.0

    def on_text(self, piece: str) -> None:
        self.first = self.first or time.monotonic()
        self.text += piece


def _described(endpoint: ModelEndpoint) -> str:
    where = endpoint.base_url or OPENAI_URL
    return f"model {endpoint.model!r} at {where}, {endpoint.api} API"


def _cause(error: BaseException) -> str:
    """What was the matter in the first place, e.g. "Name or service not known": the package says less."""
    first = error
    while first.__cause__:
        first = first.__cause__
    return f" ({first})" if first is not error else ""
