"""Lines over which little goes: who reads slowly gets everything, who does not read at all is let go, and nobody else
notices."""

import contextlib
import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import pytest
from django.db import transaction

from accounts.models import Token
from mysite.tests.waiting import PATIENCE
from rooms.kernel import db_executor
from rooms.models import Message, Room
from rooms.realtime import handshake, outbound
from rooms.services import messages as actions

from .live import cookie, until
from .raw import Raw

pytestmark = pytest.mark.django_db(transaction=True)

LONG = "many words " * 700


@pytest.fixture
def secret(alice):
    return Token.issue(alice, "slow")[1]


class Narrow(Raw):
    """A socket whose system takes little ahead of what is read."""

    def connect(self, port):
        found = socket.socket()
        found.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        found.settimeout(PATIENCE)
        found.connect(("127.0.0.1", port))
        return found

    def events(self, pause: float):
        """Read frame by frame, slowly. Yields each event, then {"type": "close", "code"}."""
        data = self._head_gone()
        while True:
            while len(data) < 2 or len(data) < (size := _frame_size(data)):
                time.sleep(pause)
                data += self.socket.recv(16384)
            start, frame, data = _payload_start(data), data[:size], data[size:]
            if frame[0] & 0x0F == 8:
                yield {"type": "close", "code": int.from_bytes(frame[start : start + 2], "big")}
                return
            if frame[0] & 0x0F == 1:
                found = json.loads(frame[start:])
                yield from found if isinstance(found, list) else [found]

    def _head_gone(self) -> bytes:
        data = b""
        while b"\r\n\r\n" not in data:
            data += self.socket.recv(1024)
        return data.split(b"\r\n\r\n", 1)[1]


def _payload_start(data: bytes) -> int:
    return {126: 4, 127: 10}.get(data[1], 2)


def _frame_size(data: bytes) -> int:
    start = _payload_start(data)
    if len(data) < start:
        return start
    return start + (int.from_bytes(data[2:start], "big") if start > 2 else data[1])


def many(room: Room, person, count: int, text: str) -> None:
    """Messages that are simply there."""
    Message.objects.bulk_create(
        Message(room=room, seq=n, first_seq=n, sender=person, text=f"{n} {text}", html="<p></p>")
        for n in range(1, count + 1)
    )
    Room.objects.filter(pk=room.pk).update(seq=count)


@pytest.mark.parametrize(("count", "text"), [(1900, "short"), (1200, LONG)], ids=["many", "large"])
def test_who_reads_slowly_gets_all_that_was_missed_however_much(web, alice, lobby, secret, count, text):
    """More than may wait for a reader, in events and in bytes."""
    many(lobby, alice, count, text)
    assert count > outbound.MAX_EVENTS
    slow = Narrow(web.port, secret, query="?since=0")
    seqs = []
    for event in slow.events(0.001):
        if event["type"] == "message":
            seqs.append(event["seq"])
        assert event["type"] != "close", f"cut off with {event} after {len(seqs)} messages"
        if event["type"] == "resumed":
            break
    assert seqs == list(range(1, count + 1))
    slow.socket.close()


def test_what_is_said_during_a_slow_catch_up_follows_it_in_order(web, alice, bob, lobby, secret, fast):
    many(lobby, alice, 300, LONG)
    slow = Narrow(web.port, secret, query="?since=0")
    events = slow.events(0.001)
    assert next(events)["type"] == "welcome"
    for n in range(20):
        actions.post(bob, "lobby", f"meanwhile {n}")
    seqs = []
    while len(seqs) < 320:
        event = next(events)
        seqs += [event["seq"]] if event["type"] == "message" else []
    assert seqs == list(range(1, 321))
    slow.socket.close()


def test_who_takes_nothing_of_a_catch_up_is_let_go(web, alice, lobby, secret, monkeypatch):
    monkeypatch.setattr(outbound, "STALL_TIMEOUT", 0.3)
    many(lobby, alice, 1200, LONG)  # more than the system's own buffers take
    deaf = Narrow(web.port, secret, query="?since=0")
    until(lambda: web._server.server_state.connections)
    until(lambda: not web._server.server_state.connections)
    deaf.socket.close()


@pytest.mark.any_database
def test_who_does_not_read_is_closed_with_4008_and_the_others_go_on(web, alice, bob, lobby, secret, fast):
    deaf = Narrow(web.port, secret)
    deaf.wait_for(b"welcome")
    with web.open(bob, "lobby") as quick:
        quick.wait("welcome")
        until_closed = threading.Event()

        def direct():
            while not until_closed.is_set():
                actions.post(bob, "lobby", LONG)

        talking = threading.Thread(target=direct)
        talking.start()
        try:
            deadline = time.monotonic() + 30
            while len(web._server.server_state.connections) > 1:
                assert time.monotonic() < deadline, "still connected"
                quick.next()
        finally:
            until_closed.set()
            talking.join()
        actions.post(bob, "lobby", "one that was not read above")
        head = Room.objects.get().seq
        quick.wait("message", seq=head)
        seqs = [event["seq"] for event in quick.seen if event["type"] == "message"]
        assert seqs == list(range(1, head + 1))
    deaf.socket.close()


def test_who_comes_in_does_not_wait_for_commands_that_wait_for_a_lock(web, alice, bob, lobby, monkeypatch):
    for pool in ("_pool", "_command_pool"):
        monkeypatch.setattr(db_executor, pool, cache(lambda: ThreadPoolExecutor(2)))
    liked, shown = actions.post(alice, "lobby", "like this").message_id, {"Cookie": cookie(bob)}
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(web.open(person, "lobby")) for person in [alice, bob] * 3]
        for each in sockets:
            each.wait("welcome")
        with transaction.atomic():
            Room.objects.select_for_update().get(pk=lobby.pk)
            for each in sockets:
                each.send("react", message_id=liked, emoji="👍")
            stack.enter_context(web.open(None, "lobby", headers=shown, since=0)).wait("resumed")
        for each in sockets:
            each.wait("ack")


def test_a_portion_of_a_catch_up_is_bounded(alice, lobby):
    many(lobby, alice, 300, LONG)
    messages = list(Message.objects.for_wire().order_by("seq"))
    connection = type("Connection", (), {"plain": False, "frame_of": staticmethod(outbound.Frame.of)})
    frames = list(handshake._frames(connection, handshake.InitialState(300, messages), {}))
    assert sum(frame.events for frame in frames) == 301
    assert max(len(frame.wire) for frame in frames) < outbound.MAX_UNSENT / 4
