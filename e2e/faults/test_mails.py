"""F25, F26: mails are due while the mail server fails in each way that one can, or what sends them dies."""

import asyncio
import time
from collections import Counter

from .fault import BOTH, fault
from .mention import mention
from .report import Report, p95
from .world import World

PEOPLE = 10
GIVE = """
from allauth.account.models import EmailAddress
from accounts.models import User
for user in User.objects.filter(username__startswith="person"):
    User.objects.filter(pk=user.pk).update(email=f"{user.username}@example.org")
    EmailAddress.objects.create(user=user, email=f"{user.username}@example.org", verified=True, primary=True)
"""
OF_STAFF = """
from accounts.models import OutgoingMail, RefusedAddress
print(*RefusedAddress.objects.values_list("email", flat=True))
print(*OutgoingMail.objects.filter(state="failed").values_list("address", "reason"))
"""
SLOW = 6  # seconds: less than a server may take (EMAIL_TIMEOUT)


@fault("F25", "a mail server is slow, hangs up after it took a mail, and refuses for now and for good", BOTH,
       people=PEOPLE, rooms=1, mail=True)  # fmt: skip
async def test_server_fails(world: World, report: Report) -> None:
    slow, cut, later, nobody, *others = addresses = _give_addresses(world)
    world.mail.slow[slow] = SLOW
    world.mail.replies[f"after {cut}"] = [""]
    world.mail.replies[later] = ["451 4.7.1 come again"]
    world.mail.replies[nobody] = "550 5.1.1 nobody here"
    begun = time.monotonic()
    await mention(world, "lunch")
    waits = await _post_while(world, _told(world, "lunch", [slow, cut, later, *others]))
    report.at_most("all but the refused one have a mail after", time.monotonic() - begun, 180)
    report.at_most("acks meanwhile, p95", p95(waits), 1)
    _reckon(world, report, twice={cut})
    refused, failed = world.stack.run(OF_STAFF).splitlines()
    report.check(f"staff see who does not exist: {refused}", refused == nobody and nobody in failed)
    await mention(world, "teatime")
    await _told(world, "teatime", [each for each in addresses if each != nobody])
    report.check("it is asked for no more", world.mail.asked.count(nobody) == 1)
    _reckon(world, report, twice={cut})


@fault("F26", "kill -9 of the job worker while a mail server has its mail", BOTH, people=PEOPLE, rooms=1, mail=True)
async def test_worker_killed(world: World, report: Report) -> None:
    addresses = _give_addresses(world)
    for text in ("walnut", "pear"):
        killed: list[int] = []
        world.mail.on_data = lambda: killed or killed.append(world.stack.kill("jobs"))  # noqa: B023 - in this turn
        await mention(world, text)
        at = time.monotonic()
        await _told(world, text, addresses)
        report.at_most("all have a mail after", time.monotonic() - at, 120)
        report.check("the worker was killed", len(killed) == 1)
    _reckon(world, report, twice=set(addresses))


def _give_addresses(world: World) -> list[str]:
    """Of everybody but the first person, who writes."""
    world.stack.run(GIVE)
    return [f"{person['name']}@example.org" for person in world.people[1:]]


async def _told(world: World, text: str, addresses: list[str]) -> None:
    """Until a mail to each says this."""
    async with asyncio.timeout(300):
        while not all(_has(world, address, text) for address in addresses):  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.2)


def _has(world: World, address: str, text: str) -> bool:
    mine = [mail for mail in list(world.mail.mails) if mail["To"] == address]
    return any(text in mail.get_body(("plain",)).get_content() for mail in mine)


async def _post_while(world: World, waits_for) -> list[float]:
    """Posts until that is so. Returns how long each took to be acked."""
    waiting, took = asyncio.create_task(waits_for), []
    client = world.client(world.people[0])
    client.open()
    await client.live(60)
    while not waiting.done():
        begun, said = time.monotonic(), client.say("and a word")
        while said.acked is None:  # noqa: ASYNC110 - nobody is told of it
            await asyncio.sleep(0.01)
        took.append(time.monotonic() - begun)
        await asyncio.sleep(0.2)
    await client.close()
    await waiting
    return took


def _reckon(world: World, report: Report, twice: set[str]) -> None:
    """twice: to whom a mail may have gone again, with the same Message-ID."""
    sent = Counter((mail["To"], mail["Message-ID"]) for mail in world.mail.mails)
    again = {address for (address, _id), count in sent.items() if count > 1}
    report.check(f"sent again: {sorted(again)}", again <= twice)
    told = Counter(address for address, _id in sent)
    report.note(f"{len(world.mail.mails)} mails, {len(sent)} different, to {len(told)} people")
    repeated = [address for address in told if _told_twice(world, address)]
    report.check(f"nothing stands in two different mails: {repeated}", not repeated)


def _told_twice(world: World, address: str) -> bool:
    texts = {m["Message-ID"]: m.get_body(("plain",)).get_content() for m in world.mail.mails if m["To"] == address}
    said = Counter(word for text in texts.values() for word in ("lunch", "teatime", "walnut", "pear") if word in text)
    return any(count > 1 for count in said.values())
