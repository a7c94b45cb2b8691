"""Plain mode: what tutorial clients and ten-line scripts need, on the same address."""

import json
import subprocess
import sys

import pytest

from accounts.models import Token
from rooms.services import membership, messages

pytestmark = pytest.mark.django_db(transaction=True)

# What a newcomer to websockets writes: sends {"message"}, prints data.message, knows nothing else.
SCRIPT = """
import json, sys
from websockets.sync.client import connect

url, token, text, count = sys.argv[1:]
with connect(url, additional_headers={"Authorization": "Bearer " + token}) as socket:
    socket.send(json.dumps({"message": text}))
    for _ in range(int(count)):
        data = json.loads(socket.recv(timeout=30))
        print(data["message"], flush=True)
"""


def test_a_bare_script_direct_messages_and_listens(web, alice, bob):
    membership.get_or_create_and_join(alice, "Lobby")
    _token, secret = Token.issue(bob, "script")
    with web.open(alice, "lobby") as browser:
        browser.wait("welcome")
        url = f"ws://127.0.0.1:{web.port}/ws/chat/lobby/"
        script = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, url, secret, "hello from a script", "3"], stdout=subprocess.PIPE, text=True
        )
        seen = browser.wait("message")
        assert (seen["message"], seen["sender"]["name"]) == ("hello from a script", "bob")
        browser.send("send", message="hello script")
        lines, _ = script.communicate(timeout=60)
    assert lines.splitlines() == ["Connected as bob.", "hello from a script", "hello script"]


def test_one_object_a_frame_and_only_what_has_a_text(web, alice, bob, fast):
    membership.get_or_create_and_join(alice, "Lobby")
    with web.open(bob, "lobby", subprotocol=None) as plain, web.open(alice, "lobby") as full:
        full.wait("welcome")
        for n in range(5):
            full.send("send", message=f"message {n}")
        full.raw('{"type": "typing"}')
        [full.wait("ack") for _ in range(5)]
        id = full.seen[-1]["message_id"]
        full.send("react", message_id=id, emoji="👍")
        full.wait("ack")
        full.send("send", message="the last")
        frames = []
        while not frames or frames[-1].get("message") != "the last":
            frames.append(json.loads(plain.ws.recv(timeout=30)))
    assert all(isinstance(frame, dict) for frame in frames)
    assert [frame["message"] for frame in frames if frame["type"] != "broadcast"] == [
        "Connected as bob.",
        *(f"message {n}" for n in range(5)),
        "the last",
    ]


def test_mistakes_are_told_in_words_and_commands_work_too(web, alice):
    membership.get_or_create_and_join(alice, "Lobby")
    with web.open(alice, "lobby", subprotocol=None) as plain:
        plain.wait("system")
        plain.raw("nonsense")
        assert plain.wait("error")["message"]
        plain.raw('{"text": "a field that is none"}')
        assert plain.wait("error")["code"] == "invalid"
        plain.send("send", message="with a type")
        assert plain.wait("message")["message"] == "with a type"


def test_since_works_too(web, alice, fast):
    membership.get_or_create_and_join(alice, "Lobby")
    for n in range(3):
        messages.post(alice, "lobby", f"message {n}")
    with web.open(alice, "lobby", subprotocol=None, since=1) as plain:
        assert [plain.wait("message")["message"] for _ in range(2)] == ["message 1", "message 2"]
