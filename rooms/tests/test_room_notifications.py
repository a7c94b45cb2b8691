"""Notifications without a message: invitations, and what moderators do."""

from datetime import timedelta

import pytest
from django.utils import timezone

from jobs.worker import run_all
from rooms.models import ModerationNote, Notification, PersonalInvitation
from rooms.privacy import erasure
from rooms.queries import inbox
from rooms.services import (
    archiving,
    blocks,
    deletion,
    inbox_changes,
    levels,
    membership,
    messages,
    moderation,
    notifications,
    personal_invitations,
    room_notifications,
)

from .api_client import Api, code
from .inbox_entries import entries, unread

pytestmark = pytest.mark.django_db


@pytest.fixture
def plans(alice):
    return membership.create_room(alice, "Plans", "private")


def said(user, **wanted) -> list[str]:
    return [each.excerpt for each in inbox.page(user.id, **wanted).entries]


def calling(user) -> int:
    return Notification.objects.calling().filter(user=user).count()


def test_an_invitation_calls_until_it_is_answered(plans, alice, bob):
    personal_invitations.invite(alice, plans.name, "bob")
    assert entries(bob) == [("invitation", None, "alice")] == entries(bob, kind="more")
    assert (said(bob), unread(bob), calling(bob)) == (["alice invites you into Plans"], 1, 1)
    row = Notification.objects.get()
    assert row.push_after and row.mail_after
    inbox_changes.mark_opened(bob, row.pk)
    assert (said(bob), unread(bob), calling(bob)) == (["alice invites you into Plans"], 0, 0)
    personal_invitations.accept(bob, PersonalInvitation.objects.get().pk)
    assert entries(bob) == []


@pytest.mark.parametrize(
    "end",
    [
        lambda alice, bob, plans: personal_invitations.decline(bob, PersonalInvitation.objects.get().pk),
        lambda alice, bob, plans: personal_invitations.withdraw(alice, plans.name, "bob"),
        lambda alice, bob, plans: blocks.block(bob, "alice"),
        lambda alice, bob, plans: deletion.delete(alice, plans.name),
        lambda alice, bob, plans: moderation.remove(alice, plans.name, bob.id, ban=True),
        lambda alice, bob, plans: PersonalInvitation.objects.update(created=timezone.now() - timedelta(days=15)),
    ],
)
def test_one_that_does_not_wait_any_more_is_nowhere(plans, alice, bob, end):
    personal_invitations.invite(alice, plans.name, "bob")
    end(alice, bob, plans)
    run_all()
    assert (entries(bob), unread(bob), calling(bob)) == ([], 0, 0)
    row = Notification.objects.get(kind="invitation")
    assert code(Api(bob).post(f"/api/inbox/{row.pk}/done")) == (404, "not_found")


def test_several_who_ask_are_one_of_whoever_still_asks(plans, alice, bob, make_user):
    carol, dave = make_user("carol"), make_user("dave")
    for person in (carol, dave):
        membership.add_member(plans, person)
        personal_invitations.invite(person, plans.name, "bob")
    assert len(entries(bob)) == 1
    personal_invitations.withdraw(carol, plans.name, "bob")
    assert entries(bob) == [("invitation", None, "dave")]
    personal_invitations.invite(carol, plans.name, "bob")
    blocks.block(bob, "dave")
    assert entries(bob) == [("invitation", None, "carol")]


def test_whom_one_blocks_invites_without_a_sound_and_asks_nobody_anew(plans, alice, bob, make_user):
    blocks.block(bob, "alice")
    personal_invitations.invite(alice, plans.name, "bob")
    assert (entries(bob), unread(bob)) == ([], 0)
    carol = make_user("carol")
    membership.add_member(plans, carol)
    personal_invitations.invite(carol, plans.name, "bob")
    assert entries(bob) == [("invitation", None, "carol")]
    inbox_changes.mark_all_done(bob)
    dave = make_user("dave")
    membership.add_member(plans, dave)
    blocks.block(bob, "dave")
    personal_invitations.invite(dave, plans.name, "bob")
    assert entries(bob) == []


def test_moderators_tell_whom_they_take_out_let_in_and_appoint(lobby, alice, bob):
    membership.get_or_join(bob, "lobby")
    moderation.appoint(alice, "lobby", bob.id, "moderator")
    moderation.appoint(alice, "lobby", bob.id, "moderator")  # which he is
    moderation.appoint(alice, "lobby", bob.id, "member")
    moderation.remove(alice, "lobby", bob.id)
    membership.get_or_join(bob, "lobby")
    moderation.remove(alice, "lobby", bob.id, ban=True)
    moderation.lift_ban(alice, "lobby", bob.id)
    assert said(bob, kind="more") == [
        "alice lifted your ban from Lobby",
        "alice banned you from Lobby",
        "alice removed you from Lobby",
        "alice made you a member of Lobby again",
        "alice made you a moderator of Lobby",
    ]
    assert (unread(bob), calling(bob), said(alice)) == (5, 5, [])
    inbox_changes.mark_all_done(bob, "more")
    assert (unread(bob), len(said(bob, done=True))) == (0, 5)


