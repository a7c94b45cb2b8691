"""A file of one room is nowhere else: not in a page, an answer of the API, a search, an inbox, a prompt or a tool, for
somebody who never was in that room or was removed from it."""

import json
from dataclasses import dataclass, replace
from functools import partial

import pytest
from django.db import transaction

from accounts.models import User
from bot.answering import tools
from bot.context.prompt_builder import context_budget
from bot.llm.tool_calls import ToolCall
from bot.models import Run
from bot.queue.runs import load
from files.tests.pictures import picture
from rooms.models import Message, RoomKind
from rooms.models.attachment import KINDS
from rooms.services import file_words, membership, moderation
from rooms.tests.operations import Operation, Target, operations, signed_in

from .contexts import all_of, built

pytestmark = pytest.mark.django_db

SEARCHES = [
    Operation(f"GET search: {words}", "GET", f"{path}?q={words}", is_api=path.startswith("/api"))
    for path in ("/api/search", "/search/")
    for words in ("deploy", "has:file", "has:image", "filename:cana")
]
SEND = Operation(
    "POST messages: with it", "POST", "/api/rooms/<str:name>/messages", {"message": "x", "files": ["{key}"]}
)


@dataclass
class Hidden:
    """A message with a picture and a text, in a room that neither of the others may read."""

    message: Message
    canaries: dict[str, bytes]

    def found_in(self, said: bytes) -> set[str]:
        return {what for what, canary in self.canaries.items() if canary in said}


@pytest.fixture
def hidden(alice, charlie, room, send, settings, monkeypatch) -> Hidden:
    settings.RATE_MESSAGES = 1_000_000
    for limit in ("SEARCHES", "LOOKUPS", "LINKS", "COMMANDS", "UPLOADS"):
        monkeypatch.setattr(f"rooms.kernel.rate_limits.{limit}", 1_000_000)
    place = membership.create_room(alice, "Hidden", kind=RoomKind.PRIVATE)
    for each in (place, room):
        membership.add_member(each, charlie)
    drawn, text = picture(80, 60, color="tomato"), b"The deploy of canarytext"
    files = [("canaryname.png", drawn), ("canaryother.txt", text)]
    sent = send(alice, "@charlie deploy", *files, alt="canaryalt", where=place, small=b"canarysmall", blur="canaryblur")
    file_words.index_files_of.call(sent.pk)
    moderation.remove(alice, place.name, charlie.id)
    words = ("canaryname", "canaryother", "canarytext", "canaryalt", "canarysmall", "canaryblur")
    keys = {f"key {number}": file["id"].encode() for number, file in enumerate(sent.files)}
    return Hidden(sent, {word: word.encode() for word in words} | keys | {"picture": drawn[8:]})


def answers(user: User, chosen: list[Operation], target: Target):
    """(label, what somebody gets) of each of these operations, which leave no trace."""
    client = signed_in(user)
    for operation in chosen:
        with transaction.atomic():
            answer = operation.run(client, target)
            said = b"".join(answer.streaming_content) if answer.streaming else answer.content
            transaction.set_rollback(True)
        yield operation.label, said + str(answer.headers).encode()


@pytest.mark.parametrize("who", ["bob", "charlie"])
def test_no_canary_of_a_file_comes_by_an_operation(who, hidden, alice, room, tried):
    """bob never was in its room, charlie was removed. Forms answer by leading to a page, which is among them."""
    files = [file["id"] for file in hidden.message.files]
    there, here = Target(hidden.message.room.name, hidden.message.id, key=files[0]), Target(room.name, key=files[1])
    everything = [each for each in (*operations(), *SEARCHES, SEND) if each.is_api or each.method == "GET"]
    about_files = [each for each in everything if "<str:key>" in each.path or each in (SEND, *SEARCHES)]
    user = User.objects.get(username=who)
    wanted = [(everything if who == "charlie" else about_places(everything), there), (about_files, here)]
    said = [
        (label, words.replace(target.key.encode(), b""))  # what was asked for may be said again
        for chosen, target in wanted
        for label, words in answers(user, chosen, target)
    ]
    assert [(label, found) for label, words in said if (found := hidden.found_in(words))] == []
    tried("operations on files of others", len(said))


def test_who_belongs_there_gets_each_canary_by_these_operations(hidden, alice):
    """So that one that came through would be found."""
    files = [file["id"] for file in hidden.message.files]
    there = Target(hidden.message.room.name, hidden.message.id, key=files[0])
    reads = [
        each for each in about_places(operations()) if each.method == "GET" and (each.is_api or "key" in each.path)
    ]
    keyed = [each for each in reads if "<str:key>" in each.path]
    mine = [*answers(alice, reads, there), *answers(alice, keyed, replace(there, key=files[1]))]
    found = [hidden.found_in(said) for _label, said in mine]
    assert set().union(*found) == hidden.canaries.keys() and len(list(filter(None, found))) >= 5


def about_places(chosen: list[Operation]) -> list[Operation]:
    """Those that name a room or a file."""
    return [each for each in chosen if "<str:name>" in each.path or "<str:key>" in each.path or each in SEARCHES]


def test_no_canary_of_a_file_comes_through_the_bot(hidden, say, bob, charlie):
    id = hidden.message.id
    calls = [("list_files", {}), ("list_files", {"name": "cana"}), *(("list_files", {"kind": kind}) for kind in KINDS)]
    calls += [("read_file", {"file": f"{id}/{number}"}) for number in (1, 2)]
    calls += [("read_around", {"id": id}), ("read_thread", {"id": id}), ("search_room", {"words": "deploy"})]
    calls += [("search_room", {"words": words}) for words in ("canarytext", "canaryother deploy")]
    for user in (bob, charlie):
        question = say(user, "@bot when is the deploy?", reply_to=None)
        context = built(question)
        run = load(Run.objects.get(question=question).pk)
        use = partial(tools.run_tool, run, left=context_budget(run))
        results = [use(ToolCall("1", name, json.dumps(arguments))) for name, arguments in calls]
        told = all_of(context) + "".join(result.output for result in results)
        assert not hidden.found_in(told.encode()) and "deploy" in told
        assert not context.pictures and not any(result.picture for result in results) and not run.files
        assert id not in run.read
