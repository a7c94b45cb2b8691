"""A room that another program holds: one thread of the process waits for it, whatever asks."""

import json
import threading
import urllib.error
import urllib.request
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.db import OperationalError, connection, transaction
from psycopg_pool import PoolTimeout

from accounts.models import Token
from mysite.tests.waiting import PATIENCE
from rooms.kernel.errors import ChatError
from rooms.models import Room
from rooms.services import membership, messages, room_locks
from rooms.services.room_locks import lock_room, lock_room_or_none

from .writing import hold, most_waiting, on_postgresql

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def liked(lobby, alice) -> int:
    return messages.post(alice, "lobby", "like this").message_id


@pytest.fixture
def locked(lobby, liked):
    """The lobby, while another program holds it."""
    begun, go_on = threading.Event(), threading.Event()
    holding = threading.Thread(target=hold, args=(lobby, begun, go_on))
    holding.start()
    assert begun.wait(PATIENCE)
    yield lobby
    go_on.set()
    holding.join()


def attempt(room) -> str:
    try:
        with transaction.atomic():
            lock_room(room.pk)
        return "locked"
    except OperationalError as error:
        return str(error)
    finally:
        connection.close()


def test_a_room_that_is_gone_is_not_found(lobby):
    Room.objects.filter(pk=lobby.pk).delete()
    with transaction.atomic():
        assert lock_room_or_none(lobby.pk) is None
        with pytest.raises(ChatError, match="There is no such room"):
            lock_room(lobby.pk)


@on_postgresql
def test_the_others_are_turned_away_while_one_waits(locked, alice):
    other = membership.get_or_create_and_join(alice, "Kitchen")
    with ThreadPoolExecutor(8) as threads:
        waits = [threads.submit(attempt, locked) for _ in range(7)]
        assert threads.submit(attempt, other).result(PATIENCE) == "locked"
        waiting = most_waiting(lambda: all(each.done() for each in waits))
        said = [each.result() for each in waits]
    assert waiting == 1
    assert said.count(f"room {locked.pk} is locked by another program") == 6
    assert sum("lock timeout" in each for each in said) == 1


@on_postgresql
def test_threads_that_take_turns_all_get_theirs(lobby, monkeypatch):
    monkeypatch.setattr(room_locks, "STALLED", 1.0)
    with ThreadPoolExecutor(8) as threads:
        assert {each.result() for each in [threads.submit(attempt, lobby) for _ in range(60)]} == {"locked"}


@pytest.fixture
def few_connections():
    """The pool, while all but three of its connections are in other hands."""
    pool, held = connection.pool, []
    with suppress(PoolTimeout):
        while True:
            held.append(pool.getconn(timeout=0.5))
    for _each in range(3):
        pool.putconn(held.pop())
    yield pool
    for each in held:
        pool.putconn(each)


@on_postgresql
def test_calls_of_the_api_for_a_locked_room_leave_connections_to_the_others(
    web, locked, liked, alice, fast, few_connections
):
    """Many more calls than the pool has connections; and the list of rooms still answers."""
    reaction = {"type": "react", "id": str(uuid.uuid4()), "message_id": liked, "emoji": "👍"}
    token = Token.issue(alice, "test")[1]
    with ThreadPoolExecutor(40) as threads:
        calls = [threads.submit(call, web, token, "/lobby/messages", {"message": "x"}) for _ in range(20)]
        calls += [threads.submit(call, web, token, "/lobby/commands", reaction) for _ in range(20)]
        waiting = threads.submit(most_waiting, lambda: all(each.done() for each in calls))
        assert call(web, token, "") == 200
        assert {each.result() for each in calls} == {503}
    assert waiting.result() == 1


def call(web, token: str, path: str, body: dict | None = None) -> int:
    """The HTTP status of a call of the API."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{web.origin}/api/rooms{path}", data, headers)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
