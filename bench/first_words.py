"""The bot in a full room with a real model: how much of a question comes from its cache, and when the first word comes.

The first question is read whole; those after it as far as their prompts differ from the one before.
"""

from testing.real_models.packages import LLAMA
from testing.real_models.servers import LlamaServer

from .bot import Heard
from .crowd import Crowd
from .dialects import Chat
from .report import Table
from .servers import Roundtable

MESSAGES = 400
QUESTIONS = 4
CONTEXT = 8192  # tokens; the default of BOT_CONTEXT_TOKENS fits into it
PATIENCE = 300.0  # seconds for one answer


def tables(options):
    table = Table(
        f"Questions in a full room: {LLAMA.what}",
        ["", "tokens read", "from the cache", "%", "first word after s", "part of the first"],
    )
    if LLAMA.find():
        for number, run in enumerate(runs := _ask(options), 1):
            times = [run["first_token_ms"] / 1000, run["first_token_ms"] / runs[0]["first_token_ms"]]
            share = 100 * run["tokens_cached"] / run["tokens_in"]
            table.add(f"question {number}", run["tokens_in"], run["tokens_cached"], share, *times)
    else:
        table.notes.append("left out: it is not installed; bin/test realmodels does that")
    yield table


def _ask(options) -> list[dict]:
    with LlamaServer(CONTEXT) as model:
        settings = {"OPENAI_BASE_URL": model.base_url, "OPENAI_API_KEY": model.key, "OPENAI_MODEL": model.model}
        settings |= {"OPENAI_API": "chat", "BOT_WORKERS": 1, "BOT_ANSWER_TOKENS": 16}
        with Roundtable(options.folder / "first_words", **settings) as server:
            [session] = server.inside("people", count=1, rooms=["full"])
            server.inside("history", room="full", count=MESSAGES)
            with Crowd(Chat(), server.port) as crowd:
                crowd.open([crowd.dialect.place("full", session)])
                crowd.settle(1)
                for number in range(QUESTIONS):
                    _ask_one(crowd, f"@bot When do we look at figure {number}?")
            return server.inside("replies", room="full")


def _ask_one(crowd: Crowd, question: str) -> None:
    heard = Heard(crowd, patience=PATIENCE)
    crowd.clients[0].send(crowd.dialect.post(question))
    heard.until(1)
    if heard.failed:
        raise RuntimeError("a reply failed")
