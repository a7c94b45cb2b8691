"""A ban has a reason and an end. When it has ended, it counts for nothing, wherever that is asked, without any job."""

from datetime import timedelta

import pytest
from django.utils import timezone

from jobs.worker import run_all
from rooms.kernel.errors import ChatError
from rooms.models import Ban, Membership, Notification, Room, RoomKind
from rooms.privacy.personal_data import iter_sections
from rooms.search import directory
from rooms.services import bans, invitation_links, lost_rooms, membership, messages, moderation, personal_invitations
from rooms.services.sql import posting_rights, reading_rights

from .api_client import Api

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast", "unpublished")]
HOUR = timedelta(hours=1)


def ban(actor, room_name, user, reason="", until=None):
    moderation.remove(actor, room_name, user.id, ban=True, terms=bans.check_terms(reason, until))


def let_it_end(user):
    changed = Membership.objects.filter(user=user, banned=True).update(
        banned_until=timezone.now() - timedelta(seconds=2)
    )
    assert changed == 1


@pytest.fixture
def plans(alice, bob):
    room = membership.create_room(alice, "Plans", RoomKind.PRIVATE)
    membership.add_member(room, bob)
    return room


def test_while_it_lasts_nothing_lets_them_in(alice, bob, lobby):
    ban(alice, "lobby", bob, until=timezone.now() + HOUR)
    assert not Room.objects.visible_to(bob.id).filter(pk=lobby.pk).exists()
    assert not directory.find_rooms(bob, "lobby", 5)[0]
    assert not posting_rights({lobby.id}, {bob.id})[lobby.id, bob.id].may_post
    assert reading_rights({lobby.id}, {bob.id})[1] == {(bob.id, lobby.id): False}
    with pytest.raises(ChatError, match="no such room"):
        messages.post(bob, "lobby", "hi")


def test_when_it_has_ended_they_may_come_to_a_public_room_again(alice, bob, lobby):
    ban(alice, "lobby", bob, until=timezone.now() + HOUR)
    let_it_end(bob)
    assert Room.objects.visible_to(bob.id).filter(pk=lobby.pk).exists()
    assert [found.room for found in directory.find_rooms(bob, "lobby", 5)[0]] == [lobby]
    assert posting_rights({lobby.id}, {bob.id}) == {}
    assert reading_rights({lobby.id}, {bob.id}) == ({lobby.id}, {})
    assert not lost_rooms.is_banned(bob.id, "lobby")
    assert messages.post(bob, "lobby", "hi").created
    place = Membership.objects.get(room=lobby, user=bob)
    assert (place.banned, place.banned_until) == (False, None)


def test_when_it_has_ended_a_private_room_is_still_for_members(alice, bob, plans):
    ban(alice, plans.name, bob, until=timezone.now() + HOUR)
    let_it_end(bob)
    assert not Room.objects.visible_to(bob.id).filter(pk=plans.pk).exists()
    assert lost_rooms.why_lost(bob.id, plans.name) == "removed"
    _link, secret = invitation_links.create_link(alice, plans.name, 1, None)
    assert not invitation_links.get_visible_link(bob, secret)[1]
    assert invitation_links.accept(bob, secret) == plans
    assert membership.get_visible_room(bob.id, plans.name) == plans


def test_when_it_has_ended_any_member_may_invite_them(alice, bob, charlie, plans):
    membership.add_member(plans, charlie)
    ban(alice, plans.name, bob, until=timezone.now() + HOUR)
    with pytest.raises(ChatError) as refused:
        personal_invitations.invite(charlie, plans.name, "bob")
    assert refused.value.reason == "person_banned"
    let_it_end(bob)
    if not personal_invitations.invite(charlie, plans.name, "bob").is_member:
        [asked] = personal_invitations.pending_for(bob.id)
        personal_invitations.accept(bob, asked.id)
    assert Membership.objects.get(room=plans, user=bob).banned is False


def test_a_ban_that_has_ended_can_be_made_anew(alice, bob, lobby):
    ban(alice, "lobby", bob, "spam", timezone.now() + HOUR)
    let_it_end(bob)
    ban(alice, "lobby", bob, "spam again")
    place = Membership.objects.get(room=lobby, user=bob)
    assert place.is_banned
    assert place.banned_until is None
    assert place.ban.reason == "spam again"


