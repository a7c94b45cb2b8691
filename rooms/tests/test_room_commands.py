"""How much of one socket may be under way."""

import asyncio
import uuid
from types import SimpleNamespace

from rooms.realtime.room_commands import MAX_UNANSWERED, RoomCommands
from rooms.services.posting import Posted

PLACE = SimpleNamespace(user=SimpleNamespace(id=1), room=SimpleNamespace(id=1, name="lobby"))


def said(text: str):
    return SimpleNamespace(type="send", id=str(uuid.uuid4()), fields={"message": text})


async def test_so_many_posts_wait_for_their_commit_and_the_next_waits_for_one_of_them():
    handed_over, acknowledged = [], []

    def post(_post):
        handed_over.append(asyncio.get_running_loop().create_future())
        return handed_over[-1]

    hub = SimpleNamespace(post_writer=SimpleNamespace(post=post))
    commands = RoomCommands(hub, SimpleNamespace(acknowledge=lambda id, **_fields: acknowledged.append(id)))
    sent = [said(f"n{number}") for number in range(MAX_UNANSWERED + 1)]
    for command in sent[:-1]:
        await commands.execute(command, PLACE, None)
    last = asyncio.create_task(commands.execute(sent[-1], PLACE, None))
    for _turn in range(5):
        await asyncio.sleep(0)
    assert len(handed_over) == MAX_UNANSWERED and not last.done()
    handed_over[7].set_result(Posted(1, 1, True))
    await last
    assert len(handed_over) == MAX_UNANSWERED + 1 and acknowledged == [sent[7].id]
