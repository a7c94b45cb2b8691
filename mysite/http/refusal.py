"""How a request is refused in the middle of HTTP: one answer, if that is still possible, and the connection ends."""

from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from . import limits

LINGER_SECONDS, LINGER_BYTES = 2.0, 64 * limits.KIB  # in which a refused peer hears the answer


class StopParsing(Exception):
    """Out of the parser, which calls back."""


class RefusingProtocol(HttpToolsProtocol):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.refused = False  # nothing that comes matters any more
        self._running: Any = None  # the request that is being answered; others wait in `pipeline`
        self._lingered = 0  # bytes

    def request_with_body(self):
        """The cycle of the request whose body is coming, if one is."""
        raise NotImplementedError

    @property
    def is_busy(self) -> bool:
        """Whether a request is being answered."""
        return self._running is not None and not self._running.response_complete

    def refuse(self, status: int) -> None:
        """Answer the request that is coming with one of http_limits' refusals, and read no more."""
        if self.refused or self.transport.is_closing():
            return
        self.refused = True
        at_fault = self.request_with_body()
        if self.is_busy and (self._running is not at_fault or at_fault.response_started):
            limits.refused[status] += 1
            self._end_without_words(at_fault)
            return
        if at_fault is not None:
            _disconnect(at_fault)
        self.transport.write(limits.refusal(status, self.scope if at_fault else None))
        self.transport.write_eof()
        self.flow.resume_reading()
        self.loop.call_later(LINGER_SECONDS, self.transport.abort)

    def stop(self, status: int) -> None:
        """Refuse, from within the parser."""
        self.refuse(status)
        raise StopParsing

    def linger(self, size: int) -> None:
        """Drop what a refused peer still sends: if it was not read, its system would throw our answer away."""
        self._lingered += size
        if self.is_busy:
            self.flow.pause_reading()
        elif self._lingered > LINGER_BYTES:
            self.transport.abort()

    def send_400_response(self, msg: str) -> None:
        self.refuse(400)

    def _end_without_words(self, at_fault) -> None:
        """An answer is on its way, to an earlier request or to this one: nothing can be said behind it."""
        self.pipeline.clear()
        self.flow.pause_reading()
        if self._running is at_fault:
            _disconnect(at_fault)
            self.transport.close()
        else:
            self._running.keep_alive = False

    def _start_asgi_task(self, cycle, app) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app)


def _disconnect(cycle) -> None:
    """The application hears that the client is gone, and what it answers is dropped."""
    cycle.disconnected = True
    cycle.message_event.set()
