"""What balancers, orchestrators, `serve` and people ask a process."""

import logging
import os
import re
import shutil
import signal
from collections import namedtuple

import pytest
from django.db import OperationalError
from django.test import AsyncClient, Client

from common.outages import Outages
from mysite.monitoring import health, liveness
from rooms.services import membership, posting
from rooms.services.posting import Post

pytestmark = pytest.mark.django_db(transaction=True)
FULL = namedtuple("Usage", "total used free")(10**9, 10**9, 4096)


@pytest.fixture(autouse=True)
def nothing_noted(monkeypatch):
    monkeypatch.setattr(health, "_outages", Outages("mysite.monitoring.health"))


async def ask(path="/healthz"):
    response = await AsyncClient().get(path, headers={"host": "10.1.2.3"})  # by address, as balancers do
    return response.status_code, response.json()


async def test_all_is_well():
    parts = dict.fromkeys(("status", "database", "redis", "threads", "writes", "jobs", "disk"), "ok")
    assert await ask() == (200, parts)
    assert await ask("/readyz") == (200, dict.fromkeys(("status", "database", "threads"), "ok"))
    assert await ask("/livez") == (200, dict.fromkeys(("status", "threads"), "ok"))


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/livez"])
def test_it_answers_without_a_loop_too(path):
    assert Client().get(path).status_code == 200


async def test_one_of_several_redis_is_gone_and_the_process_can_serve_all_the_same(settings):
    settings.REDIS_URLS = [*settings.REDIS_URLS, "unix:///nowhere/redis.sock"]
    status, found = await ask()
    assert (status, found["status"], found["database"]) == (503, "unavailable", "ok")
    assert found["redis"] != "ok"
    assert [(await ask(path))[0] for path in ("/readyz", "/livez")] == [200, 200]


async def test_redis_hangs(redis_server):
    os.kill(redis_server.process.pid, signal.SIGSTOP)
    try:
        status, found = await ask()
        assert (await ask("/readyz"))[0] == 200
    finally:
        os.kill(redis_server.process.pid, signal.SIGCONT)
    assert (status, found["database"], found["redis"]) == (503, "ok", "no answer")


async def test_the_database_is_gone(monkeypatch):
    def refuse():
        raise OperationalError("secret host name")

    monkeypatch.setattr(health, "_query_database", refuse)
    status, found = await ask()
    assert (status, found["database"], found["redis"]) == (503, "OperationalError", "ok")
    assert (await ask("/readyz"))[0] == 503
    assert (await ask("/livez"))[0] == 200  # no reason to start it again


async def test_threads_hang(monkeypatch):
    monkeypatch.setattr(liveness, "find_problem", lambda: "a write has been running for 12 s")
    assert [(await ask(path))[0] for path in ("/healthz", "/readyz", "/livez")] == [503, 503, 200]
    assert (await ask())[1]["threads"] == "stuck"
    monkeypatch.setattr(liveness.process_liveness, "wants_replacement", lambda: True)
    assert await ask("/livez") == (503, {"status": "unavailable", "threads": "stuck"})


async def test_a_disk_is_full(monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: FULL)
    status, found = await ask()
    assert (status, found["disk"]) == (503, "full")
    assert (await ask("/readyz"))[0] == 200  # what was said can be read


def test_messages_cannot_be_saved(alice, monkeypatch):
    room = membership.get_or_create_and_join(alice, "Lobby")
    with monkeypatch.context() as full:
        full.setattr(posting, "_write_rendered", lambda *_: (_ for _ in ()).throw(OperationalError("disk is full")))
        posting.post_many([Post(alice, room.id, "x")])
    assert Client().get("/healthz").json()["writes"] == "failing"
    assert Client().get("/readyz").status_code == 200
    posting.post_many([Post(alice, room.id, "x")])
    assert Client().get("/healthz").json()["writes"] == "ok"


async def test_what_is_wrong_is_one_line_when_it_begins_and_one_when_it_ends(monkeypatch, caplog):
    with caplog.at_level(logging.INFO), monkeypatch.context() as away:
        away.setattr(health, "_query_database", lambda: (_ for _ in ()).throw(OperationalError("gone")))
        for _ in range(5):
            assert (await ask())[0] == (await ask("/readyz"))[0] == 503
        away.setattr(health, "_query_database", lambda: None)
        for _ in range(5):
            assert (await ask("/readyz"))[0] == 200
    lines = [
        re.sub(r"\d+ s", "… s", record.getMessage()) for record in caplog.records if record.levelno >= logging.WARNING
    ]
    assert lines == ["database: OperationalError", "database: ok again after … s"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/livez"])
async def test_no_cookie_and_no_session(path):
    response = await AsyncClient().get(path)
    assert not response.cookies
    assert response["cache-control"] == "no-store"
