"""What works with a model and what does not, tried step by step as a bot would use it."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from . import client
from .endpoint import ModelEndpoint
from .errors import ModelError
from .findings import OPTIONAL as OPTIONAL
from .findings import STEPS as STEPS
from .findings import hint_of, sentence_of
from .listener import Listener
from .prompt import Picture, Prompt
from .sample_picture import draw_halves

SYSTEM = "You check a connection. Answer with as few words as you can."
ANSWER_TOKENS = 500  # of each step; models that think need some
FEW_WRITTEN, FEW_READ = 10, 500  # tokens
PLANTED = "marigold"
TOOL = {
    "name": "room_temperature",
    "description": "The temperature in a room, in degrees Celsius.",
    "parameters": {
        "type": "object", "properties": {"room": {"type": "string"}}, "required": ["room"],
        "additionalProperties": False,
    },
}  # fmt: skip
TEMPERATURE = "37"
LEFT, RIGHT = "yellow", "blue"  # halves of a picture


@dataclass(slots=True)
class CheckResult:
    """The result of one of STEPS. left_out: features that the server refused, with its words for each."""

    step: str
    passed: bool = False
    said: str = ""
    finding: str = ""  # one of FINDINGS
    error: ModelError | None = None
    detail: str = ""  # of an error: the server's words, or the first cause
    left_out: dict[str, str] = field(default_factory=dict)
    first_seconds: float | None = None
    seconds: float = 0.0
    tokens_read: int | None = None  # None: the server does not count
    tokens_written: int | None = None

    @property
    def reason(self) -> str:
        """Why it failed: one of FINDINGS or FAILURES; empty when it passed."""
        return self.error.reason if self.error else self.finding

    @property
    def params(self) -> dict[str, Any]:
        return self.error.params if self.error else {}

    @property
    def sentence(self) -> str:
        """Why it failed, in the active language."""
        return sentence_of(self.reason, self.params)

    @property
    def hint(self) -> str:
        return hint_of(self.reason)

    def fail(self, finding: str) -> None:
        """Mark the check as failed. finding: what was wrong; its sentence is in findings.py."""
        self.passed, self.finding = False, finding

    @property
    def tokens_per_second(self) -> float | None:
        """At which it writes; None for so few that chance decides."""
        if self.first_seconds is None or (self.tokens_written or 0) < FEW_WRITTEN or self.seconds <= self.first_seconds:
            return None
        return (self.tokens_written or 0) / (self.seconds - self.first_seconds)

    @property
    def tokens_read_per_second(self) -> float | None:
        """Likewise, at which it reads; what it has in its cache makes it faster."""
        if not self.first_seconds or (self.tokens_read or 0) < FEW_READ:
            return None
        return (self.tokens_read or 0) / self.first_seconds


async def run_checks(endpoint: ModelEndpoint, filler: str) -> AsyncIterator[CheckResult]:
    """Try each step; after one that says that nothing works, no other. filler: text as long as a full window."""
    ready = Prompt(SYSTEM, [_asked("Answer with the single word: ready")])
    for step, chosen in (("plain", endpoint.without("stream")), ("stream", endpoint)):
        result, _response = await _ask(step, chosen, ready)
        if result.passed and not result.said:
            result.fail("nothing_said")
        yield result
        if not result.passed:
            return
    yield await _check_tools(endpoint)
    yield await _check_window(endpoint, filler)
    yield await _check_image(endpoint)


async def _check_tools(endpoint: ModelEndpoint) -> CheckResult:
    """Whether it takes tools, calls one, and reads its result."""
    question = _asked("How warm is the kitchen? Find out with the tool, then answer with the number.")
    result, response = await _ask("tools", endpoint, Prompt(SYSTEM, [question], [TOOL]))
    if not result.passed or not response:
        return result
    if "tools" in result.left_out:
        result.fail("no_tools")
    elif not response.tool_calls:
        result.fail("not_called")
    else:
        results = [{"result": call, "output": f'{{"celsius": {TEMPERATURE}}}'} for call in response.tool_calls]
        again = Prompt(SYSTEM, [question, {"said": response.said}, *results], [TOOL])
        result, _response = await _ask("tools", endpoint, again)
        if result.passed and TEMPERATURE not in result.said:
            result.fail("not_read")
    return result


async def _check_window(endpoint: ModelEndpoint, filler: str) -> CheckResult:
    """Whether it reads all of a full window: a word stands at its very beginning."""
    question = "Which flower did I name at the very beginning? Answer with its name alone."
    text = f"The flower is called {PLANTED}.\n\n{filler}\n\n{question}"
    result, _response = await _ask("full window", endpoint, Prompt(SYSTEM, [_asked(text)]))
    if result.passed and PLANTED not in result.said.lower():
        result.fail("not_remembered")
    return result


async def _check_image(endpoint: ModelEndpoint) -> CheckResult:
    """Whether it sees: a picture has two halves of different colours. A guess at both in order is unlikely."""
    text = "The picture has a left and a right half. Which colour is the left one, and which is the right one?"
    picture = Picture(draw_halves((255, 220, 0), (0, 60, 220)))
    result, _response = await _ask("image", endpoint, Prompt(SYSTEM, [_asked(text)], pictures=[picture]))
    said = result.said.lower()
    if "images" in result.left_out:
        result.fail("no_images")
    elif result.passed and not 0 <= said.find(LEFT) < said.find(RIGHT):
        result.fail("not_seen")
    return result


async def _ask(
    step: str, endpoint: ModelEndpoint, prompt: Prompt
) -> tuple[CheckResult, client.ModelResponse | None]:  # fmt: skip
    result, heard, began = CheckResult(step), _Heard(), time.monotonic()
    response = None
    try:
        response = await client.stream_response(endpoint, prompt, heard)
        result.passed = True
        if response.tokens:
            result.tokens_read, result.tokens_written = response.tokens[:2]
    except ModelError as error:
        result.error, result.detail = error, error.detail or _first_cause(error)
    result.said, result.left_out, result.seconds = heard.text.strip(), heard.left_out, time.monotonic() - began
    result.first_seconds = heard.first and heard.first - began
    return result, response


def _asked(text: str) -> dict:
    return {"role": "user", "text": text}


def _first_cause(error: BaseException) -> str:
    """What was the matter in the first place, e.g. "Name or service not known": the package says less."""
    first = error
    while first.__cause__:
        first = first.__cause__
    return str(first) if first is not error else ""


class _Heard(Listener):
    """first: when the first words or thoughts came; a monotonic time."""

    def __init__(self) -> None:
        self.text = ""
        self.first: float | None = None
        self.left_out: dict[str, str] = {}

    def on_text(self, piece: str) -> None:
        self.first = self.first or time.monotonic()
        self.text += piece

    def on_thought(self, _piece: str) -> None:
        self.first = self.first or time.monotonic()

    def on_retract(self) -> None:
        self.text = ""

    def on_refused(self, feature: str, detail: str, _lasting: bool) -> None:
        self.left_out[feature] = detail
