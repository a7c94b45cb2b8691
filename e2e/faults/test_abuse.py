"""ABUSE: each attack of attacks.py for ten seconds, by one account or address, while twenty others post."""

import asyncio
import os
import time
from dataclasses import dataclass

import psutil

from .attacks import ATTACKS, Attack
from .crowd import complete, reckon, talk
from .fault import BOTH, fault
from .report import Report, p95
from .world import World

SECONDS = QUIET_SECONDS = float(os.environ.get("ABUSE_SECONDS", "10"))
PEOPLE, RATE = 20, 10  # who post, and how much together in a second
FLOOR = 0.15  # seconds: what a busy machine may add to the delay of an ack
RETURNS = 32 * 2**20  # bytes that may stay
_ONLY = os.environ.get("ABUSE")  # the beginning of the attacks' names, to try one


@dataclass
class Row:
    attack: str
    quiet: float
    under: float
    closed_after: float | None
    before: int
    peak: int
    after: int
    lost: int


@fault("ABUSE", "attacks by one account or address, while others post", BOTH, people=PEOPLE + 40, rooms=1,
       RATE_MESSAGES=100, MAX_CONNECTIONS_PER_ADDRESS=2000, MAX_SOCKETS_PER_USER=20)  # fmt: skip
async def test_abuse(world: World, report: Report) -> None:
    clients = await world.everyone_in(world.people[:PEOPLE])
    attackers = iter(world.people[PEOPLE:])
    asked = [found for found in ATTACKS.values() if _is_asked(found)]
    assert asked, f"no attack begins with {_ONLY}"
    rows = [await _one(world, clients, found, next(attackers), report) for found in asked]
    report.note("| attack | quiet p95 ms | under attack | closed after s | memory MiB: before, peak, after | lost |")
    for row in rows:
        closed = "-" if row.closed_after is None else f"{row.closed_after:.1f}"
        memory = ", ".join(f"{value / 2**20:.0f}" for value in (row.before, row.peak, row.after))
        report.note(
            f"| {row.attack} | {row.quiet * 1000:.0f} | {row.under * 1000:.0f} | {closed} | {memory} | {row.lost} |"
        )
    for row in rows:
        report.at_most(f"{row.attack}: p95 of the others' acks", row.under, 2 * row.quiet + FLOOR)
        report.check(f"{row.attack}: nothing is lost", not row.lost)
        report.check(f"{row.attack}: memory returns", row.after - row.before < RETURNS)
        if ATTACKS[row.attack].is_closed:
            report.check(f"{row.attack}: the attacker is closed", row.closed_after is not None)
    await reckon(world, clients, report)


def _is_asked(found: Attack) -> bool:
    return not _ONLY or found.name.startswith(_ONLY)


async def _one(world: World, clients, found: Attack, person: dict, report: Report) -> Row:
    report.note(f"{found.name} …")
    quiet = await talk(clients, QUIET_SECONDS, RATE)
    await complete(clients)
    before, peak, begun = _memory(world), 0, time.monotonic()
    attacking = asyncio.create_task(found.run(world, person, begun + SECONDS))
    talking = asyncio.create_task(talk(clients, SECONDS, RATE))
    while not talking.done():
        peak = max(peak, _memory(world))
        await asyncio.sleep(0.25)
    under, ended = await talking, await attacking
    await complete(clients)
    deadline = time.monotonic() + 30
    while (after := _memory(world)) - before >= RETURNS and time.monotonic() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0.5)
    lost = sum(said.acked is None for said in under)
    closed = ended - begun if ended else None
    return Row(found.name, _delay(quiet), _delay(under), closed, before, peak, after, lost)


def _delay(said) -> float:
    return p95((each.acked or time.monotonic()) - each.begun for each in said)


def _memory(world: World) -> int:
    """Of the web processes and what they started, bytes."""
    found = [psutil.Process(pid) for pid in world.stack.pids("web")]
    found += [child for process in found for child in process.children(recursive=True)]
    return sum(process.memory_info().rss for process in found)
