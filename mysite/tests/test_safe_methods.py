"""GET and HEAD change nothing, at every address, for everybody: browsers prefetch, crawlers follow links."""

import itertools
import re

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.core import mail
from django.db import connection
from django.urls import get_resolver

from accounts.models import Token
from bot.models import Bot
from files.incoming import IncomingFile
from files.previews import make_previews
from files.tests.pictures import picture
from rooms.models import Notification, PersonalInvitation, Room
from rooms.services import (
    direct_messages,
    invitation_links,
    membership,
    messages,
    moderation,
    personal_invitations,
    server_invitations,
    uploads,
)
from rooms.tests.rows import NOISE, rows_of, tables

pytestmark = pytest.mark.django_db

PEOPLE = ("stranger", "outsider", "member", "moderator", "owner", "banned", "staff")
WAYS = {
    "GET": ("get", {}),
    "HEAD": ("head", {}),
    "prefetch": ("get", {"HTTP_SEC_PURPOSE": "prefetch;prerender", "HTTP_PURPOSE": "prefetch"}),
}
# Who opens every page there is. That the others see less does not depend on the method.
ALL_WAYS = ("stranger", "owner", "staff")
CHANGE = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+"?(\w+)', re.IGNORECASE)
QUERIES = [
    *("/chat/?title=New", "/chat/lobby/?around=1", "/chat/lobby/?before=2", "/chat/lobby/?after=0"),
    *("/chat/lobby/?do=join", "/chat/lobby/about/?do=join"),
    *("/dm/?username=erin", "/dm/?username=nobody", "/search/?q=hello", "/search/?q=hello&room=lobby"),
    *("/api/search?q=hello", "/api/rooms/lobby/messages?around=1", "/accounts/login/?next=/chat/new/"),
]  # fmt: skip


@pytest.fixture
def world(make_user, bot_user):
    """Rooms and people of each kind: the people by name, and for each parameter of an address its values."""
    people = {name: make_user(name, is_staff=name == "staff", is_superuser=name == "staff") for name in PEOPLE[1:]}
    make_user("erin")
    lobby = membership.get_or_create_and_join(people["owner"], "Lobby")
    membership.get_or_create_and_join(people["owner"], "C#")
    private = membership.create_room(people["owner"], "Plans", "private")
    for name in ("member", "moderator", "banned"):
        membership.add_member(lobby, people[name])
        membership.add_member(private, people[name])
    personal_invitations.invite(people["owner"], private.name, "outsider")  # who is asked first
    for room in (lobby, private):
        moderation.appoint(people["owner"], room.name, people["moderator"].id, "moderator")
        moderation.remove(people["owner"], room.name, people["banned"].id, ban=True)
    said = [messages.post(people["owner"], room.name, "hello @member @bot").message_id for room in (lobby, private)]
    messages.react(people["member"], lobby.name, said[0], "👍")
    direct = direct_messages.get_or_create_direct_message(people["owner"], "member")
    token = Token.issue(people["member"], "script")[0]
    secret = invitation_links.create_link(people["owner"], private.name)[1]
    names = [lobby.name, private.name, direct.name, "c", "C++", "Lobby", "absent", "invite", "private--0", "👍"]
    return people, {
        "name": names,
        "username": ["owner", "erin", "ERIN", settings.BOT_NAME, "nobody"],
        "secret": [secret, "unknown"],
        "digest": ["0" * 32],
        "user_id": [people["member"].pk, 999_999],
        "version": ["0" * 16],
        "message_id": [*said, 999_999],
        "token_id": [token.pk],
        "pk": [999_999],
        "invitation_id": [PersonalInvitation.objects.get().pk],
        "number": [server_invitations.create(people["staff"], rooms=[lobby.name]).pk, 999_999],
        "notification_id": list(Notification.objects.values_list("pk", flat=True)[:1]),
        "device_id": [999_999],
        "session_id": [999_999],
        "account_id": [999_999],
        "key": ["abc", _picture_of(people["owner"], private.name).key],
        "side": [360, 7],
        "group": ["files", "nothing"],
        "token": ["unknown"],
        "uidb36": ["1"],
        "id": [people["member"].pk],
        "bot_id": [bot_user.bot.pk, 999_999],
        "object_id": [lobby.pk, 999_999],
        "content_type_id": ["1"],
        "app_label": ["rooms", "bot"],
        "url": ["nothing"],
    }


