"""The index of messages: every way of writing one reaches it, it can be made anew, and a search in it ends in time."""

import uuid

import pytest
from django.db import connection, transaction

from rooms.kernel.errors import ChatError
from rooms.models import Message, MessageState
from rooms.search import message_search as searching
from rooms.search import sqlite
from rooms.search.message_index import build_index
from rooms.search.message_search import search
from rooms.services import bot_replies, messages
from rooms.services.posting import Post, post_many

from .found import replying, texts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unpublished")]


# --- what was written ---


def test_an_edit_is_found_as_it_is_now_and_a_deleted_one_not_at_all(alice, lobby, say):
    edited, deleted = say(alice, lobby, "first words"), say(alice, lobby, "to be removed")
    messages.edit(alice, lobby.name, edited, "second thoughts")
    messages.delete(alice, lobby.name, deleted)
    assert texts(alice, "first") == texts(alice, "removed") == []
    assert texts(alice, "second") == ["second thoughts"]


def test_a_reply_is_found_when_it_is_finished(alice, bot_user, lobby, say):
    reply = replying(bot_user, say(alice, lobby, "what is the plan?"))
    bot_replies.update(reply.id, text="the marzipan", state=MessageState.STREAMING)
    bot_replies.checkpoint({reply.id: "the marzipan plan"})
    assert texts(alice, "marzipan") == []
    bot_replies.update(reply.id, text="the marzipan plan is simple", state=MessageState.COMPLETE)
    assert texts(alice, "marzipan plan") == ["the marzipan plan is simple"]
    bot_replies.update(reply.id, text="another answer", state=MessageState.STREAMING)
    assert texts(alice, "marzipan") == []


def test_what_is_written_and_removed_in_bulk_is_found_and_gone(alice, lobby):
    posts = [Post(alice, lobby.id, f"bulk number {n}", uuid.uuid4()) for n in range(70)]
    post_many(posts)
    assert search(alice.id, "bulk", limit=100).hits[69].message.text == "bulk number 0"
    assert texts(alice, "number 42") == ["bulk number 42"]
    Message.objects.filter(text__contains="4").delete()
    assert texts(alice, "bulk 42") == [] and len(search(alice.id, "bulk", limit=100).hits) == 70 - 16
    Message.objects.update(text="all alike")
    assert texts(alice, "bulk") == [] and len(search(alice.id, "alike", limit=100).hits) == 70 - 16


def test_what_was_rolled_back_is_not_found(alice, lobby, say):
    with pytest.raises(RuntimeError), transaction.atomic():
        say(alice, lobby, "never said")
        raise RuntimeError
    assert texts(alice, "never") == []


# --- the index, and its limit in time ---


def test_making_the_index_again_changes_nothing(alice, lobby, say):
    say(alice, lobby, "once only")
    build_index("default")
    assert texts(alice, "once") == ["once only"]


def test_a_broken_index_is_made_anew(alice, lobby, say):
    """As after a migration that builds the table of messages anew, which loses the triggers on it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"DROP {'TRIGGER message_words_new' if connection.vendor == 'sqlite' else 'INDEX message_words'}"
        )
    say(alice, lobby, "missed by the index")
    connection.check_constraints()  # PostgreSQL changes no table with some waiting to be checked
    build_index("default")
    assert texts(alice, "missed") == ["missed by the index"]
    say(alice, lobby, "not missed")
    assert len(texts(alice, "missed")) == 2


def test_a_search_that_takes_too_long_ends_with_a_sentence(alice, lobby, monkeypatch):
    post_many([Post(alice, lobby.id, "again", uuid.uuid4()) for _ in range(50)])
    monkeypatch.setattr(searching, "TIMEOUT", 0.001)
    monkeypatch.setattr(sqlite, "_STEPS_BETWEEN_CHECKS", 1)
    backend = searching.BACKENDS[connection.vendor]
    found = backend.find
    monkeypatch.setattr(backend, "find", lambda wanted: (_wait(), found(wanted))[1])
    with pytest.raises(ChatError) as refused:
        search(alice.id, "again")
    assert refused.value.code == "overloaded" and refused.value.retry_after
    monkeypatch.undo()
    assert texts(alice, "again", limit=1) == ["again"]  # the connection goes on


def _wait():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_sleep(5)")
        else:
            cursor.execute(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1e9) SELECT max(i) FROM n"
            )
            cursor.fetchone()
