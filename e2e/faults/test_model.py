"""F11, F12: a model that fails in every way, and a bot worker that dies while it answers."""

import asyncio
import contextlib
import re
import threading
import time
import uuid

from e2e.model_server import Reply

from .client import Client
from .crowd import complete, reckon, talk
from .fault import fault
from .report import Report, p95
from .world import World

WORDS = ["So", " far", " it", " is", " good", "."]
# What the model does → whether something of its answer was said before.
WAYS = {
    "500": (Reply.error(500), False),
    "stall": (Reply(WORDS, stall_after=3), True),
    "cut": (Reply(WORDS, cut_after=3), True),
    "garbage": (Reply.garbage(), False),
    "late": (Reply(WORDS, first_delay=60), False),
}


@fault("F11", "a model that fails in each way", people=10, rooms=5, model=True, BOT_PATIENCE=20)
async def test_failing(world: World, report: Report) -> None:
    clients = await world.everyone_in()
    before = await talk(clients, 6, 30)
    await complete(clients)
    world.model.answer_with(lambda request: WAYS[re.findall(r"please (\w+)", request.said)[-1]][0])
    asked = dict(zip(WAYS, clients, strict=False))
    for way, client in asked.items():
        client.say(f"@bot please {way}")
    meanwhile = asyncio.create_task(talk(clients, 30, 30))
    replies = {way: await _ended(client, "failed") for way, client in asked.items()}
    during = await meanwhile
    await complete(clients)
    for way, reply in replies.items():
        report.note(f"{way}: {reply['message']!r} – {reply['note']}")
        report.check(f"{way}: what was said stays", bool(reply["message"]) == WAYS[way][1])
    usual, then = (p95(said.acked - said.begun for said in all) for all in (before, during))
    report.at_most("acks while the model fails, p95", then, max(2 * usual, 0.2))
    world.model.say("Now it works.")
    again = await asyncio.gather(*(_asked_again(client, replies[way]["id"]) for way, client in asked.items()))
    report.check("asked again, all are answered", {reply["message"] for reply in again} == {"Now it works."})
    await complete(clients)
    await reckon(world, clients, report)


@fault("F12", "kill -9 of the bot worker in the middle of an answer", people=4, rooms=1, model=True)
async def test_killed(world: World, report: Report) -> None:
    clients = await world.everyone_in()
    gate = threading.Event()
    world.model.say(WORDS, hold=gate, hold_after=3)
    clients[0].say("@bot how is it?")
    while not (reply := _reply(clients[0])) or not await _saved(world, reply["id"]):  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    killed = time.monotonic()
    world.stack.kill("bot")
    gate.set()
    report.check("the text so far is kept", await _saved(world, reply["id"]) == "So far it")
    await talk(clients, 3, 10)
    reply = await _ended(clients[0], "complete")
    report.at_most("another worker has finished it after", time.monotonic() - killed, 60)
    report.check(f"it is whole: {reply['message']!r}", reply["message"] == "".join(WORDS))
    await complete(clients)
    bots = [message for message in clients[0].view.messages.values() if message["kind"] == "bot"]
    report.check("there is one answer", len(bots) == 1)
    await reckon(world, clients, report)


def _reply(client: Client) -> dict | None:
    """The bot's message on somebody's screen."""
    return next((message for message in client.view.messages.values() if message["kind"] == "bot"), None)


async def _asked_again(client: Client, id: int) -> dict:
    """Until it is answered: after five failures the model gets a rest."""
    while True:
        await client._send("retry", str(uuid.uuid4()), message_id=id)
        with contextlib.suppress(TimeoutError):
            return await _ended(client, "complete", 5)


async def _ended(client: Client, state: str, seconds: float = 90) -> dict:
    async with asyncio.timeout(seconds):
        while not (reply := _reply(client)) or reply["state"] != state:  # noqa: ASYNC110 (the view tells nobody)
            await asyncio.sleep(0.05)
    return reply


async def _saved(world: World, id: int) -> str:
    person = world.people[0]
    found = await world.api(f"/api/rooms/{person['room']}/messages?around={id}", person)
    return next(message["message"] for message in found["messages"] if message["id"] == id)
