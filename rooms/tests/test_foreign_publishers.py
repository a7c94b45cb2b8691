"""Other programs on the same channel layer: what they send to a room's group reaches every browser in it."""

import json
import subprocess
import sys

import pytest

from rooms.services import membership, messages

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_database]

# For each line with a payload comes one when it is sent.
SHELL = """
import json, sys
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
for line in sys.stdin:
    async_to_sync(get_channel_layer().group_send)("chat_lobby", json.loads(line))
    print("sent", flush=True)
"""


@pytest.fixture
def lobby(alice):
    return membership.get_or_create_and_join(alice, "Lobby")


@pytest.fixture(scope="module")
def group_send():
    """group_send(payload): in a process of its own, as somebody would at a Django shell."""
    command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", SHELL]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as shell:

        def send(payload: dict) -> None:
            print(json.dumps(payload), file=shell.stdin, flush=True)
            assert shell.stdout.readline() == "sent\n"

        yield send
        shell.stdin.close()
    assert shell.returncode == 0


def test_a_text_becomes_a_notice_for_everyone(web, group_send, alice, bob, lobby):
    with web.open(alice, "lobby") as one, web.open(bob, "lobby") as other:
        one.wait("welcome"), other.wait("welcome")
        group_send({"type": "chat.message", "message": "Lunch!"})
        for socket in (one, other):
            assert socket.wait("broadcast") == {"type": "broadcast", "level": "info", "message": "Lunch!"}


def test_any_event_of_the_wire_can_be_sent(web, group_send, alice, lobby):
    with web.open(alice, "lobby") as socket:
        socket.wait("welcome")
        group_send({"type": "room.event", "event": {"type": "system", "message": "from the shell"}})
        assert socket.wait("system")["message"] == "from the shell"


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "no.such.handler"},
        {"type": "room.event"},
        {"type": "room.event", "event": {"type": "made_up"}},
        {"type": "room.event", "event": {"type": "system", "unknown": 1}},
        {"type": "room.head"},
        {"type": "websocket.close"},
    ],
)
def test_what_nobody_understands_harms_nobody(web, group_send, alice, lobby, payload):
    with web.open(alice, "lobby") as socket:
        socket.wait("welcome")
        group_send(payload)
        messages.post(alice, "lobby", "still here")
        assert socket.wait("message")["message"] == "still here"
