"""F10, F14, F16: a database call that stalls, a database that is gone, and one that hangs."""

import asyncio
import json
import resource
import sqlite3
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg

from .crowd import complete, reckon, talk
from .fault import BOTH, fault
from .report import Report, p95
from .world import World

STALLS = 6
HANGS = 25  # seconds


@fault("F10", f"{STALLS} database calls stall for 3 s each", BOTH, fault="slow_read", workers=1)
async def test_stalled(world: World, report: Report) -> None:
    clients = await world.everyone_in()
    await talk(clients, 3, 40)
    waits = []

    async def stall():
        async with world.socket(world.people[0]) as line:
            id, begun = str(uuid.uuid4()), time.monotonic()
            await line.send(json.dumps({"type": "resume", "id": id, "since": 3_000_000}))
            while f'"id":"{id}"' not in (await line.recv()):
                pass
            waits.append(time.monotonic() - begun)

    talking = asyncio.create_task(talk(clients, 8, 40))
    stalls = []
    for _ in range(STALLS):
        stalls.append(asyncio.create_task(stall()))
        await asyncio.sleep(1)
    said = await talking
    await asyncio.gather(*stalls)
    await complete(clients)
    report.note(f"{len(waits)} calls stalled, each {min(waits):.1f} s or longer, up to three at a time in one process")
    report.check("the fault was met", min(waits) >= 3)
    report.at_most("the other sockets' echo, p95", p95(each.seen - each.begun for each in said) * 1000, 200, "ms")
    if world.cluster:
        await _locked_room(world, clients, report)
    await reckon(world, clients, report)


async def _locked_room(world: World, clients, report: Report) -> None:
    """Where a row can be locked by itself: a room whose row another program holds stalls nobody elsewhere."""
    talking = asyncio.create_task(talk(clients, 6, 40))
    await asyncio.sleep(1)
    async with await psycopg.AsyncConnection.connect(world.cluster.url) as other:
        await other.execute("SELECT 1 FROM rooms_room WHERE name = %s FOR UPDATE", [world.rooms[0]])
        at = time.monotonic()
        await asyncio.sleep(3)
    said = await talking
    await complete(clients)
    rooms = {said.id: client.room for client in clients for said in client.said.values()}
    meanwhile = [each for each in said if at <= each.begun <= at + 3]
    there = [each.seen - each.begun for each in meanwhile if rooms[each.id] == world.rooms[0]]
    elsewhere = [each.seen - each.begun for each in meanwhile if rooms[each.id] != world.rooms[0]]
    report.note(f"then a room was locked for 3 s; its {len(there)} messages waited up to {max(there):.1f} s")
    report.at_most(f"the {len(elsewhere)} echoes elsewhere, p95", p95(elsewhere) * 1000, 200, "ms")


@fault("F14", "the database is gone for 10 s", BOTH)
async def test_gone(world: World, report: Report) -> None:
    clients = await world.everyone_in()
    talking = asyncio.create_task(talk(clients, 18, 20))
    await asyncio.sleep(4)
    if world.cluster:
        world.cluster.stop()
    else:
        _no_more_writes(world, True)
    at = time.monotonic()
    await asyncio.sleep(10)
    if world.cluster:
        world.cluster.start()
    else:
        _no_more_writes(world, False)
    await _afterwards(clients, talking, (at, time.monotonic() - 2), report)
    await reckon(world, clients, report)


@fault("F16", f"the database hangs for {HANGS} s", BOTH)
async def test_hanging(world: World, report: Report) -> None:
    clients = await world.everyone_in()
    talking = asyncio.create_task(talk(clients, HANGS + 8, 20))
    await asyncio.sleep(4)
    with world.cluster.hanging() if world.cluster else _locked(world):
        at = time.monotonic()
        await asyncio.sleep(HANGS)
        back = time.monotonic()
    await _afterwards(clients, talking, (at, back - 10), report)
    drops = sum(len(client.drops) for client in clients)
    report.check(f"{drops} connections lost", not drops)
    await reckon(world, clients, report)


async def _afterwards(clients, talking: asyncio.Task, outage: tuple[float, float], report: Report) -> None:
    """What was said in the outage was refused, with the one code that says so; then all is said."""
    back = time.monotonic()
    said = await talking
    ended = time.monotonic()
    done = await complete(clients)
    meanwhile = [each for each in said if outage[0] <= each.begun <= outage[1]]
    refusals = [code for each in meanwhile for code in each.refusals]
    report.note(f"{len(meanwhile)} messages were said without a database, and refused {len(refusals)} times")
    report.check(f"refused as {sorted(set(refusals))}", set(refusals) == {"unavailable"})
    report.at_most("everyone complete after the end of the outage and of the talk", done - max(back, ended), 10)


@contextmanager
def _locked(world: World) -> Iterator[None]:
    """SQLite's file, held by another program that writes."""
    with closing(sqlite3.connect(world.stack.folder / "data" / "roundtable.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def _no_more_writes(world: World, now: bool) -> None:
    """SQLite's file takes no byte more, as on a disk that is full or gone."""
    for pid in world.stack.pids("web"):
        _soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0 if now else hard, hard))
