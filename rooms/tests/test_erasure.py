"""A person is erased: nothing that says who they were, nor what they wrote, is left in any table, file or Redis key."""

import io

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from redis import Redis

from accounts.forms import SignupForm
from accounts.models import Token, User
from bot.models import Run, Usage
from bot.provisioning import ensure_default_bot
from mysite.web import maintenance
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
    Role,
    Room,
    RoomKind,
)
from rooms.privacy import erasure, erasure_steps
from rooms.services import (
    blocks,
    bot_replies,
    direct_messages,
    invitation_links,
    membership,
    messages,
    personal_invitations,
)
from rooms.tests.database_files import read_database_files
from rooms.tests.test_deleted import tables

pytestmark = pytest.mark.django_db
committed = pytest.mark.django_db(transaction=True)

NAME, WORD = "zerlinda", "quokkafest"  # that stand nowhere else
EMAIL = f"{NAME}@example.org"


@pytest.fixture
def zerlinda(make_user):
    return make_user(NAME, email=EMAIL, status=f"{WORD} soon")


@pytest.fixture(autouse=True)
def no_limits(settings, monkeypatch):
    settings.RATE_MESSAGES = 100_000
    monkeypatch.setattr("rooms.management.commands.eraseperson.PAUSE", 0)


def erase(user: User, keep_messages: bool = False) -> User:
    erasure.begin(user, keep_messages)
    while not erasure.is_done(user.pk):
        erasure.run_next_batch(user.pk)
    user.refresh_from_db()
    return user


def finish() -> None:
    """As if a minute had gone by."""
    Erasure.objects.update(due=timezone.now())
    while erasure.run_next_batch():
        pass


def everything() -> str:
    """All tables, and all of Redis but what is on its way to nobody."""
    with Redis.from_url(settings.REDIS_URLS[0]) as client:
        stored = str([(key, client.dump(key)) for key in client.scan_iter()])
    return (tables() + stored).lower()


def lives_a_life(person: User, bob: User, client: Client) -> None:
    """They leave a trace wherever somebody can."""
    bot = ensure_default_bot()
    client.force_login(person)
    client.post("/accounts/login/", {"login": NAME, "password": "wrong"})
    Client().post("/accounts/login/", {"login": NAME, "password": "wrong"})
    Token.issue(person, f"{WORD} script")
    person.emailaddress_set.create(email=EMAIL, primary=True)
    LogEntry.objects.create(
        user=bob, content_type=ContentType.objects.get_for_model(User), object_id=person.pk, action_flag=CHANGE,
        object_repr=f"script ({NAME})", change_message="",
    )  # fmt: skip
    membership.create_room(person, f"{WORD} alone", "private")
    plans = membership.create_room(person, "Plans", "private")
    membership.add_member(plans, bob)
    invitation_links.create_link(person, plans.name)
    lobby = membership.get_or_create_and_join(bob, "Lobby")
    membership.get_or_join(person, "lobby")
    said = messages.post(person, "lobby", f"{WORD} for @bob").message_id
    messages.post(bob, "lobby", "What?", reply_to=said)
    his = messages.post(bob, "lobby", "Really?").message_id
    messages.react(person, "lobby", his, "👍")
    messages.set_topic_and_description(person, plans.name, topic="Tea")
    asked = messages.post(person, "lobby", f"@{bot.user.username} {WORD}?").message_id
    reply = Run.objects.get(question=asked).message
    bot_replies.stop(person, "lobby", reply.pk)
    Run.objects.filter(message=reply).update(versions=[{"text": "x", "note": f"Stopped by {NAME}."}])
    direct = direct_messages.get_or_create_direct_message(person, "bob")
    messages.post(person, direct.name, WORD)
    messages.post(bob, direct.name, "Bob's own words")
    alone = direct_messages.get_or_create_direct_message(person, bot.user.username)
    messages.post(person, alone.name, WORD)
    tea = membership.create_room(bob, "Tea", "private")
    membership.add_member(tea, person)
    membership.leave(bob, tea.name)  # says who owns it now
    membership.add_member(tea, bob)
    blocks.block(person, "bob")
    blocks.unblock(person, "bob")
    blocks.block(bob, NAME)
    personal_invitations.invite(person, plans.name, settings.BOT_NAME)
    Usage.objects.create(day="2026-01-02", bot=bot, room=lobby, asker=person, tokens=70)


