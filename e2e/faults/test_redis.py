"""F3, F4, F5, F19: Redis dies, hangs, or loses something without a word."""

import asyncio
import signal
import time

from .crowd import complete, reckon, talk
from .fault import BOTH, fault
from .report import Report, p95
from .world import World


@fault("F3", "Redis killed for 5 s, and restarted empty", BOTH, redis=True)
async def test_killed(world: World, report: Report) -> None:
    clients = await world.everyone_in()
    talking = asyncio.create_task(talk(clients, 15, 30))
    await asyncio.sleep(4)
    world.kill_redis()
    gone = time.monotonic()
    await asyncio.sleep(5)
    world.start_redis_empty()
    back = time.monotonic()
    said = await talking
    ended = time.monotonic()
    done = await complete(clients)
    meanwhile = [each for each in said if gone <= each.begun <= back]
    report.note(f"{len(meanwhile)} messages were said without Redis")
    report.at_most("their acks, p95", p95(each.acked - each.begun for each in meanwhile), 1)
    late = [each.seen - each.begun for each in meanwhile]
    report.note(f"they were on their authors' screens after {p95(late):.1f} s (p95), {max(late):.1f} s at most")
    report.at_most("screens complete after the end of the outage and of the talk", done - max(back, ended), 10)
    right = await presence_right(world, back + 20)
    report.at_most("presence right after the end of the outage", right - back, 20)
    await reckon(world, clients, report)


@fault("F4", "Redis hangs (SIGSTOP) for 10 s", redis=True)
async def test_hung(world: World, report: Report) -> None:
    clients = await world.everyone_in()
    talking = asyncio.create_task(talk(clients, 18, 30))
    pages = asyncio.create_task(_load_pages(world, 16))
    await asyncio.sleep(3)
    world.redis.process.send_signal(signal.SIGSTOP)
    gone = time.monotonic()
    await asyncio.sleep(10)
    world.redis.process.send_signal(signal.SIGCONT)
    back = time.monotonic()
    said = await talking
    ended = time.monotonic()
    done = await complete(clients)
    meanwhile = [each for each in said if gone <= each.begun <= back]
    loaded = [(took, status) for begun, took, status in await pages if gone <= begun <= back]
    report.note(f"{len(meanwhile)} messages were said and {len(loaded)} pages loaded while Redis hung")
    report.at_most("acks, p95", p95(each.acked - each.begun for each in meanwhile), 1)
    report.at_most("pages, p95", p95(took for took, _status in loaded), 1)
    report.check("all pages load", {status for _took, status in loaded} == {200})
    report.at_most("screens complete after the end of the outage and of the talk", done - max(back, ended), 10)
    right = await presence_right(world, back + 20)
    report.at_most("presence right after the end of the outage", right - back, 20)
    await reckon(world, clients, report)


@fault("F5", "the last publication before silence is lost", fault="lose_publication")
async def test_last_lost(world: World, report: Report) -> None:
    clients = await world.everyone_in()
    await talk(clients, 2, 20)
    await complete(clients)
    said = [clients[n].say(f"lose this: the last words in {clients[n].room}") for n in range(len(world.rooms))]
    begun = time.monotonic()
    await asyncio.sleep(1)
    early = [each for each in said if each.seen]
    report.check(f"{len(early)} of {len(said)} reached their author though they were lost", not early)
    done = await complete(clients)
    report.at_most("on every screen after", done - begun, 20)
    await reckon(world, clients, report)


@fault("F19", "one of two Redis is gone for 10 s, then the other", BOTH, rooms=8, redis=True, shards=2)
async def test_shard_gone(world: World, report: Report) -> None:
    clients = await world.everyone_in()
    talking = asyncio.create_task(talk(clients, 34, 30))
    asking = asyncio.create_task(_ask_health(world, 34))
    outages = []
    for shard in (1, 0):
        await asyncio.sleep(4)
        world.kill_redis(shard)
        gone = time.monotonic()
        await asyncio.sleep(10)
        world.start_redis_empty(shard)
        outages.append((gone, time.monotonic()))
    said = await talking
    ended = time.monotonic()
    done = await complete(clients)
    meanwhile = [each for each in said if any(gone <= each.begun <= back for gone, back in outages)]
    report.note(f"{len(meanwhile)} messages were said while one of them was gone")
    report.at_most("their acks, p95", p95(each.acked - each.begun for each in meanwhile), 1)
    asked = [(path, status) for when, path, status in await asking if _within(*when, outages)]
    for path, expected in (("/readyz", 200), ("/livez", 200), ("/healthz", 503)):
        found = [status for asked_for, status in asked if asked_for == path]
        report.check(f"{len(found)} times {path} meanwhile: {sorted(set(found))}", set(found) == {expected})
    told = [line for line in world.stack.log.splitlines() if "mysite.monitoring.health" in line or "/healthz" in line]
    # When each outage began and when it ended, of two processes.
    report.check(f"{len(told)} lines in the log about that", 0 < len(told) <= 2 * 2 * len(outages))
    report.at_most("screens complete after the end of the outages and of the talk", done - ended, 10)
    await reckon(world, clients, report)


def _within(asked: float, answered: float, outages: list[tuple[float, float]]) -> bool:
    """Whether one of them was gone all the while; the moment it takes to start again is none of it."""
    return any(gone <= asked and answered <= back - 1 for gone, back in outages)


async def _ask_health(world: World, seconds: float) -> list[tuple[tuple[float, float], str, int]]:
    """(when it was asked and answered, address, HTTP status), for as long."""
    found, begun = [], time.monotonic()
    while time.monotonic() < begun + seconds:
        for path in ("/readyz", "/livez", "/healthz"):
            at = time.monotonic()
            status, _body = await world.get(path)
            found.append(((at, time.monotonic()), path, status))
        await asyncio.sleep(0.3)
    return found


async def _load_pages(world: World, seconds: float) -> list[tuple[float, float, int]]:
    """(when, how long, HTTP status) of room pages, one after the other."""
    found, begun = [], time.monotonic()
    while (at := time.monotonic()) < begun + seconds:
        status, _body = await world.get(f"/chat/{world.rooms[0]}/")
        found.append((at, time.monotonic() - at, status))
        await asyncio.sleep(0.2)
    return found


async def presence_right(world: World, deadline: float) -> float:
    """The moment from which a newcomer to each room is told exactly who is there, or infinity."""
    while time.monotonic() < deadline + 5:
        if all([await _list_right(world, room) for room in world.rooms]):
            return time.monotonic()
        await asyncio.sleep(0.5)
    return float("inf")


async def _list_right(world: World, room: str) -> bool:
    here = {person["name"] for person in world.people if person["room"] == room}
    reader = next(person for person in world.people if person["room"] == room)
    answer = await world.api(f"/api/rooms/{room}/online", reader)
    return {person["name"] for person in answer["online"] if not person["bot"]} == here
