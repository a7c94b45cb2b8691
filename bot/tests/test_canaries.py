"""Words that a person may not read never come to them through the bot: not in its prompt, nor by what it looks up."""

import itertools
import json

import pytest

from bot.answering import tools
from bot.context.prompt_builder import context_budget
from bot.llm.tool_calls import ToolCall
from bot.models import Run
from bot.queue.runs import load
from rooms.models import Message, RoomKind
from rooms.services import direct_messages, membership, messages

from .contexts import all_of, built

pytestmark = pytest.mark.django_db
_numbers = itertools.count(1)


@pytest.fixture
def canaries(say, alice, bob, charlie, room, settings):
    """Words in places that bob may not read, or that a question in this room is not about."""
    settings.RATE_MESSAGES = settings.DM_TO_STRANGERS_PER_DAY = 1000
    made = []

    def canary() -> str:
        made.append(f"canary{next(_numbers):04}")
        return made[-1]

    for owner in (alice, charlie):
        hidden = membership.create_room(owner, canary(), kind=RoomKind.PRIVATE)
        messages.set_topic_and_description(owner, hidden.name, topic=canary(), description=canary())
        elsewhere = membership.create_room(owner, f"Room {owner.id}")
        for place in (hidden, elsewhere):
            for _ in range(10):
                say(owner, f"The deploy of {canary()}, bob", where=place)
    membership.get_or_join(alice, f"room-{charlie.id}")
    direct = direct_messages.get_or_create_direct_message(alice, "charlie")
    for _ in range(10):
        say(alice, f"The deploy of {canary()}", where=direct)
        messages.delete(alice, room.name, say(alice, f"The deploy of {canary()}").id)
        messages.edit(alice, room.name, say(alice, f"The deploy of {canary()}").id, "The deploy of nothing")
    return made


def test_no_canary_comes_through_the_bot(tried, say, alice, bob, room, canaries):
    question = say(bob, "@bot when is the deploy?")
    told = all_of(built(question))
    run, asked = load(Run.objects.get(question=question).pk), 0
    queries = [("search_room", {"words": words}) for words in ("deploy", "deploy of", "canary", "bob", *canaries)]
    queries += [("said_by", {"name": name}) for name in ("alice", "bob", "charlie")]
    queries += [("read_around", {"id": id}) for id in range(max(1, question.id - 100), question.id + 1)]
    for name, arguments in queries:
        output = tools.run_tool(run, ToolCall("1", name, json.dumps(arguments)), context_budget(run)).output
        for word in map(str, arguments.values()):
            output = output.replace(word, "")  # what was asked for, said again
        told, asked = told + output, asked + 1
    assert "The deploy of nothing" in told  # it does read this room
    through = [word for word in canaries if word in told]
    assert not through
    elsewhere = Message.objects.exclude(room=room) | Message.objects.filter(deleted=True)
    assert not elsewhere.filter(pk__in=run.read)
    tried(f"of {len(canaries)} canaries through the bot, in {asked} questions to its tools", len(through))
