"""Against a real Redis, and against a server that accepts connections and never answers."""

import asyncio
import socket

import pytest

from common.redis_clients import MAX_CONNECTIONS, REDIS_AWAY, make_async_client, make_client

SOON = 0.05  # seconds


@pytest.fixture
def url(redis_server, settings) -> str:
    return settings.REDIS_URLS[0]


@pytest.fixture
def silent():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def address(server: socket.socket) -> str:
    return f"redis://127.0.0.1:{server.getsockname()[1]}"


def connections(server: socket.socket) -> int:
    """How many came, not counted before."""
    count = 0
    while True:
        try:
            server.accept()[0].close()
        except BlockingIOError:
            return count
        count += 1


@pytest.mark.parametrize("decode, answer", [(False, b"PONG"), (True, "PONG")])
async def test_both_kinds_ask_redis(url, decode, answer):
    with make_client(url, 10, decode) as client:
        assert client.echo("PONG") == answer
    async with make_async_client(url, 10, decode) as client:
        assert await client.echo("PONG") == answer


def test_a_redis_that_hangs_is_asked_once(silent):
    with make_client(address(silent), SOON) as client, pytest.raises(REDIS_AWAY):
        client.ping()
    assert connections(silent) == 1


async def test_the_loops_client_asks_once_too(silent):
    async with make_async_client(address(silent), SOON) as client:
        with pytest.raises(REDIS_AWAY):
            await client.ping()
    assert connections(silent) == 1


async def test_more_callers_than_redis_py_admits_are_served(url):
    """Its own limit is 100 connections; MAX_CONNECTIONS is ours."""
    async with make_async_client(url, 10) as client:
        assert set(await asyncio.gather(*(client.ping() for _ in range(120)))) == {True}
        assert client.connection_pool.max_connections == MAX_CONNECTIONS
