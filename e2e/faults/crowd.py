"""People who talk while something breaks, and the reckoning afterwards."""

import asyncio
import random
import time
from collections.abc import Collection

from .client import Client, Said
from .report import Report, p95
from .world import World


async def talk(clients: list[Client], seconds: float, rate: float, text: str = "") -> list[Said]:
    """So many messages a second, by anybody, at odd moments. Returns them."""
    said, begun = [], time.monotonic()
    due = begun
    while due < begun + seconds:
        due += random.expovariate(rate)
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        said.append(random.choice(clients).say(f"{len(said)} {text or 'words about nothing'}"))
    return said


async def complete(clients: list[Client], seconds: float = 60) -> float:
    """Wait until everything said is acked and everybody in a room shows the same. Returns the moment."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if all(client.quiet for client in clients) and _level(clients):
            return time.monotonic()
        await asyncio.sleep(0.02)
    raise AssertionError(f"not complete after {seconds} s: {_behind(clients)}")


async def reckon(world: World, clients: list[Client], report: Report, changed: Collection[str] = ()) -> None:
    """Compare what was said with what is saved, and what everybody shows with a fresh load. changed: the client ids of
    messages that have got another number since."""
    saved = {room: await load(world, room) for room in {client.room for client in clients}}
    said = [each for client in clients for each in client.said.values()]
    acked = [each for each in said if each.acked]
    rows: dict[str, list[dict]] = {}
    for message in (message for messages in saved.values() for message in messages):
        rows.setdefault(message["client_id"], []).append(message)
    lost = [each for each in acked if each.id not in rows]
    double = [id for id, found in rows.items() if id and len(found) > 1]
    wrong = [client for client in clients if not _same(client.view.messages, saved[client.room])]
    report.note(
        f"{len(said)} messages sent, {len(acked)} acked, {len(lost)} lost, {len(double)} double; "
        f"ack p95 {p95(each.acked - each.begun for each in acked) * 1000:.0f} ms"
    )
    report.note(
        f"{sum(len(client.drops) for client in clients)} connections lost and found again, "
        f"{sum(client.repairs for client in clients)} holes that clients asked about"
    )
    report.check(f"all {len(said)} messages acked", len(acked) == len(said))
    report.check(f"{len(lost)} acked messages lost", not lost)
    report.check(f"{len(double)} messages saved twice", not double)
    report.check(f"{len(wrong)} of {len(clients)} screens differ from a fresh load", not wrong)
    told_twice = sum(client.view.doubles for client in clients)
    report.check(f"{told_twice} changes told twice", not told_twice)
    disorder = sum(client.view.disorder for client in clients)
    report.check(f"{disorder} changes told out of order", not disorder)
    seqs = [each.ack["seq"] == rows[each.id][0]["seq"] for each in acked if each.id in rows.keys() - changed]
    report.check("every ack names the number under which its message is saved", all(seqs))
    errors = [error["code"] for client in clients for error in client.errors]
    report.check(f"no errors besides those that pass by themselves: {sorted(set(errors))}", not errors)


async def load(world: World, room: str) -> list[dict]:
    """The room's messages as a fresh page would load them."""
    reader = next(person for person in world.people if person["room"] == room)
    found, after, more = [], 0, True
    while more:
        page = await world.api(f"/api/rooms/{room}/messages?after={after}&limit=100", reader)
        found += page["messages"]
        more, after = page["more"], found[-1]["id"] if found else 0
    return found


def _same(shown: dict[int, dict], saved: list[dict]) -> bool:
    return [shown[id] for id in sorted(shown)] == saved


def _level(clients: list[Client]) -> bool:
    heads: dict[str, int] = {}
    for client in clients:
        acks = [said.ack["seq"] for said in client.said.values() if said.ack]
        heads[client.room] = max(heads.get(client.room, 0), client.view.seq, *acks, 0)
    return all(client.view.seq == heads[client.room] for client in clients)


def _behind(clients: list[Client]) -> str:
    pending = sum(not client.quiet for client in clients)
    heads = {
        client.room: sorted({other.view.seq for other in clients if other.room == client.room}) for client in clients
    }
    return f"{pending} clients wait; numbers reached {heads}"
