"""A failure of a model: a reason, and what its program has to know of it."""

from typing import Any

from rooms.kernel.notes import Note, note

from ..reasons import FAILURES


class ModelError(Exception):
    """The model gave no whole answer.

    reason: a key of FAILURES (bot/reasons.py); params: what its sentence names.
    retryable: trying at once may help. retry_after: seconds after which it may, if the server said so.
    is_outage: the server is down, as opposed to answering that it will not.
    detail: the server's own words, for its administrators; see failures.py.
    refused: the part of the request that the server does not take; see features.py. lasting: nor in any other request.
    context_tokens: how much the model can read, when the server refused a longer request and said so.
    """

    def __init__(
        self,
        reason: str,
        *,
        retryable: bool = False,
        retry_after: float | None = None,
        is_outage: bool = False,
        detail: str = "",
        refused: str | None = None,
        lasting: bool = True,
        context_tokens: int | None = None,
        **params: Any,
    ):
        FAILURES[reason].check(reason, params)
        super().__init__(reason)
        self.reason, self.params = reason, params
        self.retryable, self.retry_after, self.is_outage = retryable, retry_after, is_outage
        self.detail, self.refused, self.lasting, self.context_tokens = detail, refused, lasting, context_tokens

    @property
    def sentence(self) -> str:
        """In the active language."""
        return FAILURES[self.reason].text(self.params)

    @property
    def note(self) -> Note:
        """What the room is told."""
        return note(self.reason, **self.params)

    def __str__(self) -> str:
        return self.sentence


def timeout_error(seconds: float, begun: bool) -> ModelError:
    """The server sent no byte for so long. begun: some of the answer had come before."""
    return ModelError("model_silent" if begun else "model_late", is_outage=True, seconds=f"{seconds:g}")
