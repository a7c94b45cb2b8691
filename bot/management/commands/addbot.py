from typing import cast

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Field

from bot.llm.endpoint import ModelApi
from bot.models import Bot
from bot.provisioning import create_bot
from rooms.models import Room

_TOKENS = {
    "context_tokens": "what it may read for one answer, in tokens",
    "person_daily_tokens": "tokens that a person may use of it in a day (UTC)",
    "room_daily_tokens": "tokens that a room may use of it in a day",
    "daily_tokens": "tokens in all in a day",
}
_PRICES = {
    "price_in": "of a million tokens that it reads; with prices, receipts say what an answer cost",
    "price_out": "of a million tokens that it writes",
}


class Command(BaseCommand):
    help = "Makes a bot: a user that answers when it is mentioned, with a model of its own."

    def add_arguments(self, parser):
        parser.add_argument("handle", help="what people write after @")
        parser.add_argument("--name", help="what it is called, told to the model; the handle by default")
        parser.add_argument("--instruction", help="how it should behave, told to the model with each question")
        parser.add_argument("--model", required=True)
        parser.add_argument("--base-url", default="", help="of a server that speaks the API; OpenAI's by default")
        parser.add_argument("--api", choices=ModelApi.values, default=ModelApi.RESPONSES)
        parser.add_argument("--key-variable", default="", help="the variable that holds the key, like X_API_KEY")
        parser.add_argument("--temperature", type=float)
        parser.add_argument("--max-tokens", type=int, help="of one answer")
        parser.add_argument("--room", action="append", default=[], help="only in this room; may be repeated")
        parser.add_argument("--no-tools", action="store_true", help="it may not search the room by itself")
        self._add_limits(parser.add_argument_group("limits and prices"))

    def _add_limits(self, group):
        for name, about in _TOKENS.items():
            usual = cast(Field, Bot._meta.get_field(name)).get_default() or "BOT_CONTEXT_TOKENS"
            group.add_argument(_option(name), type=int, metavar="N", help=f"{about}; {usual} by default")
        for name, about in _PRICES.items():
            group.add_argument(_option(name), type=float, metavar="PRICE", help=about)

    def handle(self, handle, **options):
        rooms = list(Room.objects.filter(name__in=options["room"]))
        missing = set(options["room"]) - {room.name for room in rooms}
        if missing:
            raise CommandError(f"There is no room called {', '.join(sorted(missing))}.")
        try:
            bot = create_bot(handle, **_fields(options))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        bot.rooms.set(rooms)
        self.stdout.write(f"{bot} is there. Try it: manage.py checkbot {handle}")


def _option(name: str) -> str:
    return "--" + name.replace("_", "-")


def _fields(options: dict) -> dict:
    names = [field.name for field in Bot._meta.fields if field.name in options]
    return {name: options[name] for name in names if options[name] is not None} | {"tools": not options["no_tools"]}
