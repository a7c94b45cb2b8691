"""Server-sent events as servers write them."""

import pytest

from bot.llm import sse
from bot.llm.errors import ModelError
from bot.llm.sse import EventParser


@pytest.mark.parametrize(
    ("body", "events"),
    [
        (b"data: one\n\ndata: two\n\n", [b"one", b"two"]),
        (b"data: one\r\n\r\ndata: two\r\n\r\n", [b"one", b"two"]),
        (b"data:one\n\ndata:\n\ndata: null\n\n", [b"one"]),
        (b": hello\n\nevent: answer\nid: 7\nretry: 5\ndata: one\nsomething\n\n\n\n", [b"one"]),
        (
            b"event: ping\ndata: {}\n\ndata: one\n\ndata: : PROCESSING\n\nevent: keepalive\n\ndata: two\n\n",
            [b"one", b"two"],
        ),
        (b"data: one\ndata: two\n\n", [b"one\ntwo"]),
        (b"data: one", [b"one"]),
        (b"data: one\r", [b"one"]),
        (b"", []),
    ],
)
def test_events_are_found_however_they_are_written_and_cut(body, events):
    for size in (1, 2, 5, 1000):
        reader, found = EventParser(), []
        for start in range(0, len(body), size):
            found += reader.feed(body[start : start + size])
        assert [*found, *reader.flush()] == events


@pytest.mark.parametrize("chunk", [b"x" * 100, b"data: " + b"x" * 100 + b"\n"])
def test_an_event_without_end_is_given_up(monkeypatch, chunk):
    monkeypatch.setattr(sse, "MAX_EVENT_BYTES", 1000)
    reader = EventParser()
    for _ in range(20):
        assert reader.feed(b"data: " + b"x" * 900 + b"\n\n")  # many are not one
    with pytest.raises(ModelError, match="invalid response"):
        for _ in range(20):
            reader.feed(chunk)
