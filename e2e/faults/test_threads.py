"""F20: a thread that writes messages and never comes back."""

import asyncio
import time

from mysite.monitoring import liveness

from .crowd import complete, reckon, talk
from .fault import BOTH, fault
from .report import Report
from .world import World

BESIDE = 15  # seconds for looks, beats and the start of a new process


@fault("F20", "a thread hangs while it writes messages", BOTH, fault="hang_in_write")
async def test_hanging(world: World, report: Report) -> None:
    clients = await world.everyone_in()
    before = set(world.stack.pids("web"))
    talking = asyncio.create_task(talk(clients, liveness.REPLACE_AFTER + BESIDE, 10))
    await asyncio.sleep(2)
    bad, at = clients[0].say("hang here, and never come back"), time.monotonic()
    while (now := set(world.stack.pids("web"))) == before or len(now) < len(before):
        assert time.monotonic() < at + 90, "nothing was replaced"
        await asyncio.sleep(0.2)
    replaced = time.monotonic()
    said = await talking
    done = await complete(clients)
    gone = before - set(world.stack.pids("web"))
    report.check("the log says where it hung", "in hang_here" in world.stack.log)
    report.check(f"{len(gone)} of {len(before)} processes replaced", len(gone) == 1)
    report.at_most("the new one runs after", replaced - at, liveness.REPLACE_AFTER + BESIDE)
    report.note(f"its message was refused {len(bad.refusals)} times and saved after {bad.acked - at:.1f} s")
    refusals = {code for each in [*said, bad] for code in each.refusals}
    report.check(f"refused as {sorted(refusals)}", refusals == {"unavailable"})
    codes = [code for client in clients for _when, code in client.drops]
    report.check(f"{len(codes)} of {len(clients)} closed, with {sorted(set(codes))}", set(codes) == {1012})
    report.at_most("everyone complete after that and after the talk", done - max(replaced, said[-1].begun), 30)
    await reckon(world, clients, report)
