"""F6, F9: sockets that never read, and somebody who was away for long."""

import asyncio
import base64
import os
import socket
import time

import psutil

from .crowd import complete, reckon, talk
from .fault import fault
from .report import Report, p95
from .world import World

DEAF = 20
LONG = "many words " * 100


@fault("F6", f"{DEAF} of 200 sockets never read", people=200, rooms=2)
async def test_deaf(world: World, report: Report) -> None:
    busy, quiet = (world.people[n::2] for n in range(2))
    clients = await world.everyone_in(busy[DEAF // 2 :] + quiet[DEAF // 2 :])
    talkers = [client for client in clients if client.room == busy[0]["room"]]
    before = await talk(talkers, 15, 20, LONG)
    await complete(clients)
    memory = world.memory()
    # Half of them in the room where much is said; half where nothing is, whose pings they do not answer either.
    sockets = [_never_reads(world, person) for person in busy[: DEAF // 2] + quiet[: DEAF // 2]]
    ports = {sock.getsockname()[1] for sock in sockets}
    begun, most, closed = time.monotonic(), 0, None
    talking = asyncio.create_task(talk(talkers, 30, 20, LONG))
    while closed is None and time.monotonic() < begun + 75:
        await asyncio.sleep(0.5)
        most = max(most, world.memory() - memory)
        if not _open_ports(world) & ports:
            closed = time.monotonic() - begun
    during = await talking
    await complete(clients)
    for sock in sockets:
        sock.close()
    echo = [p95(each.seen - each.begun for each in said) * 1000 for said in (before, during)]
    report.at_most("memory of the web processes grew by", most / 2**20, 50, "MiB")
    report.at_most(f"the others' p95 (was {echo[0]:.0f} ms)", echo[1], echo[0] * 1.5 + 20, "ms")
    report.at_most("all who do not read are closed after", closed or float("inf"), 60)
    await reckon(world, clients, report)


@fault("F9", "somebody is away, and 500 messages are said", people=8, rooms=1)
async def test_away(world: World, report: Report) -> None:
    clients = await world.everyone_in()
    await talk(clients, 2, 20)
    await complete(clients)
    absent, others = clients[0], clients[1:]
    await absent.read()
    await absent.close()
    gone, head = time.monotonic(), absent.view.seq
    said = [others[n % len(others)].say(f"{n} words about nothing") for n in range(500)]
    await complete(others)
    assert all(each.acked for each in said)
    await asyncio.sleep(max(0.0, world.away - (time.monotonic() - gone)))
    unread = (await world.api("/api/rooms", world.people[0]))["rooms"][0]["unread"]
    report.note(f"away for {time.monotonic() - gone:.0f} s (set by --away)")
    report.check(f"{unread} unread in the list of rooms", unread == 500)
    begun = time.monotonic()
    absent.open()
    done = await complete(clients)
    report.note(f"complete {done - begun:.2f} s after coming back")
    caught = absent.caught_up[1:]
    report.check(f"one catch-up, of {caught} changes", caught == [500])
    report.check(f"number {head} led to {absent.view.seq}", absent.view.seq == head + 500)
    await absent.read()
    await asyncio.sleep(0.5)
    unread = (await world.api("/api/rooms", world.people[0]))["rooms"][0]["unread"]
    report.check(f"{unread} unread when it was read", unread == 0)
    await reckon(world, clients, report)


def _never_reads(world: World, person: dict) -> socket.socket:
    """A socket that shakes hands and then reads nothing more."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.connect(("127.0.0.1", world.stack.port))
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [
        f"GET /ws/chat/{person['room']}/ HTTP/1.1",
        f"Host: 127.0.0.1:{world.stack.port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Protocol: chat.v1",
        f"Authorization: Bearer {person['token']}",
    ]
    sock.sendall("\r\n".join([*lines, "", ""]).encode())
    answer = sock.recv(64)
    assert b" 101 " in answer, answer
    return sock


def _open_ports(world: World) -> set[int]:
    """The far ends of the connections that the web processes have."""
    found = [psutil.Process(pid).net_connections("tcp") for pid in world.stack.pids("web")]
    return {one.raddr.port for some in found for one in some if one.raddr}
