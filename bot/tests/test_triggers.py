"""What addresses a bot, and what it never answers."""

import pytest
from django.db import transaction

from bot.handlers import triggers
from bot.models import Run
from bot.provisioning import create_bot
from bot.reasons import FAILURES
from rooms.kernel.errors import ChatError
from rooms.kernel.notices import notice
from rooms.models import Membership, Message, MessageKind, MessageState, RoomKind
from rooms.services import bot_replies, direct_messages, membership, messages
from rooms.services.notices import post_notice

pytestmark = pytest.mark.django_db


def asked():
    return Run.objects.count()


@pytest.mark.parametrize(
    "text",
    ["@bot hi", "hi @bot", "is that so, @Bot?", "(@bot)", "**@bot** help", "> quoted\n\n@bot what is that?"],
)
def test_a_mention_anywhere_addresses_it(say, alice, text):
    say(alice, text)
    assert asked() == 1


@pytest.mark.parametrize(
    "text", ["`@bot hi`", "```\n@bot\n```", "> @bot hi", "me@bot.org", "@bottle", "robot", "@bob hi"]
)
def test_code_quotes_and_parts_of_words_do_not(say, alice, text):
    say(alice, text)
    assert asked() == 0


def test_the_placeholder_is_written_with_the_question_or_not_at_all(room, alice, monkeypatch):
    def fail(*_args, **_named):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("bot.handlers.triggers.Run.save", fail)
    with pytest.raises(ChatError):
        messages.post(alice, room.name, "@bot hi")
    assert not Message.objects.exists()


def test_everyone_sees_the_placeholder_at_once(say, alice, bot, sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        question = say(alice, "@bot hi")
    reply = Message.objects.get(kind=MessageKind.BOT)
    assert (reply.state, reply.reply_to_id, reply.sender_id) == (MessageState.QUEUED, question.id, bot.user_id)
    told = [payload["seq"] for group, payload in sent if group == "chat_lobby" and payload["seq"]]
    assert told == [question.seq, reply.seq]


def test_a_reply_to_its_message_needs_no_mention(say, alice):
    question = say(alice, "@bot hi")
    answer = Message.objects.get(reply_to=question)
    say(alice, "and then?", reply_to=answer.id)
    assert asked() == 2


def test_every_message_in_a_direct_message_with_it_addresses_it(say, alice, bot):
    direct = direct_messages.get_or_create_direct_message(alice, "bot")
    say(alice, "hi", where=direct)
    assert Run.objects.get().room == direct


def test_a_direct_message_of_two_people_is_theirs(say, alice, bob):
    say(alice, "hi", where=direct_messages.get_or_create_direct_message(alice, "bob"))
    assert asked() == 0


def test_it_never_answers_bots_itself_notices_or_edits(say, alice, room, bot):
    other = create_bot("helper", model="m")
    say(bot.user, "@helper hi")
    say(other.user, "@bot hi")
    post_notice(alice, room.id, notice("topic_set", topic="ask @bot"))
    messages.edit(alice, room.name, say(alice, "hi").id, "@bot hi")
    assert asked() == 0


def test_a_bots_own_words_address_nobody(say, alice, bot):
    create_bot("helper", model="m")
    say(alice, "@bot hi")
    reply = Message.objects.get(kind=MessageKind.BOT)
    bot_replies.update(reply.id, text="Ask @helper!", state=MessageState.COMPLETE)
    assert asked() == 1


def test_several_bots_are_asked_in_the_order_they_were_named(say, alice, bot):
    create_bot("first", model="m")
    create_bot("aaa", model="m")
    say(alice, "@first and @bot and @aaa, what do you think?")
    assert [run.bot.user.username for run in Run.objects.order_by("id")] == ["first", "bot", "aaa"]


def test_a_bot_answers_only_in_its_rooms_and_direct_messages(say, alice, bob, room):
    elsewhere = membership.create_room(alice, "Elsewhere")
    helper = create_bot("helper", model="m")
    helper.rooms.add(elsewhere)
    say(alice, "@helper hi")
    assert asked() == 0
    say(alice, "@helper hi", where=elsewhere)
    say(alice, "hi", where=direct_messages.get_or_create_direct_message(alice, "helper"))
    say(alice, "@helper hi", where=direct_messages.get_or_create_direct_message(alice, "bob"))
    assert asked() == 2


def test_a_bot_that_is_kept_to_rooms_tells_an_outsider_that_it_does_not_answer(say, alice, bob, room):
    elsewhere = membership.create_room(alice, "Elsewhere", RoomKind.PRIVATE)
    helper = create_bot("helper", model="m")
    helper.rooms.add(elsewhere)
    direct = direct_messages.get_or_create_direct_message(bob, "helper")
    say(bob, "hi", where=direct)
    run = Run.objects.get(room=direct)
    assert (run.state, run.message.state, run.message.note) == (
        "failed",
        MessageState.FAILED,
        FAILURES["members_only"].text({}),
    )
    Membership.objects.create(room=elsewhere, user=bob)
    say(bob, "hi", where=direct)
    assert Run.objects.filter(room=direct, state="waiting").count() == 1


def test_a_bot_that_is_switched_off_is_silent(say, alice, bot):
    bot.enabled = False
    bot.save()
    say(alice, "@bot hi")
    assert asked() == 0


def test_past_the_limit_it_declines_in_words(say, alice, settings):
    settings.BOT_MAX_QUEUED = 2
    for _ in range(3):
        say(alice, "@bot hi")
    *_, declined = Message.objects.filter(kind=MessageKind.BOT).order_by("id")
    assert declined.state == MessageState.FAILED and "Too many questions" in declined.note
    assert list(Run.objects.order_by("id").values_list("state", flat=True)) == ["waiting", "waiting", "failed"]


def test_an_ordinary_message_costs_no_query_here(say, alice, bob, django_assert_num_queries):
    from bot.handlers.triggers import on_message_posted

    say(alice, "warm")
    message = Message.objects.select_related("sender", "room").get()
    with transaction.atomic(), django_assert_num_queries(0):
        on_message_posted(Message, message=message, room=message.room, addressed=[])


def test_one_answer_a_question(say, alice, bot):
    from django.db import IntegrityError

    question = say(alice, "@bot hi")
    run = Run.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.create(bot=bot, room=run.room, question=question, asker=alice, message=question)


def test_a_bot_is_listed_where_it_listens(bot, room, alice):
    def listed():
        return triggers.on_bots_wanted(None, room_id=room.id)

    assert listed() == {bot.user_id}
    bot.rooms.add(membership.create_room(alice, "Other"))
    assert listed() == set()
    bot.rooms.add(room)
    assert listed() == {bot.user_id}
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    assert triggers.on_bots_wanted(None, room_id=direct.id) == set()  # though it answers there when it is named
    assert triggers.on_bots_wanted(None, room_id=direct_messages.get_or_create_direct_message(alice, "bot").id) == {
        bot.user_id
    }


@pytest.mark.parametrize("off", ["the bot", "its account"])
def test_a_bot_that_is_switched_off_is_not_asked(off, bot, room, alice, say):
    if off == "the bot":
        bot.enabled = False
        bot.save()
    else:
        bot.user.is_active = False
        bot.user.save()
    assert triggers.on_bots_wanted(None, room_id=room.id) == set()
    say(alice, "@bot hi")
    assert not Run.objects.exists()
