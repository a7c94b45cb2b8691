"""Tokens that may only read, or only write messages: at every address of the API, at every command, on the socket."""

import contextlib
import json
import re
import uuid

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver
from websockets.exceptions import ConnectionClosed

from accounts.models import Token
from accounts.scopes import Scope
from accounts.security.authentication import get_session_user
from rooms.models import Membership
from rooms.services import membership, messages

from .wire_fields import COMMANDS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast")]

# What a token needs at each address of the API, for methods other than GET. A new one has to be added here.
WRITES = {
    "messages": Scope.WRITE,
    "commands": Scope.WRITE,
    "direct": Scope.WRITE,
    "uploads": Scope.WRITE,
    "upload": Scope.WRITE,
    "forward": Scope.WRITE,
    "own_file": Scope.WRITE,
    "files": Scope.WRITE,
    "inbox_all_done": Scope.WRITE,
    "inbox_restore": Scope.WRITE,
    "inbox_done": Scope.WRITE,
    "inbox_read": Scope.WRITE,
    "test_device": Scope.WRITE,
    "read_all": Scope.WRITE,
    "restore_unread": Scope.WRITE,
    **dict.fromkeys(("rooms", "room", "room_avatar", "kind", "rename", "files_days", "order"), Scope.MANAGE),
    **dict.fromkeys(("close", "reopen", "delete", "restore", "leave", "permissions"), Scope.MANAGE),
    **dict.fromkeys(("posting", "slow_mode", "timeout", "lift_timeout", "block_list"), Scope.MANAGE),
    **dict.fromkeys(("invite", "withdraw", "remove", "ban", "unban", "delete_messages", "appoint"), Scope.MANAGE),
    **dict.fromkeys(("report_message", "report_person"), Scope.WRITE),
    "decide_report": Scope.MANAGE,
    **dict.fromkeys(("accept_invitation", "decline_invitation"), Scope.MANAGE),
    **dict.fromkeys(("star", "unstar", "level", "mute", "unmute"), Scope.MANAGE),
}
# Likewise for GET, where it is more than to read.
READS = {"sessions": Scope.FULL, "server_invitation": Scope.FULL, "report_queue": Scope.MANAGE}
METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE"]
ROUTES = [
    route
    for prefix in get_resolver().url_patterns
    if str(prefix.pattern) == "api/"
    for route in prefix.url_patterns
    if route.name
]


def address_of(route, room: str) -> str:
    pattern = str(route.pattern).replace("<str:username>", "bob")
    return "/api/" + re.sub(r"<int:\w+>", "1", pattern.replace("<str:name>", room))


def call(method: str, path: str, secret: str, body: dict | None = None):
    headers = {"Authorization": f"Bearer {secret}"}
    return Client().generic(method, path, json.dumps(body or {}), "application/json", headers=headers)


def lacks_scope(answer) -> Scope | None:
    """The scope that was missing, if that is why it was refused."""
    if answer.status_code != 403 or "insufficient_scope" not in answer.get("WWW-Authenticate", ""):
        return None
    assert answer.json()["code"] == "forbidden"
    return Scope(answer["WWW-Authenticate"].rpartition('scope="')[2].rstrip('"'))


def test_every_address_asks_for_the_scope_it_needs(alice, lobby, capsys):
    secrets = {scope: Token.issue(alice, scope, scope)[1] for scope in Scope}
    cells = 0
    for route in ROUTES:
        for method in METHODS:
            needs = (READS, Scope.READ) if method == "GET" else (WRITES, Scope.FULL)
            needed = needs[0].get(route.name, needs[1])
            for scope, secret in secrets.items():
                answer = call(method, address_of(route, "lobby"), secret)
                if answer.status_code == 405:
                    continue
                cells += 1
                missing = None if scope.includes(needed) else needed
                assert lacks_scope(answer) == missing, (route.name, method, scope)
    assert cells >= 60
    assert len(ROUTES) >= 18
    with capsys.disabled():
        print(f"\n{cells} cells of scopes at {len(ROUTES)} addresses of the API")


MARKS = {"†": Scope.WRITE, "‡": Scope.MANAGE}


def test_the_protocol_says_what_each_address_needs():
    """Addresses that are named beside another one (`also ban`) need what that one needs."""
    marks = {}
    for line in (settings.BASE_DIR / "docs/protocol.md").read_text().splitlines():
        if found := re.match(r" {4}(?:POST|PATCH|DELETE) +/api/(\S+)(?:\n| *([†‡]))?", line):
            marks[re.sub(r"<\w+>", "<>", found[1])] = MARKS.get(found[2] or line.strip()[-1], Scope.FULL)
    said = {route.name: marks.get(re.sub(r"<\w+:\w+>", "<>", str(route.pattern))) for route in ROUTES}
    wrong = {name for name, scope in said.items() if scope not in (None, WRITES.get(name, Scope.FULL))}
    assert wrong == {"forward"}  # its mark is in the next line
    assert len([scope for scope in said.values() if scope]) >= 40


