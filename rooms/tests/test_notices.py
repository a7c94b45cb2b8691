"""Notices: stored as what happened, and read in each reader's language."""

import importlib
import re

import pytest
from django.apps import apps
from django.db import connection
from django.utils import translation

from rooms.kernel.notices import NOTICES, english, notice, sentence
from rooms.models import Message
from rooms.queries.serializers import message_event
from rooms.services import archiving, membership, messages
from rooms.services.notices import post_notice

pytestmark = pytest.mark.django_db
SET = {"reason": "topic_set", "params": {"topic": "Tea & <cake>"}}


def told() -> Message:
    return Message.objects.for_wire().get()


def test_a_notice_is_data_with_an_english_text_beside_it(alice):
    membership.get_or_create_and_join(alice, "lobby")
    with translation.override("de"):
        messages.set_topic_and_description(alice, "lobby", topic="Tea & <cake>")
    assert told().notice == SET
    event = message_event(told())
    assert event["notice"] == SET and event["message"] == "set the topic to “Tea & <cake>”"


def compact(page) -> str:
    """Its HTML without the line breaks in tags."""
    return re.sub(r"\s+>", ">", page.content.decode())


def test_a_page_says_it_in_the_readers_language(client, alice):
    membership.get_or_create_and_join(alice, "lobby")
    messages.set_topic_and_description(alice, "lobby", topic="Tea & <cake>")
    client.force_login(alice)
    english_page = compact(client.get("/chat/lobby/"))
    german_page = compact(client.get("/chat/lobby/", headers={"Accept-Language": "de"}))
    assert '<div class="text plain">set the topic to “Tea &amp; &lt;cake&gt;”</div>' in english_page
    assert '<div class="text plain">hat das Thema auf „Tea &amp; &lt;cake&gt;“ gesetzt</div>' in german_page


def test_a_deleted_notice_says_nothing_more(alice):
    room = membership.get_or_create_and_join(alice, "lobby")
    messages.set_topic_and_description(alice, "lobby", topic="secret")
    messages.delete(alice, room.name, told().id)
    assert told().notice is None and "secret" not in str(message_event(told()))


def test_what_a_later_version_says_is_read_as_it_stands(alice):
    room = membership.get_or_create_and_join(alice, "lobby")
    archiving.archive(alice, room.name)
    Message.objects.update(notice={"reason": "of_tomorrow", "params": {}})
    assert sentence(told().notice) is None and sentence(None) is None


def test_a_notice_has_the_parameters_of_its_sentence():
    with pytest.raises(KeyError):
        notice("no_such_thing")
    with pytest.raises(TypeError, match="has the parameters"):
        notice("topic_set")


def test_notices_from_before_are_recognised(alice):
    migration = importlib.import_module("rooms.migrations.0010_message_notice")
    room = membership.get_or_create_and_join(alice, "lobby")
    names = ["topic_set", "topic_removed", "room_archived", "room_unarchived", "owner_left", "owner_deleted"]
    then = {name: NOTICES[name] for name in names}  # those that there were
    stored = [notice(name, **dict.fromkeys(each.params, "x”")) for name, each in then.items()]
    said = {
        "room_archived": "closed the room",
        "room_unarchived": "opened the room again",
    }
    for each in [*stored, None]:
        messages.post(alice, room.name, said.get(each["reason"]) or english(each) if each else "waved", kind="notice")
    messages.post(alice, room.name, "removed the topic")  # by a person
    migration.keep_what_happened(apps, connection.schema_editor())
    assert list(Message.objects.order_by("id").values_list("notice", flat=True)) == [*stored, None, None]


def test_notices_in_a_row_stand_behind_one_line(client, alice, bob, charlie):
    room = membership.get_or_create_and_join(alice, "lobby")

    def add(author, *names):
        for name in names:
            post_notice(author, room.pk, notice("person_added", name=name))

    def folds(language="en"):
        page = compact(client.get("/chat/lobby/", headers={"accept-language": language}))
        runs = re.findall(r'<details class="fold notices">(.*?)</details>', page, re.DOTALL)
        return [(re.search(r'fold-count">(.*?)</span>', run)[1], run.count("<article")) for run in runs]

    membership.get_or_join(bob, "lobby")
    alice.display_name = "A <3"
    alice.save()
    add(alice, "x1", "x2")
    add(bob, "x3")  # alone: no run
    add(alice, "x4", "x5", "x6", "x7")
    unseen = messages.post(bob, "lobby", "gone")
    messages.delete(bob, "lobby", unseen.message_id)
    add(alice, "x8")
    client.force_login(charlie)
    expected = [("A &lt;3 added x1 and x2 to the room", 2), ("A &lt;3 added x4, x5, and 3 others to the room", 5)]
    assert folds() == expected
    assert folds("de")[1] == ("A &lt;3 hat x4, x5 und 3 weitere Personen in den Raum geholt", 5)
    messages.post(bob, "lobby", "welcome")
    add(alice, "x9")
    assert folds() == expected
