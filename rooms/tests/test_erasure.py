"""A person is erased: nothing that says who they were, nor what they wrote, is left in any table, file or Redis key."""

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from accounts.forms import SignupForm
from accounts.models import User
from bot.models import Usage
from mysite import tidying
from rooms.models import (
    Block,
    Erasure,
    Invitation,
    Membership,
    Message,
    MessageKind,
    Notification,
    PersonalInvitation,
    Reaction,
    RoomKind,
)
from rooms.privacy import erasure
from rooms.services import levels, membership, messages
from rooms.tests.database_files import read_database_files

from .zerlinda import EMAIL, NAME, WORD, erase, everything, finish, lives_a_life

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast", "no_pauses")]
committed = pytest.mark.django_db(transaction=True)


def test_nothing_calls_for_them_and_they_call_for_nobody(zerlinda, bob):
    membership.get_or_create_and_join(bob, "Lobby")
    membership.get_or_join(zerlinda, "lobby")
    levels.set_reactions(bob, True)
    his = messages.post(bob, "lobby", f"hi @{NAME}").message_id
    messages.post(zerlinda, "lobby", "hi @bob")
    messages.react(zerlinda, "lobby", his, "👍")
    assert Notification.objects.count() == 3
    erase(zerlinda, keep_messages=True)
    assert not Notification.objects.exists()


@committed
def test_nothing_is_left_of_them_in_any_table_or_key(zerlinda, bob, client):
    lives_a_life(zerlinda, bob, client)
    assert everything().count(NAME) >= 10 and everything().count(WORD) > 5
    gone = erase(zerlinda)
    finish()
    left = everything()
    assert NAME not in left, left[left.index(NAME) - 200 :][:300]
    assert WORD not in left
    assert gone.username == f"deleted-account-{gone.pk}" and not gone.is_active and gone.email == ""
    assert not Erasure.objects.exists() and not Reaction.objects.exists() and not Block.objects.exists()
    assert not PersonalInvitation.objects.filter(inviter=gone).exists() and not Invitation.objects.exists()
    assert set(Message.objects.filter(sender=gone).values_list("deleted", flat=True)) == {True}
    assert {place.room.kind for place in Membership.objects.filter(user=gone)} == {RoomKind.DIRECT}
    assert client.get("/chat/").status_code == 302


@committed
def test_nothing_is_left_in_the_files_of_sqlite(zerlinda, bob, client):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's VACUUM does it")
    lives_a_life(zerlinda, bob, client)
    stored = read_database_files().lower()
    assert NAME.encode() in stored and WORD.encode() in stored
    erase(zerlinda)
    finish()
    tidying.purge_deleted_text.call()
    stored = read_database_files().lower()
    assert NAME.encode() not in stored and WORD.encode() not in stored


def test_what_others_said_and_what_was_paid_for_stays(zerlinda, bob, client):
    lives_a_life(zerlinda, bob, client)
    erase(zerlinda)
    said = set(Message.objects.filter(sender=bob, kind=MessageKind.HUMAN).values_list("text", flat=True))
    assert {"What?", "Really?", "Bob's own words"} <= said
    assert list(Usage.objects.values_list("tokens", "asker")) == [(70, None)]
    quoting = Message.objects.get(text="What?")
    assert quoting.reply_to.text == "" and quoting.reply_to.deleted


def test_messages_can_be_kept_under_a_neutral_name(zerlinda, bob, client):
    lives_a_life(zerlinda, bob, client)
    gone = erase(zerlinda, keep_messages=True)
    finish()
    kept = Message.objects.filter(sender=gone, deleted=False)
    assert {message.room.title for message in kept} == {"Lobby", "Plans", f"bob & {gone.username}"}
    assert WORD in kept.filter(room__name="lobby").first().text
    assert NAME not in everything()
    assert Block.objects.filter(user=bob, blocked=gone).exists()  # for bob it stays folded


# --- who may not be erased, and what stays reserved ---


def test_the_only_administrator_and_bots_cannot_be_erased(zerlinda, alice, bot_user):
    User.objects.filter(pk=zerlinda.pk).update(is_superuser=True)
    zerlinda.refresh_from_db()
    for person, code in ((zerlinda, "conflict"), (bot_user, "invalid")):
        with pytest.raises(erasure.ChatError) as refused:
            erasure.begin(person)
        assert refused.value.code == code
    assert not Erasure.objects.exists()
    User.objects.filter(pk=alice.pk).update(is_superuser=True)
    erase(zerlinda)


@pytest.mark.parametrize("name", [NAME, NAME.upper(), "Deleted-Account-7"])
def test_nobody_signs_up_under_the_name_again(zerlinda, name):
    erase(zerlinda)
    form = SignupForm({"username": name, "password1": "quite unusual 7", "password2": "quite unusual 7"})
    assert not form.is_valid() and list(form.errors) == ["username"]
    form = SignupForm({"username": f"{NAME}2", "password1": "quite unusual 7", "password2": "quite unusual 7"})
    assert form.is_valid(), form.errors


def test_the_log_of_administrators_names_only_others(zerlinda, make_user, bob):
    make_user(f"{NAME}.2")
    about = {"user": bob, "content_type": ContentType.objects.get_for_model(User), "action_flag": CHANGE}
    for text in (NAME, f"script ({NAME})", EMAIL, f"{NAME}.2"):
        LogEntry.objects.create(**about, object_id="1", object_repr=text)
    gone = erase(zerlinda)
    assert set(LogEntry.objects.values_list("object_repr", flat=True)) == {
        gone.username, f"script ({gone.username})", f"{NAME}.2"
    }  # fmt: skip


# --- open pages ---


@committed
def test_open_pages_see_the_messages_go_and_the_person_is_signed_out(web, zerlinda, bob):
    room = membership.get_or_create_and_join(bob, "Lobby")
    membership.add_member(room, zerlinda)
    with web.open(zerlinda, "lobby") as hers, web.open(bob, "lobby") as his:
        his.wait("welcome")
        hers.wait("welcome")
        hers.send("send", message=WORD)
        said = his.wait("message")["id"]
        gone = erase(zerlinda)
        told = his.wait("message", id=said, deleted=True)
        assert told["message"] == "" and told["sender"]["name"] == gone.username
        assert hers.closed()[0] == 4001


@committed
def test_pages_with_kept_messages_load_them_anew(web, zerlinda, bob):
    room = membership.get_or_create_and_join(bob, "Lobby")
    membership.add_member(room, zerlinda)
    messages.post(zerlinda, "lobby", WORD)
    with web.open(bob, "lobby") as his:
        his.wait("welcome")
        erase(zerlinda, keep_messages=True)
        assert his.wait("reset")["seq"] >= 1
