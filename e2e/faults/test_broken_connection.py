"""F8: the line breaks after a message was written and before its ack came."""

import asyncio
import json
import uuid

from .fault import fault
from .report import Report
from .world import World

TIMES = 100


@fault("F8", "the connection dies between commit and ack, and the client repeats", people=3, rooms=1)
async def test_broken_line(world: World, report: Report) -> None:
    author = world.people[0]
    written, acks = 0, []
    for n in range(TIMES):
        frame = json.dumps({"type": "send", "id": str(uuid.uuid4()), "message": f"message {n}"})
        await _say_and_die(world, author, frame, n % 10 / 1000)
        await asyncio.sleep(0.02)
        written += await _is_written(world, author, json.loads(frame)["id"])
        # From two places at once, as an impatient client or a second tab may do.
        acks.append(await asyncio.gather(*(_say(world, author, frame) for _ in range(2))))
    rows = await _rows(world, author)
    by_id = {row["client_id"]: row for row in rows}
    report.note(f"{TIMES} messages sent three times; {written} were written when the line broke before the ack")
    report.check("the fault was met", written > TIMES / 2)
    report.check(f"{len(rows)} rows for {TIMES} messages", len(rows) == len(by_id) == TIMES)
    report.check("both repetitions get the same ack", all(one == other for one, other in acks))
    right = [by_id[ack["id"]]["id"] == ack["message_id"] and by_id[ack["id"]]["seq"] == ack["seq"] for ack, _ in acks]
    report.check("which names the one row and its number", all(right))
    report.check(f"the room's last number is {rows[-1]['seq']}", rows[-1]["seq"] == TIMES)


async def _say_and_die(world: World, person: dict, frame: str, seconds: float) -> None:
    async with world.socket(person) as line:
        await line.recv()
        await line.send(frame)
        await asyncio.sleep(seconds)
        line.transport.abort()


async def _say(world: World, person: dict, frame: str) -> dict:
    wanted = json.loads(frame)["id"]
    async with world.socket(person) as line, asyncio.timeout(10):
        await line.send(frame)
        while True:
            events = json.loads(await line.recv())
            for event in events if isinstance(events, list) else [events]:
                if event["type"] in ("ack", "error") and event.get("id") == wanted:
                    return event


async def _is_written(world: World, person: dict, id: str) -> bool:
    page = await world.api(f"/api/rooms/{person['room']}/messages?limit=5", person)
    return any(message["client_id"] == id for message in page["messages"])


async def _rows(world: World, person: dict) -> list[dict]:
    found: list[dict] = []
    while True:
        after = found[-1]["id"] if found else 0
        page = await world.api(f"/api/rooms/{person['room']}/messages?after={after}&limit=100", person)
        found += page["messages"]
        if not page["more"]:
            return found
