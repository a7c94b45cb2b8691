"""Words that call: whole ones, for members who have chosen them, and for nobody else."""

import pytest

from jobs.worker import run_all
from rooms.kernel.errors import ChatError
from rooms.models import Membership, MessageState, Notification, Room
from rooms.queries.levels import settings_of
from rooms.services import (
    blocks,
    bot_replies,
    direct_messages,
    inbox_changes,
    keywords,
    levels,
    membership,
    messages,
)
from rooms.text.key_words import contains, fold

from .api_client import Api
from .inbox_entries import entries, unread

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(lobby, alice, bob):
    """Bob, for whom words call."""
    membership.get_or_join(bob, "lobby")
    keywords.set_keywords(bob, ["Kettle", "green tea"])
    return bob


def say(user, text: str) -> int:
    said = messages.post(user, "lobby", text).message_id
    run_all()
    return said


@pytest.mark.parametrize(
    ("text", "word", "found"),
    [
        ("The KETTLE, please", "kettle", True),
        ("kettles", "kettle", False),
        ("(kettle)", "kettle", True),
        ("a_kettle", "kettle", False),
        ("kettles, no: **kettle**!", "kettle", True),
        ("green\n  Tea", "green tea", True),
        ("evergreen tea", "green tea", False),
        ("In der STRASSE", "Straße", True),
        ("Cafe\u0301", "café", True),
        ("Cafe\u0301", "cafe", False),
        ("I write C++ code", "c++", True),
        ("🚀🚀", "🚀", True),
        ("部署服务器", "服务", True),
        ("Redis服务器", "redis", True),
        ("नदी की ओर", "क", False),
        ("nothing", "", False),
    ],
)
def test_a_word_is_found_whole(text, word, found):
    assert contains(fold(text), fold(word)) is found


def test_whoever_chose_a_word_hears_of_messages_with_it(member, alice):
    first = say(alice, "Where is the kettle?")
    second = say(alice, "Green tea for all")
    say(alice, "Kettles are no kettledrums")
    assert entries(member) == [("keyword", second, "alice"), ("keyword", first, "alice")]
    assert entries(member, kind="words") == entries(member) and entries(member, kind="mentions") == []
    assert unread(member) == 2
    row = Notification.objects.first()
    assert row.push_after and row.mail_after


def test_nobody_hears_of_their_own_words_nor_of_what_a_level_a_mute_or_a_block_keeps_away(member, alice):
    say(member, "my kettle")
    levels.set_level(member, "lobby", "nothing")
    say(alice, "kettle one")
    levels.set_level(member, "lobby", "")
    levels.mute(member, "lobby", True)
    say(alice, "kettle two")
    levels.mute(member, "lobby", False)
    blocks.block(member, "alice")
    say(alice, "kettle three")
    assert not Notification.objects.exists()


def test_what_is_said_where_somebody_is_not_tells_them_nothing(member, alice, make_user):
    plans = membership.create_room(alice, "Plans", "private")
    messages.post(alice, plans.name, "kettle")
    membership.leave(member, "lobby")
    say(alice, "kettle")
    assert not Notification.objects.exists()
    membership.get_or_join(member, "lobby")
    assert entries(member) == [] and say(alice, "kettle") == entries(member)[0][1]


def test_one_message_is_told_once_by_what_concerns_most(member, alice):
    named = say(alice, "@bob, the kettle")
    levels.set_level(member, "lobby", "all")
    worded, plain = say(alice, "kettle"), say(alice, "anything")
    assert entries(member) == [("message", plain, "alice"), ("keyword", worded, "alice"), ("mention", named, "alice")]


def test_an_edit_or_a_deletion_takes_it_back(member, alice):
    first, second, third = (say(alice, f"kettle {number}") for number in range(3))
    messages.edit(alice, "lobby", first, "pot")
    messages.edit(alice, "lobby", second, "kettle, the red one")
    messages.delete(alice, "lobby", third)
    run_all()
    assert entries(member) == [("keyword", second, "alice")]
    messages.edit(alice, "lobby", first, "kettle again")  # an edit tells nobody anew
    run_all()
    assert len(entries(member)) == 1


