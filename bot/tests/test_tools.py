"""What a model finds when it looks something up."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bot.answering import room_tools, tools
from bot.context.prompt_builder import context_budget
from bot.llm.tool_calls import ToolCall
from bot.models import Run
from bot.queue.runs import load
from rooms.models import Message, RoomKind
from rooms.services import membership, messages


def used(run, tool, /, **arguments):
    return tools.run_tool(run, ToolCall("1", tool, json.dumps(arguments)), context_budget(run))


@pytest.fixture
def run(say, alice, bob):
    say(bob, "The deploy is on Friday.")
    say(alice, "Who brings cake?")
    return load(Run.objects.get(question=say(alice, "@bot when is the deploy?")).pk)


@pytest.mark.django_db
def test_each_tool_finds_what_is_in_the_room(run, bob):
    found = used(run, "search_room", words="DEPLOY friday")
    [message] = json.loads(found.output)["messages"]
    id, at, name, text = message
    assert (name, text) == ("bob", "The deploy is on Friday.") and re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", at)
    assert found.note.text == "searched “DEPLOY friday”: 1 message" and found.read == [id]
    assert used(run, "said_by", name="@Bob").read == [id]
    assert used(run, "said_by", name="bob", words="cake").read == []
    assert len(used(run, "read_around", id=id).read) == 3
    assert json.loads(used(run, "list_people").output) == {"people": ["alice", "bob"], "count": 2}
    assert json.loads(used(run, "who_is_online").output) == {"online": [], "count": 0}
    assert [entry["name"] for entry in run.tools][:2] == ["search_room", "said_by"] and id in run.read


@pytest.mark.django_db
def test_a_result_has_an_end(run, say, alice, bob, settings):
    settings.RATE_MESSAGES = 1000
    said = [say(bob, f"cake {number} " + "x" * 700) for number in range(room_tools.MAX_RESULTS + 3)]
    asked = load(Run.objects.get(question=say(alice, "@bot what now?")).pk)
    newest = [message.id for message in reversed(said)][: room_tools.MAX_RESULTS]
    for found in (used(asked, "search_room", words="cake"), used(asked, "said_by", name="bob")):
        assert found.read == newest and len(newest) == 12
        assert {len(message[3]) for message in json.loads(found.output)["messages"]} == {600 + len("[…]")}
    assert len(used(asked, "read_around", id=said[-5].id).read) == 11


@pytest.mark.django_db
def test_a_search_takes_names_and_dates(run, say, alice, bob):
    assert used(run, "search_room", words="deploy", sender="bob").read
    assert used(run, "search_room", words="deploy from:@Bob since:2026-01-01").read
    assert not used(run, "search_room", words="deploy", sender="alice").read
    assert not used(run, "search_room", words="deploy", until="2026-01-01").read
    assert used(run, "search_room", words="deploy", sender="nobody").error
    assert used(run, "search_room", words="deploy", since="yesterday").error


@pytest.mark.django_db
def test_a_time_is_read_through_from_its_beginning(run, say, alice, bob, settings):
    settings.RATE_MESSAGES = 1000
    said = [say(bob, f"line {number}").id for number in range(45)]
    asked = load(Run.objects.get(question=say(alice, "@bot what now?")).pk)
    found = used(asked, "read_between", since="2026-01-01")
    assert len(found.read) == 40 and found.read[-1] < said[-1] and "later messages" in found.output
    assert not used(asked, "read_between", since="2026-01-01", until="2026-01-02").read
    assert used(asked, "missed_by_asker").read == said[:40]
    assert "later messages" not in used(asked, "read_between", since="2999-01-01").output


@pytest.mark.django_db
@pytest.mark.parametrize("time", ["0001-01-01", "0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00"])
def test_times_at_the_ends_of_the_calendar_break_nothing(run, time):
    assert not used(run, "read_between", since=time).error
    assert not used(run, "read_between", since="2026-01-01", until=time).error
    assert not used(run, "search_room", words="deploy", since=time, until=time).error


@pytest.mark.django_db
def test_a_time_is_found_by_ids_and_what_is_left_out_is_counted_to_a_bound(run, say, alice, bob, settings, monkeypatch):
    """A room may hold a million messages: neither those before the time nor those behind are all looked at."""
    settings.RATE_MESSAGES = 1000
    monkeypatch.setattr(room_tools, "MAX_COUNTED", 3)
    first = [say(bob, f"line {number}").id for number in range(45)][0]
    asked = load(Run.objects.get(question=say(alice, "@bot what now?")).pk)
    Message.objects.filter(pk__lt=first).update(created="2026-01-01T00:00:00Z")
    with CaptureQueriesContext(connection) as queries:
        found = used(asked, "read_between", since="2026-02-01")
    assert found.read[0] == first and "at least 3 later messages" in found.output
    assert any(f"BETWEEN {first} AND" in query["sql"] for query in queries)


@pytest.mark.django_db
def test_a_thread_is_read_up_and_down(run, say, alice, bob):
    root = say(bob, "root")
    leaf = say(alice, "leaf", reply_to=root.id)
    below = say(bob, "below", reply_to=leaf.id)
    assert used(run, "read_thread", id=leaf.id).read == [root.id, leaf.id, below.id]


@pytest.mark.django_db
def test_what_is_found_is_cut_around_the_hit(run, say, alice, bob):
    say(bob, "x " * 1900 + "the needle is here " + "y " * 1900)
    asked = load(Run.objects.get(question=say(alice, "@bot where?")).pk)
    [message] = json.loads(used(asked, "search_room", words="needle").output)["messages"]
    assert "the needle is here" in message[3] and message[3].startswith("[…]") and message[3].endswith("[…]")


@pytest.mark.django_db
def test_what_was_said_after_the_question_is_not_looked_up(run, say, bob):
    later = say(bob, "deploy cake")
    for found in (used(run, "search_room", words="deploy"), used(run, "said_by", name="bob")):
        assert found.read and later.id not in found.read


@pytest.mark.django_db
def test_no_tool_tells_of_elsewhere_or_of_what_is_gone(run, say, alice, bob, charlie, room):
    hidden = membership.create_room(charlie, "Hidden", kind=RoomKind.PRIVATE)
    elsewhere = [
        say(charlie, "deploy CANARY", where=hidden),
        say(alice, "deploy CANARY", where=membership.create_room(alice, "Other")),
    ]
    gone = say(bob, "deploy CANARY")
    messages.delete(bob, room.name, gone.id)
    told = [used(run, "search_room", words=words) for words in ("deploy", "CANARY", "deploy CANARY")]
    told += [
        used(run, "said_by", name=name, **more)
        for name in ("alice", "bob", "charlie")
        for more in ({}, {"words": "CANARY"})
    ]
    told += [used(run, "read_around", id=message.id) for message in (*elsewhere, gone, run.question)]
    assert not any("CANARY" in result.output.replace('"words"', "") for result in told)
    assert not {message.id for message in (*elsewhere, gone)} & set(run.read) and run.question_id in run.read


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("delete_everything", "{}"), ("search_room", "{"), ("search_room", "[]"), ("search_room", '{"words": 5}'),
        ("search_room", '{"words": " "}'), ("read_around", '{"id": "1; DROP TABLE"}'), ("read_around", '{"id": true}'),
        ("read_around", '{"id": 99999999999999999999}'), ("read_around", '{"id": 424242}'),
        ("read_around", '{"id": 1e400}'), ("read_around", f'{{"id": {"9" * 5000}}}'), ("search_room", "[" * 100_000),
        ("search_room", f'{{"words": {"[" * 900 + "]" * 900}}}'), ("nul\x00", "{}"),
        *((name, f'{{"{field}": "{odd}"}}') for name, field in (("search_room", "words"), ("said_by", "name"))
          for odd in ("\\ud800", "a\\u0000b")),
        *(("said_by", f'{{"name": "bob", {odd}}}') for odd in ('"words": "\\ud83d"', '"x\\u0000": 1')),
    ],
)  # fmt: skip
def test_a_wrong_call_is_told_to_the_model(run, name, arguments):
    result = tools.run_tool(run, ToolCall("1", name, arguments), context_budget(run))
    assert result.error and "error" in json.loads(result.output) and run.tools[-1]["error"] == result.error
    run.save()
    assert not re.search(r"\\u0000|\\ud[89a-f]", json.dumps(run.tools))  # PostgreSQL takes none of them
