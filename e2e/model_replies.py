"""What the model on this machine is to answer, and what it was asked. See model_server.py."""

import json
import re
import threading
import time
from dataclasses import dataclass, field


@dataclass
class Reply:
    """What the model does with one question. Delays are seconds; `*_after` counts pieces of text sent before."""

    text: str | list[str] = "Hello."  # a list is sent piece by piece as it is; a text is cut at its words
    calls: list[tuple[str, dict]] = field(default_factory=list)  # tools it calls: (name, arguments)
    summary: list[str] = field(default_factory=list)  # of its thoughts, in parts; the Responses API alone has one
    first_delay: float = 0
    token_delay: float = 0
    hold: threading.Event | None = None  # waits for it …
    hold_after: int = 0  # … after so many pieces
    stall_after: int | None = None  # then says nothing more, and keeps the connection
    cut_after: int | None = None  # then the connection breaks
    fail_after: int | None = None  # then an error comes within the stream
    chunk_size: int | None = None  # bytes of a TCP write, whatever they cut in two; None: an event a write
    comments: bool = False  # `: keep-alive` lines between events
    usage: bool = True
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None  # this as the body instead, be it JSON, HTML, garbage or nothing
    raw_type: str = "application/json"

    @classmethod
    def error(cls, status: int, message: str = "Something broke.", code: str | None = None, **headers) -> "Reply":
        """An error as the real servers send it, e.g. error(429, retry_after="7")."""
        body = {"error": {"message": message, "type": "server_error", "param": None, "code": code}}
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return cls(status=status, raw=json.dumps(body).encode(), headers=names)

    @classmethod
    def html_error(cls, status: int = 502) -> "Reply":
        """What a proxy says when the model behind it is gone."""
        return cls(status=status, raw=b"<html><body><h1>Bad Gateway</h1></body></html>", raw_type="text/html")

    @classmethod
    def empty_error(cls, status: int = 500) -> "Reply":
        return cls(status=status, raw=b"", raw_type="text/plain")

    @classmethod
    def garbage(cls) -> "Reply":
        return cls(raw=b"data: {this is not json\n\ndata: [1,2\n\n\x00\xff\xfe", raw_type="text/event-stream")

    @property
    def pieces(self) -> list[str]:
        return re.findall(r"\s*\S+|\s+", self.text) if isinstance(self.text, str) else list(self.text)


class Request:
    """A question that came in, and what became of its answer."""

    def __init__(self, method: str, path: str, headers: dict[str, str], body: dict):
        self.method, self.path, self.headers, self.body = method, path, headers, body
        self.came = time.monotonic()
        self.finished = threading.Event()  # everything was sent
        self.closed = threading.Event()  # the client went away before that
        self.sent = 0  # pieces of text so far

    def wait_closed(self, seconds: float = 30) -> bool:
        """Wait until the client hangs up; whether it has."""
        return self.closed.wait(seconds)

    @property
    def said(self) -> str:
        """All that the model was given to read, as one text."""
        return json.dumps(self.body, ensure_ascii=False)
