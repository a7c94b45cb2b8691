"""F27: a backup is made while people post, and becomes another server."""

import asyncio
import sys
import time
from pathlib import Path

from e2e.stack import ROOT, Stack

from .client import Client
from .crowd import complete, reckon, talk
from .fault import BOTH, fault
from .report import Report, p95
from .world import World

OLDER = """
from rooms.models import Room
from rooms.services import messages
from accounts.models import User
writer, room = User.objects.get(username="person0"), Room.objects.get(name="{room}")
from rooms.services.posting import Post, post_many
for number in range(200):
    post_many([Post(writer, room.id, f"older {{number}} {{each}} and what was said long ago") for each in range(50)])
"""
SAVED = """
from rooms.models import Message
print(*Message.objects.exclude(client_id=None).values_list("client_id", flat=True))
"""
HEADS = """
from django.db.models import Count, Max
from rooms.models import Message
for room, rows, last in Message.objects.values_list("room__name").annotate(Count("pk"), Max("seq")):
    print(room, rows, last)
"""


@fault(
    "F27", "a backup is made during 50 messages a second, and restored into an empty folder", BOTH, people=20, rooms=2
)
async def test_backup_under_load(world: World, report: Report) -> None:
    clients = await world.everyone_in()
    world.stack.run(OLDER.format(room=world.rooms[0]))
    quiet = await talk(clients, 4, 50)
    await complete(clients)
    talking = asyncio.create_task(talk(clients, 15, 50))
    await asyncio.sleep(3)
    acked = {each.id for client in clients for each in client.said.values() if each.acked}
    file, begun = world.folder / "backup.tar", time.monotonic()
    report.note(await _backup(world, file))
    ended = time.monotonic()
    said = [each for each in await talking if begun <= each.begun <= ended]
    await complete(clients)
    before, meanwhile = (p95(each.acked - each.begun for each in some) for some in (quiet, said))
    report.note(f"ack p95 {before * 1000:.0f} ms before, {meanwhile * 1000:.0f} ms of {len(said)} while it was made")
    report.at_most("acks while it was made, p95", meanwhile, 1)
    await reckon(world, clients, report)
    everything = {each.id for client in clients for each in client.said.values()}
    await world.everyone_out()
    await _restored(world, file, report, acked, everything)


async def _backup(world: World, file: Path) -> str:
    command = [sys.executable, "manage.py", "backup", str(file)]
    environment = world.stack.environment
    pipes = {"stdout": asyncio.subprocess.PIPE, "stderr": asyncio.subprocess.STDOUT}
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment, **pipes)
    printed, _nothing = await process.communicate()
    assert process.returncode == 0, printed.decode()
    return printed.decode().strip()


async def _restored(world: World, file: Path, report: Report, acked: set[str], everything: set[str]) -> None:
    """In SQLite, whatever it was made of. People come with the tokens they had, and go on."""
    folder = world.folder / "restored"
    folder.mkdir()
    stack = Stack(folder, prepared=False, WEB_WORKERS=1, BOT_WORKERS=0, RATE_MESSAGES=1_000_000)
    stack.manage("restore", str(file))
    with stack:
        saved = set(stack.run(SAVED).split())
        report.check(f"{len(acked - saved)} of {len(acked)} acked before it began are missing", not acked - saved)
        report.check(f"{len(saved - everything)} messages that nobody sent", not saved - everything)
        heads = [line.split() for line in stack.run(HEADS).splitlines()]
        report.check(f"numbers of rooms without a hole: {heads}", all(rows == last for _room, rows, last in heads))
        await _go_on(world, stack, report, {room: int(last) for room, _rows, last in heads})
        report.check("the audit log is whole", "the chain ends" in stack.manage("checkaudit"))
        stack.stop()


async def _go_on(world: World, stack: Stack, report: Report, heads: dict[str, int]) -> None:
    """As pages that were loaded anew."""
    writer, reader = (Client(stack.base_url, person["token"], world.rooms[0]) for person in _two(world))
    for client in (writer, reader):
        client.view.seq = heads[client.room]
        client.open()
        await client.live(60)
    said = writer.say("and on we go")
    await complete([writer, reader])
    report.check("what is said there comes to others", said.ack["seq"] == reader.view.seq)
    for client in (writer, reader):
        await client.close()


def _two(world: World) -> list[dict]:
    return [person for person in world.people if person["room"] == world.rooms[0]][:2]
