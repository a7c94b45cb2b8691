"""Whatever is sent: an answer in words, never a fault of ours, and nothing of how we are made."""

import json
from urllib.parse import quote, quote_from_bytes

import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import Redis

from rooms.services import membership, messages

from .wire_fields import EVENTS
from .wire_fields import PAGE_COMMANDS as COMMANDS

FIELDS = sorted({name.rstrip("?") for fields in COMMANDS.values() for name in fields} | {"id", "type"})
MORE_FIELDS = ["title", "kind", "username", "role", "topic", "description"]
NUMBERS = st.sampled_from([0, 1, -1, 2**31, 2**63 - 1, 2**63, 2**64, 10**30, -(2**63) - 1, 0.5, 1e308, True])
WORDS = [
    "lobby",
    "alice",
    "bob",
    "",
    "..",
    "a\x00b",
    "\ud800",
    "\udcff",
    "😀" * 50,
    "x" * 9000,
    "'\";--",
    "%00",
    "{{7*7}}",
    "‮",
]
TEXTS = st.sampled_from([*WORDS, *COMMANDS, "public", "private", "owner"]) | st.text(st.characters(), max_size=30)
VALUES = st.recursive(
    st.none() | NUMBERS | TEXTS | st.uuids().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=3),
    max_leaves=6,
)
OBJECTS = st.dictionaries(st.sampled_from([*FIELDS, *MORE_FIELDS]) | TEXTS, VALUES, max_size=5)
# What gets as far as a command: each field is there, with a value of any kind.
COMMANDS_OF_SORTS = st.sampled_from(sorted(COMMANDS)).flatmap(
    lambda type: st.fixed_dictionaries(
        {"type": st.just(type), "id": st.uuids().map(str)},
        optional={name.rstrip("?"): VALUES | NUMBERS | TEXTS for name in COMMANDS[type]},
    )
)
BODIES = (OBJECTS | COMMANDS_OF_SORTS | VALUES).map(lambda value: json.dumps(value).encode()) | st.binary(max_size=60)
SEGMENTS = st.sampled_from(["lobby", "lobby", "lobby", "nothing"]) | TEXTS.map(
    lambda text: quote(text, "", errors="replace")
)
SEGMENTS |= st.binary(max_size=12).map(lambda data: quote_from_bytes(data, ""))
QUERIES = st.dictionaries(
    st.sampled_from(
        ["before", "after", "around", "limit", "q", "room", "from", "since", "until", "next", "username", "%ff"]
    ),
    SEGMENTS | NUMBERS.map(str) | st.sampled_from(["2026-01-01", "0001-01-01T00:00:00Z", "99999-01-01", '"', "٣"]),
    max_size=3,
).map(lambda query: "&".join(f"{name}={value}" for name, value in query.items()))
LASTS = ["messages", "commands", "online", "invite", "remove", "ban", "appoint", "leave"]
ACCOUNT_PAGES = [
    *("login", "signup", "profile", "tokens", "tokens/{}/revoke"),
    *("password/change", "password/reset", "password/reset/key/{}-{}"),
]

brief = settings(
    max_examples=150,
    derandomize=True,  # the same at each run; other examples are looked for by hand
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def inside(client, alice, bob, settings):
    """alice's browser, in a room where something was said; nobody counts how often."""
    settings.RATE_MESSAGES = 1_000_000
    with Redis.from_url(django_settings.REDIS_URLS[0]) as redis:
        redis.flushdb()
    membership.get_or_create_and_join(alice, "lobby")
    messages.post(bob, "lobby", "hi")
    client.force_login(alice)
    client.raise_request_exception = False
    return client


@pytest.fixture
def often(settings):
    """Before a web process is made: somebody opens hundreds of sockets one after the other."""
    settings.MAX_SOCKETS_PER_USER = 1000


def no_fault(response) -> None:
    assert response.status_code < 500, response.content[:500]
    assert b"Traceback" not in response.content


@pytest.mark.django_db
@brief
@given(
    method=st.sampled_from(["GET", "POST", "POST", "PATCH", "DELETE"]),
    path=st.sampled_from(
        ["rooms", "rooms/{}", "direct", "search", "{}", "{}/{}", "rooms/{}/messages/{}/receipt"]
        + [f"rooms/{{}}/{last}" for last in LASTS]
    ),
    names=st.tuples(SEGMENTS, SEGMENTS | NUMBERS.map(str)),
    query=QUERIES,
    body=BODIES,
)
def test_the_api_answers_garbage_in_words(inside, method, path, names, query, body):
    response = inside.generic(method, f"/api/{path.format(*names)}?{query}", body, "application/json")
    no_fault(response)
    if response.status_code >= 400:
        answer = response.json()
        assert {"code", "reason", "message"} <= set(answer) <= {"code", "reason", "params", "message", "retry_after"}
        assert len(answer["message"]) > 10


@pytest.mark.django_db
@brief
@given(
    path=st.sampled_from(
        [
            "/chat/",
            "/chat/{}/",
            "/chat/{}/about/",
            "/chat/lobby/about/",
            "/chat/invite/{}/",
            "/dm/",
            "/dm/{}/",
            "/search/",
        ]
        + ["/{}", "/healthz", "/metrics", "/static/{}"]
        + [f"/accounts/{last}/" for last in ACCOUNT_PAGES]
    ),
    names=st.tuples(SEGMENTS | NUMBERS.map(str), SEGMENTS),
    query=QUERIES,
    form=st.none()
    | st.dictionaries(
        st.sampled_from(
            ["message", "title", "do", "username", "role", "topic", "ban", "days", "uses", "link", "login", "password"]
            + [
                "id",
                "private",
                "muted",
                "password1",
                "password2",
                "email",
                "status",
                "theme",
                "language",
                "name",
                "next",
            ]
        ),
        st.sampled_from(
            [
                "describe",
                "invite",
                "remove",
                "ban",
                "make_moderator",
                "mute",
                "make_link",
                "revoke_link",
                "bob",
                "7",
                "on",
            ]
        )
        | TEXTS.map(lambda text: text.encode(errors="replace").decode())
        | NUMBERS.map(str),
        max_size=5,
    ),
)
def test_the_pages_answer_garbage_in_words(inside, path, names, query, form):
    address = f"{path.format(*names)}?{query}"
    no_fault(inside.get(address) if form is None else inside.post(address, form))


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@brief
@given(frames=st.lists(BODIES.map(lambda body: body.decode(errors="replace")) | st.binary(max_size=30), max_size=8))
def test_a_socket_answers_garbage_in_words(often, web, alice, frames):
    membership.get_or_create_and_join(alice, "lobby")
    with web.open(alice, "lobby") as socket:
        socket.wait("welcome")
        for frame in frames:
            socket.raw(frame)
        id = socket.send("read", seq=0)  # answered in order, after all of them
        while (event := socket.next()).get("id") != id:
            assert event["type"] in EVENTS
            assert event.get("code") != "internal", event
        assert event["type"] == "ack"


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@brief
@given(frames=st.lists(BODIES.map(lambda body: body.decode(errors="replace")) | st.binary(max_size=30), max_size=8))
def test_a_page_answers_garbage_in_words(often, web, alice, frames):
    membership.get_or_create_and_join(alice, "lobby")
    with web.open_page(alice) as page:
        page.subscribe("lobby")
        for frame in frames:
            page.raw(frame)
        id = page.send("ping")  # answered in order, after all of them
        while (event := page.next()).get("id") != id:
            assert event["type"] in EVENTS
            assert event.get("code") != "internal", event
        assert event["type"] == "ack"
