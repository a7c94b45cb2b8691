"""The text of a stranger is read before anything is locked: whatever it costs, nobody waits for a lock meanwhile."""

from collections.abc import Iterable
from functools import partial

import pytest
from django.db import connection

from bot.answering import catch_up_redirect
from bot.models import Run, RunState
from bot.queue import leases, runs
from rooms.models import Message, MessageKind, MessageState, OwnEmoji
from rooms.services import archiving, bot_replies, membership, messages, own_emoji
from rooms.text import markup

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def read(monkeypatch) -> list[tuple[str, bool]]:
    """Each text that was read as Markdown, and whether that was within a transaction."""
    read = []

    def parse(real, text, *rest):
        read.append((text, connection.in_atomic_block))
        return real(text, *rest)

    for parser in (markup._markdown, markup._without_formulas):
        monkeypatch.setattr(parser, "parse", partial(parse, parser.parse))
    return read


@pytest.fixture
def run(room, bot, say, alice) -> Run:
    """A run that a worker has claimed."""
    say(alice, f"@{bot.user.username} hello")
    [id] = leases.claim("w", 1)
    return runs.load(id)


def saw(read, text: str) -> bool:
    """Whether the text was read as Markdown, each time outside of transactions."""
    assert not [each for each in read if each[1]]
    return text in [each for each, _locked in read]


def test_of_posts_and_edits(read, room, say, alice, bob):
    message = say(alice, "so **new** @bob")
    edited = messages.edit(alice, room.name, message.id, "so **old** @bob")
    assert saw(read, "so **new** @bob") and saw(read, "so **old** @bob")
    assert edited.mentions == [bob.id] and f'data-user="{bob.id}"' in edited.html


def test_of_notices(read, room, alice, bob):
    messages.set_topic_and_description(alice, room.name, topic="some *topic*")
    archiving.archive(alice, room.name)
    archiving.unarchive(alice, room.name)
    membership.leave(alice, room.name)
    assert read == []  # they are no Markdown
    notices = list(Message.objects.filter(kind=MessageKind.NOTICE).order_by("seq"))
    assert [notice.text.split()[0] for notice in notices] == ["set", "archived", "unarchived", "left"]
    assert "some *topic*" in notices[0].html and f'data-user="{bob.id}"' in notices[-1].html


def test_of_replies_that_their_worker_ends(read, run):
    assert runs.finish(run, RunState.DONE, "so **done**")
    assert saw(read, "so **done**")
    assert "<strong>" in Message.objects.get(pk=run.message_id).html


def test_of_replies_that_others_end(read, run, room, bob):
    """They hold the lock already: the text is plain until they have let it go."""
    bot_replies.update(run.message_id, state=MessageState.STREAMING)
    bot_replies.checkpoint({run.message_id: "so **far**"})
    Run.objects.filter(pk=run.pk).update(lease_until="2000-01-01T00:00Z")
    before = Message.objects.get(pk=run.message_id).seq
    bot_replies.stop(bob, room.name, run.message_id)
    message = Message.objects.get(pk=run.message_id)
    assert saw(read, "so **far**")
    assert (message.state, message.html) == (MessageState.STOPPED, "<p>so <strong>far</strong></p>\n")
    assert message.seq == before + 2


def test_names_of_emoji_are_looked_up_before(run, room, say, alice, bob, monkeypatch):
    OwnEmoji.objects.create(name="party", digest="x" * 32, picture=b"", added_by=alice)
    looked, real = [], own_emoji.addresses_in

    def look(documents: Iterable[markup.Rendered]) -> dict[str, str]:
        looked.append(connection.in_atomic_block)
        return real(documents)

    monkeypatch.setattr(own_emoji, "addresses_in", look)
    message = say(alice, "so :party:")
    shown = [message.html, messages.edit(alice, room.name, message.id, "still :party:").html]
    assert runs.finish(run, RunState.DONE, "done :party:")
    shown.append(Message.objects.get(pk=run.message_id).html)
    assert all('<img class="own-emoji"' in html for html in shown)
    assert looked == [False] * 3


def test_of_what_a_bot_says_about_an_answer_elsewhere(read, run):
    catch_up_redirect.redirect(run)
    assert saw(read, catch_up_redirect.REDIRECT_NOTICE.format(bot=run.bot.user.username))
    assert "<a href" in Message.objects.get(room=run.room, kind=MessageKind.BOT).html