def test_nothing_calls_for_them_and_they_call_for_nobody(zerlinda, bob):
    membership.get_or_create_and_join(bob, "Lobby")
    membership.get_or_join(zerlinda, "lobby")
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
    async_to_sync(maintenance.purge_deleted_text)()
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


# --- rooms ---


def test_rooms_are_handed_over_and_told_so(zerlinda, alice, bob):
    room = membership.create_room(zerlinda, "Plans", "private")
    membership.add_member(room, bob)
    membership.add_member(room, alice)
    Membership.objects.filter(room=room, user=alice).update(role=Role.MODERATOR)
    erase(zerlinda)
    assert Membership.objects.get(room=room, role=Role.OWNER).user == alice
    notice = Message.objects.get(room=room, kind=MessageKind.NOTICE)
    assert notice.sender == alice and "owns the room now" in notice.text
    room.refresh_from_db()
    assert room.created_by is None


def test_to_whom_a_room_was_handed_over_is_said_without_the_name(zerlinda, bob, charlie):
    room = membership.create_room(bob, "Tea", "private")
    for person in (zerlinda, charlie):
        membership.add_member(room, person)
    membership.leave(bob, room.name)
    before = Message.objects.get(room=room)
    assert before.text == f"left the room; @{NAME} owns it now"
    gone = erase(zerlinda)
    after = Message.objects.filter(room=room).earliest("pk")
    assert after.text == f"left the room; @{gone.username} owns it now" and NAME not in after.html
    assert f'data-user="{gone.pk}"' in after.html and after.seq > before.seq


def test_a_private_room_with_nobody_left_is_deleted_and_a_public_one_stays(zerlinda, bob, charlie):
    alone = membership.create_room(zerlinda, "Alone", "private")
    membership.add_member(alone, bob)
    messages.post(bob, alone.name, "I was here")
    membership.add_member(alone, charlie)
    Membership.objects.filter(room=alone, user=bob).delete()
    Membership.objects.filter(room=alone, user=charlie).update(banned=True)
    public = membership.get_or_create_and_join(zerlinda, "Public")
    erase(zerlinda)
    assert not Room.objects.filter(pk=alone.pk).exists()
    assert membership.get_or_join(bob, public.name)[1].role == Role.OWNER


def test_a_direct_conversation_stays_readable_for_the_other(zerlinda, bob):
    direct = direct_messages.get_or_create_direct_message(zerlinda, "bob")
    messages.post(bob, direct.name, "my words")
    gone = erase(zerlinda)
    client = Client()
    client.force_login(bob)
    page = client.get(f"/dm/{gone.username}/").content.decode()
    assert "my words" in page and NAME not in page
    direct.refresh_from_db()
    assert direct.title == f"bob & {gone.username}"


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


# --- portions, and being ended in between ---


@committed
def test_whoever_is_ended_in_between_goes_on(monkeypatch, zerlinda, bob, client):
    """The process dies at each step once: whatever it did then is undone, and is done the next time."""
    lives_a_life(zerlinda, bob, client)
    real, died = dict(erasure_steps.STEPS), []

    def dying(name):
        def step(row):
            more = real[name](row)
            if name not in died:
                died.append(name)
                raise KeyboardInterrupt
            return more

        return step

    for name in real:
        monkeypatch.setitem(erasure_steps.STEPS, name, dying(name))
    erasure.begin(zerlinda)
    while not erasure.is_done(zerlinda.pk):
        try:
            erasure.run_next_batch(zerlinda.pk)
        except KeyboardInterrupt:
            continue
    assert died == list(real)
    finish()
    assert NAME not in everything() and WORD not in everything()


