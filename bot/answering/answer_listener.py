"""What becomes of what a model says: text goes to the room, and each request is counted."""

from ..llm.breaker import Breaker
from ..llm.listener import Listener
from .envelope_filter import EnvelopeFilter
from .progress import Progress
from .reply_stream import ReplyStream
from .request_meter import RequestMeter
from .thought_stream import ThoughtStream


class AnswerListener(Listener):
    """Hears one request of one answer.

    refused: feature → why, for what the server turned out not to take; None for what it did not take this time.
    """

    def __init__(
        self, breaker: Breaker, meter: RequestMeter, reply: ReplyStream, progress: Progress, thoughts: ThoughtStream
    ):
        self.refused: dict[str, str | None] = {}
        self._breaker, self._meter, self._reply, self._progress = breaker, meter, reply, progress
        self._thoughts = thoughts
        self._began_at = reply.length  # what earlier rounds have said stays
        self._envelope = EnvelopeFilter(reply.run.bot.user.username)

    def on_request(self, left: bool) -> None:
        self._meter.on_request(left)

    def on_text(self, piece: str) -> None:
        self._breaker.record_output()
        self._meter.on_text(piece)
        self._reply.add(self._envelope.feed(piece))

    def on_summary(self, piece: str) -> None:
        """Models may sum up what they think: it is shown beside the reply, and is no part of it."""
        self._thoughts.add(piece)

    def on_end(self) -> None:
        self._thoughts.flush()
        self._reply.add(self._envelope.flush())

    def on_thought(self, piece: str) -> None:
        self._progress.thinks()
        self._breaker.record_output()
        self._meter.on_text(piece)

    def on_retract(self) -> None:
        """What this request has said was no answer: take it out of the reply again."""
        self._reply.cut_back(self._began_at)

    def on_refused(self, feature: str, detail: str, lasting: bool) -> None:
        self.refused[feature] = detail if lasting else None
