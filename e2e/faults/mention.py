"""What calls everybody but the first person, who writes it."""

import asyncio

from .world import World


async def mention(world: World, text: str) -> None:
    """By a socket, again until it is taken."""
    names = " ".join(f"@{person['name']}" for person in world.people[1:])
    sender = world.client(world.people[0])
    sender.open()
    await sender.live(60)
    said = sender.say(f"{text} {names}")
    while said.acked is None:  # noqa: ASYNC110 - nobody is told of it
        await asyncio.sleep(0.05)
    await sender.close()
