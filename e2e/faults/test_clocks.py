"""F13: hosts that do not agree what time it is."""

import asyncio
from datetime import datetime

from .crowd import complete, reckon, talk
from .fault import fault
from .report import Report
from .world import World


@fault("F13", "of three web processes one is an hour ahead, one an hour behind", fault="other_clock", workers=3)
async def test_hours_apart(world: World, report: Report) -> None:
    clients = await world.everyone_in()
    await talk(clients, 10, 50)
    await complete(clients)
    wrong_way, apart = 0, 0.0
    for room in world.rooms:
        shown = next(client for client in clients if client.room == room).view.messages
        in_order = [shown[id] for id in sorted(shown)]
        numbers = [message["seq"] for message in in_order]
        wrong_way += numbers != sorted(numbers)
        times = [datetime.fromisoformat(message["created"]).timestamp() for message in in_order]
        apart = max(apart, max(times) - min(times))
    report.note(f"the stamps of messages lie up to {apart / 3600:.1f} hours apart")
    report.check("the fault was met", apart > 3600)
    report.check(f"{wrong_way} rooms in another order than that of their numbers", wrong_way == 0)
    here = {room: {person["name"] for person in world.people if person["room"] == room} for room in world.rooms}
    await asyncio.sleep(35)  # longer than a connection lives that is not renewed
    missing = sum(client.online != here[client.room] for client in clients)
    report.check(f"{missing} of {len(clients)} people see another list of who is here after 35 s", missing == 0)
    await reckon(world, clients, report)