def test_whoever_gets_a_room_because_its_owner_left_hears_of_it(lobby, alice, bob, make_user):
    garden = membership.get_or_create_and_join(alice, "Garden")
    carol = make_user("carol")
    for person in (bob, carol):
        membership.get_or_join(person, garden.name)
    membership.leave(alice, garden.name)
    assert said(bob) == ["Garden is yours now: its owner left"] and (unread(bob), calling(bob)) == (1, 1)
    erasure.begin(bob)
    while erasure.run_next_batch():
        pass
    assert said(carol) == ["Garden is yours now: its owner left"] and said(alice) == []
    assert set(Notification.objects.values_list("user", "actor")) == {(carol.pk, carol.pk)}


def test_who_never_was_in_a_room_does_not_hear_of_it_by_a_ban(plans, alice, bob):
    moderation.remove(alice, plans.name, bob.id, ban=True)
    moderation.lift_ban(alice, plans.name, bob.id)
    assert not Notification.objects.exists()


def test_it_keeps_the_name_that_the_room_had_then(plans, alice, bob, client):
    membership.add_member(plans, bob)
    moderation.remove(alice, plans.name, bob.id)
    plans.refresh_from_db()
    plans.title = "Secret plans"
    plans.save(update_fields=["title"])
    [item] = Api(bob).get("/api/inbox")[1]["items"]
    assert (item["kind"], item["what"], item["message_id"]) == ("moderation", "removed", None)
    assert (item["room"]["title"], item["excerpt"]) == ("Plans", "alice removed you from Plans")
    client.force_login(bob)
    page = client.get("/inbox/?kind=more").content.decode()
    assert "alice removed you from Plans" in page and "Secret" not in page


def test_a_room_that_is_closed_or_deleted_is_told_to_its_members_and_rings_nowhere(lobby, alice, bob, make_user):
    garden = membership.get_or_create_and_join(alice, "Garden")
    quiet, silent = make_user("quiet"), make_user("silent")
    for person in (bob, quiet, silent):
        membership.get_or_join(person, garden.name)
    levels.set_level(quiet, garden.name, "nothing")
    levels.mute(silent, garden.name, True)
    archiving.archive(alice, garden.name)
    run_all()
    assert said(bob) == ["alice closed Garden: nobody can write there"]
    assert (unread(bob), calling(bob)) == (1, 0)
    assert [said(person) for person in (alice, quiet, silent)] == [[], [], []]
    assert set(Notification.objects.values_list("push_after", "mail_after")) == {(None, None)}
    archiving.unarchive(alice, garden.name)
    run_all()
    assert said(bob) == []
    deletion.delete(alice, garden.name)
    run_all()
    assert said(bob) == ["alice deleted Garden"]
    deletion.restore(alice, garden.name)
    run_all()
    assert (said(bob), unread(bob)) == ([], 0)


def test_members_are_told_once_however_often_the_job_runs(lobby, alice, bob, make_user, monkeypatch):
    monkeypatch.setattr(room_notifications, "BATCH_SIZE", 1)
    garden = membership.get_or_create_and_join(alice, "Garden")
    for person in (bob, make_user("carol")):
        membership.get_or_join(person, garden.name)
    since = timezone.now().isoformat()
    archiving.archive(alice, garden.name)
    run_all()
    told = Notification.objects.count()
    room_notifications.notify_members.call(garden.pk, alice.pk, ModerationNote.ROOM_ARCHIVED.value, since)
    assert told == 2 == Notification.objects.count()


def test_rows_of_both_kinds_stand_among_others(lobby, alice, bob, make_user):
    carol = make_user("carol")
    mention = messages.post(alice, "lobby", "hi @bob").message_id
    personal_invitations.invite(carol, membership.create_room(carol, "Tea", "private").name, "bob")
    assert entries(bob) == [("invitation", None, "carol"), ("mention", mention, "alice")]
    assert unread(bob) == 2
    moment = inbox_changes.mark_all_done(bob)
    assert entries(bob) == []
    inbox_changes.restore(bob, moment)
    assert len(entries(bob)) == 2
    Notification.objects.filter(kind="invitation").update(created=timezone.now() - timedelta(days=15))
    assert notifications.delete_old_batch()
    assert entries(bob) == [("mention", mention, "alice")]