def test_they_read_until_when_and_why(client, alice, bob, lobby):
    until = timezone.now() + HOUR
    ban(alice, "lobby", bob, "Too many links", until)
    client.force_login(bob)
    page = client.get("/chat/lobby/").content.decode()
    assert "A moderator has banned you from this room." in page
    assert "The ban ends on" in page
    assert "The reason: “Too many links”" in page
    [row] = [row for section in iter_sections(bob) if section.key == "rooms_removed" for row in section.rows]
    assert (row["banned"], row["reason"], row["until"]) == (True, "Too many links", until)


def test_banning_twice_is_once_and_changing_it_is_something_else(alice, bob, lobby):
    ban(alice, "lobby", bob, "first")
    ban(alice, "lobby", bob, "second", timezone.now() + HOUR)
    assert Ban.objects.get().reason == "first"
    until = timezone.now() + HOUR
    moderation.change_ban(alice, "lobby", bob.id, bans.check_terms("third", until))
    [place] = moderation.bans_of(alice, "lobby")
    assert (place.user, place.ban.by, place.ban.reason, place.banned_until) == (bob, alice, "third", until)


@pytest.mark.parametrize(
    ("reason", "hours", "refused"),
    [("x" * 201, 1, "explanation_too_long"), ("‮", 1, "hidden_characters"), ("", -1, "ban_ended_before")],
)
def test_terms_are_checked(reason, hours, refused):
    with pytest.raises(ChatError) as error:
        bans.check_terms(reason, timezone.now() + hours * HOUR)
    assert error.value.reason == refused


def test_members_see_and_change_no_bans(alice, bob, charlie, lobby):
    ban(alice, "lobby", charlie)
    for act in (lambda: moderation.bans_of(bob, "lobby"),
                lambda: moderation.change_ban(bob, "lobby", charlie.id, bans.Terms())):  # fmt: skip
        with pytest.raises(ChatError) as refused:
            act()
        assert refused.value.reason == "cannot_remove"


def test_a_job_removes_what_has_ended_and_tells_who_was_a_member(alice, bob, charlie, make_user, lobby):
    ban(alice, "lobby", bob, until=timezone.now() + HOUR)  # a member
    ban(alice, "lobby", charlie, until=timezone.now() + HOUR)  # never came
    ban(alice, "lobby", lasting := make_user("dora"), until=timezone.now() + HOUR)
    let_it_end(bob)
    let_it_end(charlie)
    bans.end_bans.enqueue()
    run_all()
    assert set(Membership.objects.filter(banned=True).values_list("user", flat=True)) == {lasting.pk}
    notes = Notification.objects.filter(what="ban_ended").select_related("user", "room")
    assert [(note.user, note.sentence) for note in notes] == [(bob, "Your ban from Lobby has ended")]
    assert lost_rooms.why_lost(bob.id, "lobby") == "removed"


def test_the_page_of_people_lists_bans_and_changes_them(client, alice, bob, lobby):
    client.force_login(alice)
    people = "/chat/lobby/people/"

    def do(**fields):
        return client.post(people, {"username": "bob", **fields}, follow=True).content.decode()

    assert 'id="banned"' not in client.get(people).content.decode()
    page = do(do="ban", reason="Too many links", **{"for": "1d"})
    assert "bob is banned from the room." in page
    assert "“Too many links”" in page
    place = Membership.objects.get(user=bob)
    assert timedelta(hours=23) < place.banned_until - timezone.now() <= timedelta(days=1)
    assert "Saved." in do(do="change_ban", reason="Other", **{"for": ""})
    place.refresh_from_db()
    assert place.banned_until is None
    assert "bob is no longer banned." in do(do="lift_ban")
    assert not Membership.objects.filter(user=bob).exists()


def test_the_api_bans_with_a_reason_and_an_end(alice, bob, lobby):
    api, until = Api(alice), "2126-11-30T10:00:00.000Z"
    named = {"username": "bob"}
    assert (
        api.post("/api/rooms/lobby/ban", named | {"reason": "spam", "until": "soon"})[1]["reason"]
        == "parameter_not_time"
    )
    api.post("/api/rooms/lobby/ban", named | {"reason": "spam", "until": until})
    [listed] = api.get("/api/rooms/lobby/bans")[1]["bans"]
    assert (listed["person"]["name"], listed["by"]["name"], listed["reason"]) == ("bob", "alice", "spam")
    assert listed["until"] == until
    assert api.post("/api/rooms/lobby/unban", named)[1]["unbanned"]["name"] == "bob"
    assert api.get("/api/rooms/lobby/bans")[1]["bans"] == []
