"""What one answer's requests to a model use, as far as it is known at each moment.

A request counts from the moment it leaves, with an estimate: whoever stops it before the first word has had it paid
for. What the server says it counted replaces the estimate.
"""

import orjson

from ..context.fitting import estimate_tokens
from ..llm.client import ModelResponse
from ..llm.prompt import Prompt
from ..models import Run


def request_tokens(prompt: Prompt) -> int:
    """Tokens of a request with this prompt, an estimate on the high side."""
    texts = [prompt.system, *map(_turn_text, prompt.turns)]
    tools = estimate_tokens(orjson.dumps(prompt.tools).decode()) if prompt.tools else 0
    return sum(map(estimate_tokens, texts)) + tools + sum(picture.tokens for picture in prompt.pictures)


class RequestMeter:
    """Counts one question to the model, which may take several requests, in the run's `tokens_in` and `tokens_out`."""

    def __init__(self, run: Run, prompt: Prompt):
        self._run = run
        self._request = request_tokens(prompt)
        self._written = 0  # bytes heard of the request that is on its way
        self._estimated = 0  # tokens of them that are counted already

    def on_request(self, left: bool) -> None:
        """A request leaves; or the last one turns out not to have been taken."""
        self._run.tokens_in += self._request if left else -self._request
        self._written = self._estimated = 0

    def on_text(self, piece: str) -> None:
        """Count what was written, as a third of its bytes, until the server says the number of tokens."""
        self._written += len(piece.encode(errors="replace"))
        self._estimate(self._written // 3 + 1)

    def on_response(self, response: ModelResponse) -> None:
        """The answer is whole; what the server says goes before the estimates."""
        if response.tokens:
            self._run.tokens_in += response.tokens.read - self._request
            self._run.tokens_cached += response.tokens.cached
            self._estimate(response.tokens.written)
        else:
            self._estimate(
                self._estimated + sum(estimate_tokens(call.name + call.arguments) for call in response.tool_calls)
            )

    def _estimate(self, tokens: int) -> None:
        self._run.tokens_out += tokens - self._estimated
        self._estimated = tokens


def _turn_text(turn: dict) -> str:
    if said := turn.get("said"):
        return orjson.dumps(said).decode()
    return turn["output"] if "output" in turn else turn["text"]
