"""F1, F2, F7: web processes that die, that are replaced, that everybody comes back to at once."""

import asyncio
import random
import time

from .crowd import complete, reckon, talk
from .fault import BOTH, fault
from .report import Report, p95
from .world import World


@fault("F1", "kill -9 of one of two web processes during 50 messages a second", BOTH)
async def test_killed(world: World, report: Report) -> None:
    clients = await world.everyone_in()
    talking = asyncio.create_task(talk(clients, 10, 50))
    await asyncio.sleep(4)
    at = time.monotonic()
    world.stack.kill("web")
    await talking
    ended = time.monotonic()
    done = await complete(clients)
    away = [_back(client, at) for client in clients if client.drops]
    report.note(
        f"{len(away)} of {len(clients)} connections died; everyone complete {done - ended:.2f} s after the last word"
    )
    report.check("the kill was felt", len(away) > 0)
    report.at_most("everyone back, p95", p95(away), 5)
    await reckon(world, clients, report)


@fault("F2", "SIGTERM to all, as in a deploy, and a start at once", people=120)
async def test_deployed(world: World, report: Report) -> None:
    clients = await world.everyone_in()
    talking = asyncio.create_task(talk(clients, 12, 20))
    await asyncio.sleep(3)
    at = time.monotonic()
    await asyncio.to_thread(world.stack.stop)
    # In this thread: a child of `serve`'s kind ends with the thread that made it.
    world.stack.start()
    up = time.monotonic()
    await talking
    await complete(clients)
    codes = sorted({code for client in clients for _when, code in client.drops})
    back = [next(when for when in client.welcomes if when > at) for client in clients]
    first_tries = [next(when for when in client.tries if when > at) for client in clients]
    report.note(
        f"up again after {up - at:.1f} s; back {min(back) - at:.1f} to {max(back) - at:.1f} s after the SIGTERM"
    )
    report.check(f"clients are told 1012: {codes}", codes == [1012])
    report.check(
        f"they come back spread over {max(first_tries) - min(first_tries):.1f} s (at least 2 s)",
        max(first_tries) - min(first_tries) >= 2,
    )
    await reckon(world, clients, report)


@fault("F7", "1,000 sockets reconnect within one second", people=1000, rooms=20)
async def test_stampede(world: World, report: Report) -> None:
    clients = await world.everyone_in()
    await talk(clients, 2, 20)
    await complete(clients)
    await world.everyone_out()
    others = [world.client(person) for person in world.people]
    for client, before in zip(others, clients, strict=True):
        client.view = before.view
        client.said = before.said
    begun = time.monotonic()
    asked = [begun + random.random() for _ in others]
    for client, when in sorted(zip(others, asked, strict=True), key=lambda pair: pair[1]):
        await asyncio.sleep(max(0.0, when - time.monotonic()))
        client.open()
    await asyncio.gather(*(client.live(60) for client in others))
    waited = [client.welcomes[0] - begun for client in others]
    refused = sum(len(client.tries) - 1 for client in others)
    world.clients = others
    report.note(f"live after {p95(waited):.1f} s (p95)")
    report.check(f"{refused} refused or cut off", refused == 0)
    report.at_most("all live", max(waited), 10)
    await complete(others)
    await reckon(world, others, report)


def _back(client, at: float) -> float:
    """Seconds from the fault to this client's next welcome."""
    return next((when for when in client.welcomes if when > at), float("inf")) - at
