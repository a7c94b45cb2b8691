"""Control characters in what is pasted are left out, wherever text comes in."""

import json
import re
import uuid

import pytest

from accounts.models import Token
from bot.admin import BotForm
from bot.provisioning import create_bot
from conftest import confirm
from rooms.kernel.commands import parse
from rooms.kernel.errors import ChatError
from rooms.kernel.json_text import loads
from rooms.models import Message, Room
from rooms.search.message_search import search
from rooms.services import messages

pytestmark = pytest.mark.django_db

PASTED = "\ufeffred \x1b[1mfish\x1b[0m\x07\x00\x7f, blue\x0c fish\x9d"
PLAIN = "red [1mfish[0m, blue fish"
ID = str(uuid.uuid4())


def sent(client, method: str, path: str, body: str | dict) -> dict:
    data = body if isinstance(body, str) else json.dumps(body)
    answer = client.generic(method, path, data, content_type="application/json")
    assert answer.status_code < 300, answer.content
    return answer.json()


@pytest.mark.parametrize("plain", [False, True])
def test_on_the_socket(plain):
    assert parse(json.dumps({"type": "send", "id": ID, "message": PASTED}), plain).fields["message"] == PLAIN
    edit = {"type": "edit", "id": ID, "message_id": 1, "message": PASTED}
    assert parse(json.dumps(edit), plain).fields["message"] == PLAIN


def test_a_bare_message_of_plain_mode():
    assert parse(json.dumps({"message": PASTED}), plain=True).fields["message"] == PLAIN


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (r'{"message": "a\ud83d"}', "a"),
        (r'{"message": "a\uDE00\ud83d\ude00b\ud83d\ud83d\ude00"}', "a😀b😀"),
        (r'{"message": "a\\ud83d \"\ud83d\" \n"}', 'a\\ud83d "" \n'),
        ('{"message": "a\\ud83d\\u00e9"}', "aé"),
    ],
)
def test_halves_of_characters(frame, message):
    """Some clients cut a text in the middle of a character, and write the half as JSON allows."""
    assert loads(frame) == loads(frame.encode()) == {"message": message}


@pytest.mark.parametrize(
    "data", ["", "{", '{"a": \\ud83d}', '"\\ud83d', b"\xff\\ud83d", "[" * 5000 + '"\\ud83d"', "NaN"]
)
def test_what_is_no_json_stays_none(data):
    with pytest.raises(ValueError):  # noqa: PT011 - of whatever kind
        loads(data)


def test_over_the_api(signed_in, lobby):
    posted = sent(signed_in, "POST", "/api/rooms/lobby/messages", {"message": PASTED})
    assert posted["message"] == PLAIN
    edit = {"type": "edit", "id": ID, "message_id": posted["id"], "message": "now " + PASTED}
    sent(signed_in, "POST", "/api/rooms/lobby/commands", edit)
    assert Message.objects.get().text == "now " + PLAIN
    assert sent(signed_in, "POST", "/api/rooms/lobby/messages", r'{"message": "half \ud83d"}')["message"] == "half"
    about = sent(signed_in, "PATCH", "/api/rooms/lobby", {"topic": PASTED, "description": f"{PASTED}\u2028more"})
    assert (about["topic"], about["description"]) == (PLAIN, f"{PLAIN}\nmore")
    assert sent(signed_in, "POST", "/api/rooms", {"title": PASTED})["title"] == PLAIN


def test_what_holds_nothing_else_is_empty(alice, lobby):
    with pytest.raises(ChatError, match="empty"):
        messages.post(alice, "lobby", "\x1b\x07\ufeff")
    assert messages.set_topic_and_description(alice, "lobby", topic="\x1b\x07").topic == ""


def test_on_the_pages(signed_in, alice, lobby):
    assert signed_in.post("/chat/lobby/", {"message": PASTED}).status_code == 302
    assert Message.objects.get().text == PLAIN
    signed_in.post("/chat/lobby/about/", {"do": "describe", "topic": PASTED})
    lobby.refresh_from_db()
    assert lobby.topic == PLAIN
    signed_in.post("/chat/", {"title": PASTED})
    assert Room.objects.filter(title=PLAIN).exists()


def test_of_a_person(signed_in, alice):
    fields = {"text": f"{PASTED}\u2028!"}
    assert signed_in.post("/accounts/status/", fields).status_code == 302
    alice.refresh_from_db()
    assert alice.status == PLAIN + " !"
    confirm(signed_in)
    signed_in.post("/accounts/tokens/", {"name": PASTED, "scope": "write", "days": 30})
    assert Token.objects.get().name == PLAIN


def test_of_a_search(signed_in, alice, lobby):
    messages.post(alice, "lobby", "red fish")
    assert len(search(alice.id, "\x1bred\x07 \ufefffish").hits) == 1
    assert re.search(r"<mark\s*>red</mark\s*>", signed_in.get("/search/", {"q": "red\x00"}).content.decode())


def test_of_a_bot():
    bot = create_bot("helper", instruction=f"{PASTED}\r\nBe brief.")
    assert bot.instruction == f"{PLAIN}\nBe brief."
    form = BotForm({"handle": "other", "instruction": PASTED, "name": PASTED, "api": "chat"} | _limits(bot))
    assert form.is_valid(), form.errors
    assert (form.cleaned_data["instruction"], form.cleaned_data["name"]) == (PLAIN, PLAIN)


def _limits(bot) -> dict:
    return {name: getattr(bot, name) for name in ("person_daily_tokens", "room_daily_tokens", "daily_tokens")}