def _picture_of(user, room_name: str):
    """One that has been sent, with small pictures of it."""
    incoming = IncomingFile("teal.png")
    incoming.write(picture(400, 300))
    incoming.finish()
    async_to_sync(make_previews)(incoming)
    found = uploads.take_in(user, room_name, incoming)
    incoming.discard()
    messages.post(user, room_name, "", files=[found.key])
    return found


def routes(patterns=None, before: str = "/") -> list[str]:
    found = []
    for each in get_resolver().url_patterns if patterns is None else patterns:
        here = before + str(each.pattern)
        found += routes(each.url_patterns, here) if hasattr(each, "url_patterns") else [here]
    return list(dict.fromkeys(found))


def addresses(route: str, values: dict[str, list]) -> list[str]:
    """The addresses of a route, with every value of its parameters."""
    plain = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", route).replace("^", "").replace("$", "")
    parts = re.split(r"<(?:\w+:)?(\w+)>", plain)
    choices = [[part] if index % 2 == 0 else [str(value) for value in values[part]] for index, part in enumerate(parts)]
    return ["".join(choice) for choice in itertools.product(*choices)]


@pytest.fixture
def written():
    """The tables that were written to."""
    found = []

    def watch(execute, sql, params, many, context):
        if (change := CHANGE.match(sql)) and change[1] not in NOISE:
            found.append(change[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield found


@pytest.mark.long
@pytest.mark.any_database  # test_route_rights.py opens every page on both
@pytest.mark.parametrize("who", PEOPLE)
def test_reading_changes_nothing(client, world, written, monkeypatch, who, capsys):
    people, values = world
    published = []
    monkeypatch.setattr("rooms.publishing.publisher.submit", lambda group, payload: published.append((group, payload)))
    monkeypatch.setattr("rooms.kernel.rate_limits.SEARCHES", 100_000)
    monkeypatch.setattr("rooms.kernel.rate_limits.LINKS", 100_000)
    ways = WAYS if who in ALL_WAYS else {"GET": WAYS["GET"]}
    wanted = [address for route in routes() for address in addresses(route, values)] + QUERIES
    if who != "stranger":
        client.force_login(people[who])
    before, cells = rows_of(tables()), 0
    assert all(before[table] for table in ("rooms_room", "rooms_personalinvitation", "rooms_message", "bot_run"))
    written.clear()
    for address in wanted:
        for way, (method, headers) in ways.items():
            if way == "prefetch" and address.startswith(("/admin/", "/accounts/")):
                continue
            answer = getattr(client, method)(address, **headers)
            assert (written, published, mail.outbox) == ([], [], []), f"{who}: {way} {address}"
            assert answer.status_code < 500, f"{who}: {way} {address}: {answer.status_code}"
            cells += 1
    assert rows_of(tables()) == before
    assert (client.get("/chat/").status_code == 200) is (who != "stranger")  # still signed in
    with capsys.disabled():
        print(f"\n{who}: {cells} cells at {len(wanted)} addresses changed nothing", end="")


def test_a_change_would_be_noticed(client, world, written):
    people, _values = world
    client.force_login(people["outsider"])
    before = rows_of(tables())
    written.clear()
    client.post("/chat/lobby/", {"do": "join"})
    assert "rooms_membership" in written
    changed = rows_of(tables())
    assert {table for table in before if before[table] != changed[table]} == {"rooms_membership"}
    assert Room.objects.count() == 4
    assert Bot.objects.exists()


def test_every_parameter_of_an_address_is_known(world):
    _people, values = world
    for route in routes():
        assert addresses(route, values), route
