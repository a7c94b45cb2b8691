"""Fixtures: what leaves after a commit, kept for the test in place of going to Redis, and a channel that gets it."""

import json

import pytest

from rooms.publishing import events
from rooms.realtime import room_channel
from rooms.realtime.room_channel import RoomChannel


@pytest.fixture
def unpublished(monkeypatch):
    """Nothing goes to Redis."""
    monkeypatch.setattr("rooms.publishing.publisher.submit", lambda group, payload: None)


@pytest.fixture
def sent(monkeypatch):
    """What was handed to the publisher: [(group, payload)]."""
    found = []
    monkeypatch.setattr("rooms.publishing.publisher.submit", lambda group, payload: found.append((group, payload)))
    return found


@pytest.fixture
def published(monkeypatch):
    """The events that were handed to the publisher, with their group as `to`."""
    found = []

    def submit(group, payload):
        found.append({"to": group} | json.loads(payload.get("text", "{}")))

    monkeypatch.setattr("rooms.publishing.publisher.submit", submit)
    return found


@pytest.fixture
def payloads(monkeypatch):
    """What was handed to the publisher for the lobby, for the test to deliver, lose or repeat."""
    found = []

    def submit(group, payload):
        if group == "chat_lobby":
            found.append(payload)

    monkeypatch.setattr(events.publisher, "submit", submit)
    return found


@pytest.fixture
def reads(monkeypatch):
    """The numbers after which the database was asked what is missing."""
    asked, missing = [], room_channel._read_missing

    def remember(room_id, seq):
        asked.append(seq)
        return missing(room_id, seq)

    monkeypatch.setattr(room_channel, "_read_missing", remember)
    return asked


@pytest.fixture
async def channel(lobby, payloads, reads):
    made = RoomChannel(lobby)
    await made.start()
    yield made
    made.stop()
