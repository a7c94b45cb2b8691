"""The HTTP API when something is wrong: limits, a database that is away, a fault of ours."""

import logging
import uuid

import pytest
from django.db import OperationalError, connection

from rooms.kernel.errors import unavailable
from rooms.models import Message

from .api_calls import ALL, BODIES
from .api_client import code

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast")]


def test_who_writes_too_much_is_told_when_to_go_on(api, lobby, settings):
    settings.RATE_MESSAGES, settings.REDIS_PREFIX = 3, f"limits-{uuid.uuid4()}"
    answers = [api.post("/api/rooms/lobby/messages", {"message": "x"}) for _ in range(4)]
    assert [status for status, _body in answers] == [201, 201, 201, 429]
    assert 0 < answers[-1][1]["retry_after"] <= settings.RATE_SECONDS
    assert api.get("/api/rooms/lobby/messages")[0] == 200


def test_what_is_posted_without_a_script_counts_as_well(client, api, alice, lobby, settings):
    settings.RATE_MESSAGES, settings.REDIS_PREFIX = 2, f"limits-{uuid.uuid4()}"
    client.force_login(alice)
    for number in range(2):
        page = client.post("/chat/lobby/", {"message": f"n{number}", "id": str(uuid.uuid4())})
        assert page.status_code == 302
    page = client.post("/chat/lobby/", {"message": "too much", "id": str(uuid.uuid4())})
    assert (page.status_code, "You are sending messages too fast" in page.content.decode()) == (429, True)
    assert code(api.post("/api/rooms/lobby/messages", {"message": "too much"})) == (429, "rate_limited")
    assert Message.objects.count() == 2


@pytest.mark.parametrize("path", ["/api/rooms/lobby/messages", "/chat/lobby/"])
def test_what_could_not_be_posted_does_not_count(client, api, alice, lobby, settings, monkeypatch, path):
    settings.RATE_MESSAGES, settings.REDIS_PREFIX = 1, f"limits-{uuid.uuid4()}"
    client.force_login(alice)

    def post() -> int:
        if path.startswith("/api"):
            return api.post(path, {"message": "x"})[0]
        return client.post(path, {"message": "x", "id": str(uuid.uuid4())}).status_code

    with monkeypatch.context() as away:
        away.setattr("rooms.services.messages.post_many", lambda posts: [unavailable()])
        assert [post() for _ in range(3)] == [503] * 3
    assert [post() for _ in range(2)] == [201 if path.startswith("/api") else 302, 429]


@pytest.mark.parametrize(("method", "path"), ALL)
def test_a_database_that_is_away_is_unavailable(api, lobby, method, path, caplog):
    def away(*args):
        raise OperationalError("gone")

    with connection.execute_wrapper(away), caplog.at_level(logging.CRITICAL, "rooms.api.framework"):
        status, body = api(method, path.format("lobby"), BODIES.get(path.rsplit("/", 1)[-1]))
    assert (status, body["code"]) == (503, "unavailable")
    assert body["retry_after"] > 0


def test_a_fault_of_ours_is_a_number_to_quote_and_no_detail(api, lobby, monkeypatch, caplog):
    def fault(*args):
        raise KeyError("secret detail")

    monkeypatch.setattr("rooms.queries.own_rooms.rooms_of", fault)
    status, body = api.get("/api/rooms")
    assert (status, body["code"]) == (500, "internal")
    assert "secret" not in body["message"]
    quoted = body["message"].rstrip(".").split()[-1]
    assert quoted in caplog.text
