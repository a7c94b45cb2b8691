"""Asking a model, and what a server sends event by event."""

import json

from bot.llm import client
from bot.llm.listener import Listener
from bot.llm.prompt import Prompt
from e2e.model_server import Reply

PROMPT = Prompt("Be brief.", [{"role": "user", "text": "hi"}])


class Heard(Listener):
    def __init__(self):
        self.text, self.thoughts, self.refused = "", "", {}

    def on_text(self, piece):
        self.text += piece

    def on_thought(self, piece):
        self.thoughts += piece

    def on_retract(self):
        self.text = ""

    def on_refused(self, feature, detail, _lasting):
        self.refused[feature] = detail


async def ask(endpoint, prompt=PROMPT):
    heard = Heard()
    said = await client.stream_response(endpoint, prompt, heard)
    return heard.text, said


def stream(*events) -> Reply:
    """Exactly these events: what is no bytes, as JSON."""
    data = [event if isinstance(event, bytes) else json.dumps(event).encode() for event in events]
    return Reply(raw=b"".join(b"data: %b\n\n" % event for event in data), raw_type="text/event-stream")
