"""Finding the few replies that are being written, in a room of any age."""

import pytest
from django.db import connection

from rooms.models import Message, MessageState
from rooms.queries import history
from rooms.services import membership

pytestmark = pytest.mark.django_db


def test_only_replies_in_flight_are_found(alice, bot_user):
    room = membership.get_or_create_and_join(alice, "Lobby")
    for seq, state in enumerate(MessageState, start=1):
        Message.objects.create(room=room, seq=seq, first_seq=seq, sender=bot_user, kind="bot", state=state)
    assert {message.state for message in history.unfinished(room.id)} == {MessageState.QUEUED, MessageState.STREAMING}


def test_it_does_not_look_through_the_history(alice):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET enable_seqscan = off")  # which an empty table would prefer
    room = membership.get_or_create_and_join(alice, "Lobby")
    assert "message_unfinished" in Message.objects.unfinished().filter(room=room).explain()
