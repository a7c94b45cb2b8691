"""Refuses a request that is still being received: sends one response, if that is still possible, and closes."""

from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from . import limits

LINGER_SECONDS, LINGER_BYTES = 2.0, 64 * limits.KIB  # so that a refused client can read the response


class StopParsing(Exception):
    """Raised in a callback to leave the parser."""


class RefusingProtocol(HttpToolsProtocol):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.refused = False  # everything else is discarded
        self._active_cycle: Any = None  # the request being answered; others wait in `pipeline`
        self._lingered = 0  # bytes

    def receiving_cycle(self):
        """uvicorn's cycle of the request whose body is being received, or None."""
        raise NotImplementedError

    @property
    def is_busy(self) -> bool:
        """Whether a request is being answered."""
        return self._active_cycle is not None and not self._active_cycle.response_complete

    def refuse(self, status: int) -> None:
        """Answer the request being received with `limits.refusal_response`, and parse no more."""
        if self.refused or self.transport.is_closing():
            return
        self.refused = True
        cycle = self.receiving_cycle()
        if self.is_busy and (self._active_cycle is not cycle or cycle.response_started):
            limits.refusal_counts[status] += 1
            self._close_without_response(cycle)
            return
        if cycle is not None:
            _disconnect(cycle)
        self.transport.write(limits.refusal_response(status, self.scope if cycle else None))
        self.transport.write_eof()
        self.flow.resume_reading()
        self.loop.call_later(LINGER_SECONDS, self.transport.abort)

    def stop(self, status: int) -> None:
        """Refuse from within a callback of the parser."""
        self.refuse(status)
        raise StopParsing

    def linger(self, size: int) -> None:
        """Read and discard what a refused client still sends: with unread data, its system would drop our response."""
        self._lingered += size
        if self.is_busy:
            self.flow.pause_reading()
        elif self._lingered > LINGER_BYTES:
            self.transport.abort()

    def send_400_response(self, msg: str) -> None:
        self.refuse(400)

    def _close_without_response(self, cycle) -> None:
        """Close when a response, to this request or an earlier one, has already begun: no other can follow it."""
        self.pipeline.clear()
        self.flow.pause_reading()
        if self._active_cycle is cycle:
            _disconnect(cycle)
            self.transport.close()
        else:
            self._active_cycle.keep_alive = False

    def _start_asgi_task(self, cycle, app) -> None:
        self._active_cycle = cycle
        super()._start_asgi_task(cycle, app)


def _disconnect(cycle) -> None:
    """Tell the application that the client is gone; its response is dropped."""
    cycle.disconnected = True
    cycle.message_event.set()
