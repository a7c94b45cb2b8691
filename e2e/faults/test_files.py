"""F21: `kill -9` of whoever takes part, at each step of an upload and of a send."""

import asyncio
import hashlib
import json
import os
import signal
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field

from files.tests.pictures import picture

from .client import Client
from .crowd import complete, load, reckon
from .fault import DURABLE, SQLITE, fault
from .report import Report
from .uploads import Uploader
from .world import World

SIZE = 2 * 10**6  # as stop_at_step.py has it
_END = ("whole", "in the store, no row", "rows, no commit", "kept, not answered")
FORM = ("first bytes", "half", *_END)
PIECES = ("begun, no row", "begun, not answered", "first piece", "half in pieces", "all pieces", *_END)
SEND = ("message, no commit", "message, no ack")
INDEX = ("not indexed", "indexed, job not done")
PREVIEWS = ("small pictures made", "small pictures kept, room not told")
DELETE = "row gone, bytes not"
SECONDS = 120  # in which a step is reached, and a message sent


@dataclass
class Files:
    """Sends files with messages, while something is killed."""

    world: World
    clients: list[Client]
    uploader: Uploader
    sent: dict[str, tuple[str, bytes]] = field(default_factory=dict)  # name and digest, by the client id of the message
    drawn: set[str] = field(default_factory=set)  # of these, whose small pictures come later

    async def upload(self, way: str, data: bytes = b"") -> str:
        data = data or os.urandom(SIZE)
        send = self.uploader.send_form if way == "form" else self.uploader.send_pieces
        id = await asyncio.to_thread(send, name := f"file{len(self.sent)}.bin", data)
        self._last = name, hashlib.sha256(data).digest()
        return id

    async def say(self, id: str) -> str:
        name, digest = self._last
        said = self.clients[0].say(f"with {name}", [id])
        self.sent[said.id] = name, digest
        await complete(self.clients, SECONDS)
        return said.id

    async def at(self, step: str, victim: str, work: Callable[[], Coroutine]):
        """Do it, and kill the victim at this step."""
        wanted, reached = (self.world.folder / name for name in ("wanted", "reached"))
        wanted.write_text(step)
        doing = asyncio.create_task(work())
        for _ in range(SECONDS * 100):
            if reached.exists():
                break
            await asyncio.sleep(0.01)
        else:
            raise AssertionError(f"nobody came to: {step}")
        if victim == "database":
            self.world.cluster.kill()
            self.world.cluster.start()
        else:
            os.kill(int(reached.read_text()), signal.SIGKILL)
        reached.unlink()
        return await doing


@fault("F21", "kill -9 at each step of an upload and of a send", (*SQLITE, DURABLE), fault="stop_at_step",
       people=4, rooms=1, JOB_WORKERS=1)  # fmt: skip
async def test_killed_at_each_step(world: World, report: Report) -> None:
    files = Files(world, await world.everyone_in(), Uploader(world.stack.port, world.people[0]))
    for victim in ("process", "database") if world.cluster else ("process",):
        for way, steps in (("form", FORM), ("pieces", PIECES)):
            for step in steps:
                await files.say(await files.at(step, victim, lambda way=way: files.upload(way)))
        for step in (*SEND, *INDEX):
            id = await files.upload("form")
            await files.at(step, victim, lambda id=id: files.say(id))
        for step in PREVIEWS:
            drawn = picture(400, 300, color=(len(files.sent), 90, 90))
            files.drawn.add(await files.say(await files.upload("form", drawn)))
            await files.at(step, victim, lambda drawn=drawn: _draw_late(world, drawn))
    unsent = await files.upload("form")
    await files.at(DELETE, "process", lambda: asyncio.to_thread(files.uploader.remove, unsent))
    report.note(f"{len(files.sent)} kills; {files.uploader.tries} requests were repeated")
    report.check(f"{files.uploader.lost} confirmed bytes lost", not files.uploader.lost)
    await complete(files.clients, SECONDS)
    await _found(files)
    await reckon(world, files.clients, report, files.drawn)
    await _count(files, report)
    _sweep(world, report)


async def _draw_late(world: World, drawn: bytes) -> None:
    """As when it was too busy to make small pictures: the message has none."""
    _run(world, _DUE.format(digest=hashlib.sha256(drawn).hexdigest()))


async def _found(files: Files) -> None:
    """All jobs are done in the end: every name is found, and every picture has its small ones."""
    person, room = files.world.people[0], files.uploader.room
    async with asyncio.timeout(SECONDS):
        while True:
            page = await files.world.api(f"/api/search?q=filename:file&limit=100&room={room}", person)
            shown = [file for message in await load(files.world, room) for file in message.get("files", ())]
            drawn = [file for file in shown if file["type"] == "image/png"]
            if len(page["hits"]) == len(files.sent) and all("thumb" in file for file in drawn):
                return
            await asyncio.sleep(0.5)


async def _count(files: Files, report: Report) -> None:
    """Each message has its file, whole."""
    half = []
    for message in await load(files.world, files.uploader.room):
        name, digest = files.sent[message["client_id"]]
        shown = message.get("files", [])
        fetched = [await asyncio.to_thread(files.uploader.fetch, each["url"]) for each in shown]
        whole = [hashlib.sha256(each).digest() for each in fetched] == [digest]
        if not whole or [each["name"] for each in shown] != [name]:
            half.append(name)
    report.check(f"{len(half)} of {len(files.sent)} messages without their whole file {half}", not half)


def _sweep(world: World, report: Report) -> None:
    found, left = json.loads(_run(world, _SWEEP))
    report.note(f"the sweep found {found}")
    report.check(f"it has left {left}", not any(left.values()))
    world.stack.manage("files", "check", "--compare")


def _run(world: World, code: str) -> str:
    """In a process of its own, which has no connection to a database that was killed."""
    return world.stack.manage("shell", "-v", "0", "-c", code)


_DUE = """
from files.models import Blob
from rooms.models import Attachment
from rooms.services.attachments import rewrite
from rooms.services.late_previews import make_late_previews
from rooms.services.message_changes import changing_in
file = Attachment.objects.get(blob__digest="{digest}")
Blob.objects.filter(pk=file.blob_id).update(preview=None, preview_due=True)
with changing_in(file.room_id, file.message_id) as message:
    rewrite(message)
make_late_previews.enqueue(file.blob_id)
"""
_SWEEP = """
import json, time
from datetime import timedelta
from files import places, sweep
from files.incoming import folder, sweep_halves
from files.models import Blob
from rooms.models import Attachment, PartialUpload
from rooms.services import attachments, resumable
resumable.KEPT = timedelta(0)
found = {"given up": resumable.discard_old(), "unsent": attachments.discard_old_unsent(timedelta(0))}
found |= sweep.sweep(0) | {"halves": sweep_halves(time.time() + 60)}
named = {blob.place for blob in Blob.objects.all()}
left = {
    "given up": PartialUpload.objects.count(), "unsent": Attachment.objects.filter(message=None).count(),
    "rows": sweep.unreferenced(0).count(), "halves": len(list(folder().iterdir())),
    "bytes": sum(name.partition(".")[0] not in named for name, _time in places.names_in("local")),
}
print(json.dumps([found, left]))
"""
