"""F17, F18: a room that another program holds locked, and one held by a program that falls silent."""

import asyncio
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import asynccontextmanager

import psycopg

from e2e.stack import ROOT
from mysite import database
from mysite.supervisor.child import spawn

from .crowd import complete, reckon, talk
from .fault import POSTGRESQL, fault
from .report import Report, p95
from .world import World

LOCKED = 20  # seconds
CALLS = 30  # of the API, for the locked room: more than a process has connections to the database
ANSWERED = 10  # seconds after which a client takes the line for dead

_HOLD = """
import django; django.setup()
from django.db import transaction
from rooms.models import Room
with transaction.atomic():
    Room.objects.select_for_update().get(name={room!r})
    print("locked", flush=True)
    input()
"""


@fault("F17", f"another program locks a room for {LOCKED} s", POSTGRESQL)
async def test_locked(world: World, report: Report) -> None:
    clients = await world.everyone_in()
    room = world.rooms[0]
    talking = asyncio.create_task(talk(clients, LOCKED + 6, 30))
    await asyncio.sleep(2)
    async with await psycopg.AsyncConnection.connect(world.cluster.url) as other:
        await other.execute("SELECT 1 FROM rooms_room WHERE name = %s FOR UPDATE", [room])
        at = time.monotonic()
        waiting = asyncio.create_task(_most_waiting(world, at + LOCKED))
        calls = [asyncio.create_task(asyncio.to_thread(_post, world, room)) for _ in range(CALLS)]
        pages = await _load_pages(world, world.rooms[1], at + LOCKED - 1)
        answers = await asyncio.gather(*calls)
        most = await waiting
    back = time.monotonic()
    said = await talking
    ended = time.monotonic()
    done = await complete(clients)
    there, elsewhere = _by_room(clients, [each for each in said if at <= each.begun <= back], room)
    refusals = [code for each in there for code in each.refusals]
    report.note(f"{len(there)} messages were said in the locked room, and refused {len(refusals)} times")
    report.check(f"refused as {sorted(set(refusals))}", set(refusals) == {"unavailable"})
    report.check(f"{CALLS} calls of the API for it are answered {sorted(set(answers))}", set(answers) == {503})
    report.at_most(f"the {len(elsewhere)} echoes elsewhere, p95", _echo(elsewhere), 200, "ms")
    report.at_most(f"{len(pages)} pages elsewhere, p95", p95(pages), 1)
    report.at_most("sessions of two processes that wait for the lock", most, 4, "")  # a post and a call of the API each
    report.at_most("everyone complete after the end of the lock and of the talk", done - max(back, ended), 10)
    await _reckon(world, clients, report)


@fault("F18", "a program falls silent in a transaction that holds a room", POSTGRESQL)
async def test_silent(world: World, report: Report) -> None:
    clients = await world.everyone_in()
    talking = asyncio.create_task(talk(clients, 14, 20))
    await asyncio.sleep(2)
    async with holder(world, world.rooms[0]) as process:
        process.send_signal(signal.SIGSTOP)
        at = time.monotonic()
        said = await talking
        await complete(clients)
        goes_on(world, clients, [each for each in said if each.begun >= at], at, report)
    await _reckon(world, clients, report)


def goes_on(world: World, clients, said, at: float, report: Report) -> None:
    """The first room was held by who fell silent at that moment; it is free when the server has ended that session."""
    there, elsewhere = _by_room(clients, said, world.rooms[0])
    report.at_most(f"the room goes on ({len(there)} messages) after", min(each.acked for each in there) - at, FREE)
    report.at_most(f"the {len(elsewhere)} echoes elsewhere, p95", _echo(elsewhere), 200, "ms")


FREE = database.IDLE_IN_TRANSACTION_TIMEOUT + 3  # seconds: until the server ends the session, and somebody tries again


@asynccontextmanager
async def holder(world: World, room: str, prefix: tuple[str, ...] = (), **environment: str):
    """A program with the settings of an installation that holds a room in a transaction. prefix: before its command."""
    command = [*prefix, sys.executable, "-c", _HOLD.format(room=room)]
    own = {"DJANGO_SETTINGS_MODULE": "mysite.settings", "ROUNDTABLE_FAULT": ""}
    given = world.stack.environment | own | environment
    process = spawn(command, cwd=ROOT, env=given, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        found = await asyncio.to_thread(process.stdout.readline)
        assert found == b"locked\n", "the room could not be locked"
        yield process
    finally:
        process.kill()
        await asyncio.to_thread(process.communicate)


async def _reckon(world: World, clients, report: Report) -> None:
    drops = sum(len(client.drops) for client in clients)
    report.check(f"{drops} connections lost", not drops)
    await reckon(world, clients, report)


def _by_room(clients, said, room: str) -> tuple[list, list]:
    """What was said in this room, and elsewhere."""
    rooms = {each.id: client.room for client in clients for each in client.said.values()}
    return [each for each in said if rooms[each.id] == room], [each for each in said if rooms[each.id] != room]


def _echo(said) -> float:
    return p95(each.seen - each.begun for each in said) * 1000


async def _most_waiting(world: World, until: float) -> int:
    most = 0
    async with await psycopg.AsyncConnection.connect(world.cluster.url, autocommit=True) as watcher:
        while time.monotonic() < until:
            found = await watcher.execute("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
            most = max(most, (await found.fetchone())[0])
            await asyncio.sleep(0.05)
    return most


async def _load_pages(world: World, room: str, until: float) -> list[float]:
    """How long each took."""
    found = []
    while (at := time.monotonic()) < until:
        status, _body = await world.get(f"/chat/{room}/")
        assert status == 200, f"a page elsewhere: {status}"
        found.append(time.monotonic() - at)
        await asyncio.sleep(0.3)
    return found


def _post(world: World, room: str) -> int:
    """The status of a call of the API that posts into a room."""
    person = next(person for person in world.people if person["room"] == room)
    headers = {"Authorization": f"Bearer {person['token']}", "Content-Type": "application/json"}
    url = f"{world.stack.base_url}/api/rooms/{room}/messages"
    request = urllib.request.Request(url, b'{"message": "from a script"}', headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
