"""Whatever happens to the events of a room on their way, in the end everybody shows what a fresh load shows."""

import asyncio
import json

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from rooms.models import MessageState
from rooms.queries import history
from rooms.queries.serializers import message_event
from rooms.realtime import room_channel
from rooms.realtime.connection import Place
from rooms.services import bot_replies, membership
from rooms.services import messages as actions

from .simulated_client import Client
from .simulated_room import PROCESSES, SimulatedRoom


class RoomMachine(SimulatedRoom):
    @invariant()
    def nobody_is_told_anything_twice_or_turned_round(self):
        for client in self.clients:
            assert (client.view.doubles, client.view.disorder) == (0, 0)

    def teardown(self):
        try:
            self._settle()
            fresh = history.page(self.room, limit=100)
            assert not fresh.more
            saved = [json.loads(json.dumps(message_event(message))) for message in fresh.messages]
            for client in self.clients:
                shown = [client.view.messages[id] for id in sorted(client.view.messages)]
                assert shown == saved
                assert client.view.seq == fresh.seq
            assert len({message["client_id"] for message in saved if message["client_id"]}) == len(self.posted)
            assert [each.streaming_ids for each in self.channels] == [[], []]
            assert not any(each.connections - self._connections() for each in self.channels)
        finally:
            self.patch.stop()
            for each in self.channels:
                each.stop()
            self.loop.run_until_complete(asyncio.sleep(0))
            self.loop.close()

    def _settle(self):
        """The faults end: replies are finished, heads compared, everybody is there and reads."""
        for id in list(self.writing):
            bot_replies.update(id, text=self.writing.pop(id), state=MessageState.COMPLETE)
        for process in range(PROCESSES):
            self._compare_heads(process)
        for _ in range(10):
            for number, client in enumerate(self.clients):
                self.a_line("open", number, number % PROCESSES, page=number > 0)
                self.run(client.read(100))
            self.time_passes()

    def _connections(self) -> set[Place]:
        return {client.connection for client in self.clients}


@pytest.mark.long
@pytest.mark.any_database  # the order of events; each act is done on both by tests of its own
@pytest.mark.django_db(transaction=True)
def test_everybody_shows_what_a_fresh_load_shows(alice, bob, charlie, bot_user, monkeypatch):
    monkeypatch.setattr(room_channel, "REORDER_WAIT", 0)
    monkeypatch.setattr(room_channel, "SAVED_TEXT_INTERVAL", 0)
    RoomMachine.people, RoomMachine.bot = [alice, bob, charlie], bot_user
    run_state_machine_as_test(
        RoomMachine,
        settings=settings(max_examples=120, stateful_step_count=40, suppress_health_check=list(HealthCheck)),
    )


@pytest.mark.django_db(transaction=True)
def test_the_events_since_an_old_page_make_it_the_new_page(alice, bob):
    room = membership.get_or_create_and_join(alice, "Lobby")
    ids = [actions.post(alice, "lobby", f"message {n}").message_id for n in range(5)]
    old = Client(history.page(room, limit=100)).view
    actions.edit(alice, "lobby", ids[1], "changed")
    actions.react(bob, "lobby", ids[1], "👍")
    actions.delete(alice, "lobby", ids[3])
    actions.post(bob, "lobby", "new", reply_to=ids[0])
    messages, head = history.changed_since(room.id, old.opened())
    for message in messages:
        old.apply(json.loads(json.dumps(message_event(message))))
    old.apply({"type": "resumed", "seq": head})
    new = Client(history.page(room, limit=100)).view
    assert old.messages == new.messages
    assert old.seq == new.seq == head
    assert len(messages) == 3  # the edited one came once, with its reaction
