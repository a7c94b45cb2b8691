"""What a room's channel takes from outside: events of any program, and the coming and going of people."""

import pytest

from rooms.publishing import events

from .outlets import joined

pytestmark = pytest.mark.django_db(transaction=True)


class TestFromOutside:
    """Any program may publish to a room's group."""

    async def test_a_wire_event_as_a_dict(self, channel):
        person = joined(channel)
        channel.receive({"type": "room.event", "event": {"type": "broadcast", "level": "info", "message": "Lunch!"}})
        channel.flush()
        assert person.outbound.events == [{"type": "broadcast", "level": "info", "message": "Lunch!"}]

    async def test_the_words_of_the_channels_tutorial(self, channel):
        person = joined(channel)
        channel.receive({"type": "chat.message", "message": "hello"})
        channel.flush()
        assert person.outbound.events == [{"type": "broadcast", "level": "info", "message": "hello"}]

    async def test_an_unknown_type_is_logged(self, channel, caplog):
        channel.receive({"type": "chat.dance"})
        assert "unknown type 'chat.dance'" in caplog.text


async def test_the_coming_and_going_of_people_is_counted(channel, payloads, alice, monkeypatch):
    person = {"id": alice.id, "name": "alice", "bot": False}
    events.presence("lobby", "joined", person, 2, 1)
    events.presence("lobby", "joined", person, 2, 2)
    events.presence("lobby", "left", person, 1, 1)
    for payload in payloads:
        channel.receive(payload)
    monkeypatch.setattr("rooms.realtime.presence_drift.QUIET", -1.0)
    assert not channel.presence_drift.is_suspect(1)
    assert channel.presence_drift.is_suspect(2)
    channel.receive(payloads[1])  # something between was lost
    assert not channel.presence_drift.is_suspect(2)
    channel.receive(payloads[1])
    assert channel.presence_drift.is_suspect(2)