def test_a_portion_is_small_and_each_is_a_transaction(monkeypatch, zerlinda, bob):
    membership.get_or_create_and_join(bob, "Lobby")
    monkeypatch.setattr(erasure_steps, "BATCH_SIZE", 3)
    for number in range(10):
        messages.post(zerlinda, "lobby", f"{WORD} {number}")
        messages.post(bob, "lobby", f"no. {number}")
    erasure.begin(zerlinda)
    left = set()
    while not erasure.is_done(zerlinda.pk):
        erasure.run_next_batch(zerlinda.pk)
        left.add(Message.objects.filter(sender=zerlinda, deleted=False).count())
    assert left == {10, 7, 4, 1, 0}
    room = Room.objects.get(name="lobby")
    seqs = list(Message.objects.filter(room=room).order_by("seq").values_list("seq", flat=True))
    assert len(set(seqs)) == 20 and seqs[-1] == room.seq == 30


def test_one_that_fails_keeps_no_other_waiting(monkeypatch, zerlinda, alice):
    erasure.begin(zerlinda)
    erasure.begin(alice)
    first = next(iter(erasure_steps.STEPS))
    real = erasure_steps.STEPS[first]

    def failing(row):
        if row.pk == zerlinda.pk:
            raise OperationalError("locked")
        return real(row)

    monkeypatch.setitem(erasure_steps.STEPS, first, failing)
    with pytest.raises(OperationalError):
        while erasure.run_next_batch():
            pass
    while erasure.run_next_batch():
        pass
    assert erasure.is_done(alice.pk) and not erasure.is_done(zerlinda.pk)


@committed
def test_web_processes_go_on_with_it(zerlinda, bob):
    membership.get_or_create_and_join(bob, "Lobby")
    messages.post(zerlinda, "lobby", WORD)
    erasure.begin(zerlinda)
    async_to_sync(maintenance.continue_erasures)()
    assert erasure.is_done(zerlinda.pk)
    assert Message.objects.get(sender=zerlinda).deleted


def test_what_was_written_while_the_account_was_closed_goes_too(zerlinda, bob):
    """A post can have been checked before, and be committed after its step."""
    room = membership.get_or_create_and_join(bob, "Lobby")
    erase(zerlinda)
    Message.objects.create(room=room, seq=900, first_seq=900, sender=zerlinda, text=WORD)
    finish()
    assert Erasure.objects.exists() and Message.objects.get(sender=zerlinda).deleted
    finish()
    assert not Erasure.objects.exists()


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


# --- the command ---


def test_the_command_erases_and_asks_before(monkeypatch, zerlinda, bob):
    membership.get_or_create_and_join(bob, "Lobby")
    messages.post(zerlinda, "lobby", WORD)
    monkeypatch.setattr("builtins.input", lambda _question: "bob")
    with pytest.raises(CommandError, match="Nothing was erased"):
        call_command("eraseperson", NAME, stdout=io.StringIO())
    assert User.objects.filter(username=NAME, is_active=True).exists()
    monkeypatch.setattr("builtins.input", lambda _question: NAME)
    out = io.StringIO()
    call_command("eraseperson", NAME, stdout=out)
    assert "1 messages are deleted" in out.getvalue() and "Erased." in out.getvalue()
    assert Message.objects.get(sender=zerlinda).deleted
    with pytest.raises(CommandError, match="No person is called"):
        call_command("eraseperson", NAME, "--yes")


def test_the_command_goes_on_with_what_was_begun(zerlinda, bob):
    membership.get_or_create_and_join(bob, "Lobby")
    messages.post(zerlinda, "lobby", WORD)
    erasure.begin(zerlinda)
    out = io.StringIO()
    call_command("eraseperson", NAME, "--yes", "--keep-messages", stdout=out)
    assert "Continuing" in out.getvalue() and Message.objects.get(sender=zerlinda).deleted


def test_the_command_refuses_whom_it_must_not_erase(zerlinda, bot_user):
    User.objects.filter(pk=zerlinda.pk).update(is_superuser=True)
    with pytest.raises(CommandError, match="only administrator"):
        call_command("eraseperson", NAME, "--yes")
    with pytest.raises(CommandError, match="No person is called"):
        call_command("eraseperson", bot_user.username, "--yes")
