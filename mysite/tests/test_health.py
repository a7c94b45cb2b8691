"""GET /healthz: what a load balancer and `serve` ask."""

import os
import signal

import pytest
from django.test import AsyncClient, Client

pytestmark = pytest.mark.django_db(transaction=True)


async def ask():
    response = await AsyncClient().get("/healthz", headers={"host": "10.1.2.3"})  # by address, as balancers do
    return response.status_code, response.json()


async def test_all_is_well():
    assert await ask() == (200, {"status": "ok", "database": "ok", "redis": "ok"})


def test_it_answers_without_a_loop_too():
    assert Client().get("/healthz").status_code == 200


async def test_redis_is_gone(settings):
    settings.REDIS_URLS = [*settings.REDIS_URLS, "unix:///nowhere/redis.sock"]
    status, found = await ask()
    assert (status, found["status"], found["database"]) == (503, "unavailable", "ok")
    assert found["redis"] != "ok"


async def test_redis_hangs(redis_server):
    os.kill(redis_server.process.pid, signal.SIGSTOP)
    try:
        status, found = await ask()
    finally:
        os.kill(redis_server.process.pid, signal.SIGCONT)
    assert (status, found) == (503, {"status": "unavailable", "database": "ok", "redis": "no answer"})


async def test_the_database_is_gone(monkeypatch):
    def refuse():
        from django.db import OperationalError

        raise OperationalError("secret host name")

    monkeypatch.setattr("mysite.health._ask_database", refuse)
    status, found = await ask()
    assert (status, found["database"], found["redis"]) == (503, "OperationalError", "ok")


async def test_no_cookie_and_no_session():
    response = await AsyncClient().get("/healthz")
    assert not response.cookies
    assert response["cache-control"] == "no-store"
