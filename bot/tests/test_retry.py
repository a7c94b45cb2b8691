"""Asked again: what is kept of the earlier answers, what is not, and where the question stands then."""

import re

import pytest

from bot.models import Run, RunState
from bot.queue import leases, reply_controls
from e2e.model_server import Reply as Model
from rooms.kernel.db_executor import run_db
from rooms.kernel.errors import ChatError
from rooms.models import Message
from rooms.services import bot_replies, membership, messages

from .conftest import answered, events, until, working

pytestmark = pytest.mark.django_db(transaction=True)


def done(run, **changes):
    """As if it had been answered."""
    values = {"state": RunState.DONE, "worker": "w", "attempts": 1, **changes}
    Run.objects.filter(pk=run.pk).update(**values)
    Message.objects.filter(pk=run.message_id).update(state="complete")
    return Run.objects.get(pk=run.pk)


def test_it_stands_at_the_end_of_the_line_and_begins_anew(say, alice, room):
    say(alice, "@bot hi")
    run = done(Run.objects.get(), tokens_in=7, tokens_out=5, read=[1], tools=[{"name": "search_room"}], attempts=3)
    say(alice, "@bot and then?")
    bot_replies.retry(alice, room.name, run.message_id)
    first, other = Run.objects.order_by("id")
    assert first.queued > other.queued
    assert (first.state, first.attempts, first.tokens_in, first.tokens_out) == (RunState.WAITING, 0, 0, 0)
    assert (first.read, first.tools, first.worker) == ([], [], "")


def test_where_too_many_wait_it_is_refused_with_when(say, alice, room, settings):
    say(alice, "@bot hi")
    run = done(Run.objects.get())
    settings.BOT_MAX_QUEUED = 1
    say(alice, "@bot and then?")
    with pytest.raises(ChatError) as refused:
        bot_replies.retry(alice, room.name, run.message_id)
    assert (refused.value.code, refused.value.retry_after) == ("rate_limited", 30)


def test_the_last_ten_answers_are_kept(say, alice, room):
    say(alice, "@bot hi")
    run = Run.objects.get()
    for number in range(12):
        done(run)
        bot_replies.update(run.message_id, text=f"Answer {number}.", state="complete")
        bot_replies.retry(alice, room.name, run.message_id)
    kept = [version["text"] for version in Run.objects.get().versions]
    assert kept == [f"Answer {number}." for number in range(2, 12)] and reply_controls.MAX_VERSIONS == 10


async def test_an_earlier_answer_says_which_model_gave_it_and_when(model, say, alice, room, client):
    model.next(Model("**First.**"), Model("Second."))
    async with working():
        run = await answered(await run_db(say, alice, "@bot hi"))
        await run_db(bot_replies.retry, alice, room.name, run.message_id)
        again = await until(Run.objects.filter(message__text="Second.", state="done").first)
    [version] = again.versions
    assert await run_db(lambda: again.message.earlier_answers) == 1
    assert version["html"] == "<p><strong>First.</strong></p>\n"
    assert (version["text"], version["words"]) == ("**First.**", "First.")
    assert version["model"] == run.model and re.match(r"\d{4}-\d\d-\d\dT", version["finished"])
    await run_db(client.force_login, alice)
    address = f"/api/rooms/{room.name}/messages/{run.message_id}/receipt"
    assert (await run_db(client.get, address)).json()["versions"] == [version]
    await run_db(messages.delete, alice, room.name, run.message_id)  # alice owns the room
    assert (await run_db(client.get, address)).json()["versions"] == []


def test_whoever_is_behind_moves_up_when_one_is_stopped(say, alice, bob, room, sent):
    asked = [say(user, "@bot hi") for user in (alice, bob, alice)]
    answers = [Message.objects.get(reply_to=question).id for question in asked]
    sent.clear()
    bot_replies.stop(alice, room.name, answers[0])
    places = {event["id"]: event["position"] for event in events(sent, "queue")}
    assert places == {answers[1]: 1, answers[2]: 2}


def test_a_room_in_which_no_answer_begins_is_told_nothing(say, alice, bob, room, sent):
    other = membership.create_room(alice, "Kitchen")
    for _ in range(2):
        say(alice, "@bot hi", where=other)
    assert len(leases.claim("w", 10)) == 1  # the other waits behind it
    say(bob, "@bot hi")
    sent.clear()
    assert len(leases.claim("w", 10)) == 1
    assert events(sent, "queue") == []
