"""F15: who is here, when a web process dies."""

import asyncio
import time

import psutil

from .client import Client
from .fault import fault
from .report import Report
from .world import World


@fault("F15", "kill -9 of one of two web processes, and who is here", people=12, rooms=1)
async def test_killed(world: World, report: Report) -> None:
    victim, other = world.stack.pids("web")
    both, stay, back, gone = (world.people[n : n + 3] for n in range(0, 12, 3))
    lost = [await _on(world, person, victim) for person in both + back]
    leaving = [await _on(world, person, victim) for person in gone]
    kept = [await _on(world, person, other) for person in both + stay]
    world.clients = lost + leaving + kept
    await asyncio.sleep(6)  # what the looking for the right process told is over
    everybody = {person["name"] for person in world.people}
    report.check("everybody is in every list before", _all_say(lost + leaving + kept, everybody))
    for client in kept:
        client.told.clear()
    at = time.monotonic()
    world.stack.kill("web", which=0)
    await asyncio.gather(*(client.close() for client in leaving))
    expected = everybody - {person["name"] for person in gone}
    right = await _right(world, kept + lost, expected, at + 60)
    report.check("the kill was felt", all(client.drops for client in lost))
    report.at_most("every list right after", right - at, 35)
    await asyncio.sleep(5)
    report.check("and they stay so", _all_say(kept + lost, expected))
    wanted = sorted(("left", person["name"]) for person in gone)
    wrong = [sorted(client.told) for client in kept if sorted(client.told) != wanted]
    report.check(f"who stayed is told once who is gone, and nothing else: {wrong}", not wrong)
    await world.everyone_out()


async def _on(world: World, person: dict, pid: int) -> Client:
    """A client whose socket this web process has."""
    for _try in range(100):
        client = world.client(person)
        client.open()
        await client.live()
        connections = psutil.Process(pid).net_connections("tcp")
        if any(each.raddr and each.raddr.port == client.port for each in connections):
            return client
        await client.close()
    raise AssertionError("all connections go to the same process")


async def _right(world: World, clients: list[Client], names: set[str], deadline: float) -> float:
    """The moment from which all of these, and the API, know exactly who is there; or infinity."""
    while time.monotonic() < deadline:
        if _all_say(clients, names) and await _listed(world) == names:
            return time.monotonic()
        await asyncio.sleep(0.25)
    return float("inf")


def _all_say(clients: list[Client], names: set[str]) -> bool:
    return all(client.online == names for client in clients)


async def _listed(world: World) -> set[str]:
    answer = await world.api(f"/api/rooms/{world.rooms[0]}/online", world.people[0])
    return {person["name"] for person in answer["online"]}
