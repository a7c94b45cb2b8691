"""A room's topic and description: told once, when they change, and checked before anything does."""

import pytest

from rooms.models import Message, Room
from rooms.services import messages as actions

from .refusals import refused

pytestmark = pytest.mark.django_db


def test_a_topic_and_a_description_are_told_once_and_only_when_they_change(alice, lobby):
    actions.set_topic_and_description(alice, "lobby", topic=" Tea\n time ")
    actions.set_topic_and_description(alice, "lobby", topic="Tea time")
    actions.set_topic_and_description(alice, "lobby", description="All of it.")
    actions.set_topic_and_description(alice, "lobby", topic="")
    room = Room.objects.get(pk=lobby.pk)
    assert (room.topic, room.description) == ("", "All of it.")
    texts = Message.objects.filter(kind="notice").order_by("id").values_list("text", flat=True)
    assert list(texts) == [
        "set the topic to “Tea time”",
        "changed the description of the room",
        "removed the topic",
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"topic": "x" * 201}, "too_long"),
        ({"description": "x" * 2001}, "too_long"),
        ({"topic": "a\u202eb"}, "invalid"),
        ({"description": "a\u2066b"}, "invalid"),
    ],
)
def test_an_impossible_description_changes_nothing(alice, lobby, changes, code):
    refused(
        code, actions.set_topic_and_description, alice, "lobby", **({"topic": "new", "description": "new"} | changes)
    )
    room = Room.objects.get(pk=lobby.pk)
    assert (room.topic, room.description, room.seq) == ("", "", 0)