def test_a_missing_scope_says_nothing_about_rooms(alice, bob):
    membership.create_room(bob, "Secret", "private")
    _token, secret = Token.issue(alice, "x", Scope.READ)
    answers = [call("POST", f"/api/rooms/{name}/messages", secret, {"message": "hi"}) for name in ("secret", "nothing")]
    assert answers[0].content == answers[1].content


@pytest.mark.parametrize("scope", Scope)
def test_what_a_token_may_not_do_is_not_done(alice, lobby, scope):
    _token, secret = Token.issue(alice, "x", scope)
    call("POST", "/api/rooms/lobby/messages", secret, {"message": "hi"})
    call("PATCH", "/api/rooms/lobby", secret, {"topic": "new"})
    lobby.refresh_from_db()
    assert (lobby.seq > 0, lobby.topic == "new") == (scope.includes(Scope.WRITE), scope.includes(Scope.MANAGE))


def test_a_token_that_only_reads_enters_no_public_room(alice, charlie, lobby):
    user = charlie
    user.scope = Scope.READ
    assert membership.get_or_join_many([(user, "lobby")]) == [lobby]
    assert not Membership.objects.filter(user=charlie).exists()
    user.scope = Scope.WRITE
    membership.get_or_join_many([(user, "lobby")])
    assert Membership.objects.filter(user=charlie).exists()


FIELDS = {"message": "hi", "emoji": "👍", "seq": 0, "since": 0}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scope", [Scope.READ, Scope.WRITE])
def test_every_command_of_the_socket_asks_for_its_scope(web, alice, lobby, scope):
    said = messages.post(alice, "lobby", "hello").message_id
    _token, secret = Token.issue(alice, "x", scope)
    with web.open(None, "lobby", headers={"Authorization": f"Bearer {secret}"}, origin="") as socket:
        socket.wait("welcome")
        for type, names in COMMANDS.items():
            fields = {name: FIELDS.get(name, said) for name in names if not name.endswith("?")}
            id = socket.send(type, **fields)
            if scope.includes(Scope.WRITE) or type == "resume":
                if type == "typing":
                    continue  # it is not answered
                assert answer_to(socket, id).get("code") != "forbidden" or type in ("stop", "retry"), type
            else:
                assert answer_to(socket, id)["code"] == "forbidden", type


def answer_to(socket, id: str) -> dict:
    while (event := socket.next()).get("id") != id or event["type"] not in ("ack", "error"):
        pass
    return event


@pytest.mark.django_db(transaction=True)
def test_a_token_that_reads_hears_what_is_said(web, alice, bob, lobby):
    _token, secret = Token.issue(bob, "x", Scope.READ)
    with web.open(None, "lobby", headers={"Authorization": f"Bearer {secret}"}, origin="") as socket:
        socket.wait("welcome")
        messages.post(alice, "lobby", "hello")
        socket.wait("message", message="hello")


@pytest.mark.django_db(transaction=True)
def test_who_goes_on_without_the_scope_is_closed_in_the_end(web, alice, lobby):
    _token, secret = Token.issue(alice, "x", Scope.READ)
    with web.open(None, "lobby", headers={"Authorization": f"Bearer {secret}"}, origin="") as socket:
        socket.wait("welcome")
        with contextlib.suppress(ConnectionClosed):  # it may be closed before all are sent
            for _ in range(250):
                socket.raw(json.dumps({"type": "send", "id": str(uuid.uuid4()), "message": "x"}))
        assert socket.closed()[0] == 1008
    lobby.refresh_from_db()
    assert lobby.seq == 0


@pytest.mark.django_db(transaction=True)
def test_an_expired_token_is_found_by_the_regular_look(web, hub, within, alice, lobby):
    token, secret = Token.issue(alice, "x")
    with web.open(None, "lobby", headers={"Authorization": f"Bearer {secret}"}, origin="") as socket:
        socket.wait("welcome")
        Token.objects.filter(pk=token.pk).update(expires=token.created)
        within(hub._periodic_tasks.check_access)
        assert socket.closed()[0] == 4001
    with web.open(None, "lobby", headers={"Authorization": f"Bearer {secret}"}, origin="") as socket:
        assert socket.closed()[0] == 4001


def test_a_session_of_the_same_person_is_not_limited(client, alice, lobby):
    Token.issue(alice, "x", Scope.READ)
    client.force_login(alice)
    assert get_session_user(client.session.session_key)[0].scope is Scope.FULL
    answer = client.post("/api/rooms/lobby/messages", {"message": "hi"}, "application/json")
    assert answer.status_code == 201
