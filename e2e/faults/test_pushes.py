"""F22, F23, F24: pushes are due while what sends them, what they are kept in, or whom they are sent by dies."""

import asyncio
import json
import time
from collections import Counter

from e2e.push_service import Browser

from .fault import BOTH, fault
from .mention import mention
from .report import Report
from .world import World

PEOPLE = 12
DEVICES = 3  # of each
REGISTER = """
import json
from datetime import timedelta
from django.utils import timezone
from accounts.models import User
from notifications.push.devices import Browser, register
ends = timezone.now() + timedelta(days=1)
for user, endpoint, keys in json.loads({given!r}):
    register(User.objects.get(pk=user), Browser(endpoint, **keys, name="x", session="s", ends=ends))
"""
OPTIONS = {"people": PEOPLE, "rooms": 1, "push": True, "PUSH_PER_HOUR": 1000}


@fault("F22", "kill -9 of the job worker while it sends pushes", BOTH, **OPTIONS)
async def test_worker_killed(world: World, report: Report) -> None:
    browsers = _devices(world)
    for round in range(4):
        held = [browser.endpoint for browser in browsers[:: round + 2]]
        world.push.held.update(held)
        await mention(world, f"round {round}")
        await asyncio.to_thread(world.push.reached.acquire)  # one is under way
        old = world.stack.kill("jobs")
        world.push.held.clear()
        world.push.release.set()
        world.stack.wait_for_new("jobs", old)
        world.push.release.clear()
    at = time.monotonic()
    await _all_told(world, browsers, "round 3")
    report.at_most("the last one was told everywhere after", time.monotonic() - at, 100)
    _reckon(world, browsers, report, again=4 * 20)


@fault("F23", "a push service answers 429, 500 or not at all", people=PEOPLE, rooms=1, push=True)
async def test_service_fails(world: World, report: Report) -> None:
    busy, failing, silent, gone, *others = browsers = _devices(world)
    world.push.answers[busy.endpoint] = [(429, {"Retry-After": "15"})]
    world.push.answers[failing.endpoint] = [(500, {})]
    world.push.answers[gone.endpoint] = [(410, {})] * 9
    world.push.held.add(silent.endpoint)
    await mention(world, "lunch")
    at = time.monotonic()
    await _all_told(world, others, "lunch")
    report.at_most("the others are told after", time.monotonic() - at, 1 + 2 * 2 + 5)
    world.push.held.clear()
    world.push.release.set()
    await _all_told(world, [busy, failing, silent], "lunch")
    waited = time.monotonic() - at
    report.check(f"the busy one was asked again when it said ({waited:.0f} s)", waited >= 15)
    report.check("that which is gone was asked once", world.push.refused.count((gone.endpoint, 410)) == 1)
    browsers.remove(gone)
    _reckon(world, browsers, report, again=1)


@fault("F24", "database, Redis or web processes die while pushes are due", BOTH, redis=True, **OPTIONS)
async def test_stores_die(world: World, report: Report) -> None:
    browsers = _devices(world)
    await mention(world, "one")
    world.kill_redis()
    await mention(world, "two")
    world.start_redis_empty()
    old = world.stack.kill("web")
    world.stack.wait_for_new("web", old, 2)
    await mention(world, "three")
    if world.cluster:
        await asyncio.to_thread(world.cluster.stop)
        await asyncio.sleep(10)
        await asyncio.to_thread(world.cluster.start)
    at = time.monotonic()
    await _all_told(world, browsers, "three")
    report.at_most("all are told after", time.monotonic() - at, 120)
    _reckon(world, browsers, report, again=100)


def _devices(world: World) -> list[Browser]:
    """Of everybody but the first person, who writes."""
    browsers = [(person["id"], world.push.subscribe()) for person in world.people[1:] for _device in range(DEVICES)]
    given = [(id, browser.endpoint, browser.to_json()["keys"]) for id, browser in browsers]
    world.stack.run(REGISTER.format(given=json.dumps(given)))
    return [browser for _id, browser in browsers]


async def _all_told(world: World, browsers: list[Browser], text: str) -> None:
    """Until each has been shown this. Slowly: it is what the services of browsers would see."""
    async with asyncio.timeout(180):
        while not all(_told(world, browser, text) for browser in browsers):  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.2)


def _told(world: World, browser: Browser, text: str) -> bool:
    return any(text in each["body"] for each in world.push.shown(browser))


def _reckon(world: World, browsers: list[Browser], report: Report, again: int) -> None:
    """again: pushes that may have been under way when something died."""
    sent = Counter((push.endpoint, push.payload["id"]) for push in world.push.pushes if push.payload["type"] == "show")
    repeated = sum(count - 1 for count in sent.values())
    report.note(f"{sum(sent.values())} pushes of {len(sent)} notifications on {len(browsers)} devices")
    report.check(f"{repeated} were sent again (at most {again})", repeated <= again)
    different = Counter((push.endpoint, push.payload["id"], push.payload["at"]) for push in world.push.pushes)
    report.check("what was sent again is the same", len(different) == len(sent))
    report.check(f"nothing was sent that cannot be read: {world.push.problems[:3]}", not world.push.problems)