def test_a_word_is_left_when_an_edit_takes_a_name_or_a_call_away(member, alice):
    named, called = say(alice, "@bob, the kettle"), say(alice, "@room, the kettle")
    other, muted = say(alice, "@bob, the pot"), say(alice, "@bob, a kettle")
    messages.edit(alice, "lobby", named, "The kettle")
    messages.edit(alice, "lobby", called, "The kettle")
    messages.edit(alice, "lobby", other, "The pot")
    run_all()
    kept = [("mention", muted, "alice"), ("keyword", called, "alice"), ("keyword", named, "alice")]
    assert entries(member) == kept
    levels.mute(member, "lobby", True)
    messages.edit(alice, "lobby", muted, "A kettle")  # of a muted room, words tell nobody
    run_all()
    assert not Notification.objects.filter(message=muted).exists()


def test_a_name_and_a_word_that_go_at_once_leave_nothing(member, alice):
    said = say(alice, "@bob, the kettle")
    messages.edit(alice, "lobby", said, "The pot")
    run_all()
    assert not Notification.objects.exists()
    levels.set_level(member, "lobby", "all")
    said = say(alice, "@bob, the kettle")
    messages.edit(alice, "lobby", said, "The pot")
    run_all()
    assert entries(member) == [("message", said, "alice")]  # as all that is said there


def test_a_message_that_is_deleted_before_anybody_looks_tells_nobody(member, alice):
    said = messages.post(alice, "lobby", "kettle").message_id
    messages.delete(alice, "lobby", said)
    run_all()
    assert not Notification.objects.exists()


def test_looking_twice_tells_once(member, alice):
    said = say(alice, "kettle")
    inbox_changes.mark_all_done(member)
    keywords.tell_of_words.func(said)
    assert (entries(member), Notification.objects.count()) == ([], 1)


def test_words_of_a_bot_count_when_it_has_finished(member, alice, bot_user, lobby):
    reply = bot_replies.create_placeholder(Room.objects.get(pk=lobby.pk), bot_user, None)
    Room.objects.filter(pk=lobby.pk).update(seq=reply.seq)
    bot_replies.update(reply.id, text="kettle", state=MessageState.STREAMING)
    run_all()
    assert entries(member) == []
    bot_replies.update(reply.id, text="The kettle.", state=MessageState.COMPLETE)
    run_all()
    assert entries(member) == [("keyword", reply.id, bot_user.username)]


def test_direct_messages_need_no_words(member, alice):
    room = direct_messages.get_or_create_direct_message(alice, "bob")
    messages.post(alice, room.name, "kettle")
    run_all()
    assert [kind for kind, _message, _by in entries(member)] == ["direct"]


def test_they_are_kept_as_written_each_once_and_few(member):
    keywords.set_keywords(member, [" Straße ", "STRASSE", "", "two\x00  words", "\u202etea"])
    assert settings_of(member.id).keywords == ["STRASSE", "two words", "tea"]
    for words in (["x" * 41], [str(number) for number in range(21)], ["x"] * 101):
        with pytest.raises(ChatError) as refused:
            keywords.set_keywords(member, words)
        assert refused.value.reason == "bad_keywords"
    keywords.set_keywords(member, [])
    assert not Membership.objects.filter(hears_words=True).exists()


def test_they_are_chosen_over_http_and_on_the_page(member, client):
    api = Api(member)
    assert api("PATCH", "/api/me/notifications", {"keywords": ["Pot"]})[1]["keywords"] == ["Pot"]
    assert api("PATCH", "/api/me/notifications", {"keywords": [1]})[1]["reason"] == "field_not_texts"
    client.force_login(member)
    client.post("/settings/notifications/", {"keywords": "pot, green tea\nкот,, "})
    assert api.get("/api/me/notifications")[1]["keywords"] == ["pot", "green tea", "кот"]
    assert ">pot, green tea, кот</textarea>" in client.get("/settings/notifications/").content.decode()
    page = client.post("/settings/notifications/", {"keywords": "x" * 41}, follow=True).content.decode()
    assert "Choose at most 20 words or phrases" in page


def test_the_inbox_says_it(member, alice, client):
    say(alice, "kettle")
    client.force_login(member)
    assert "</b> wrote one of your words" in client.get("/inbox/?kind=words").content.decode()
