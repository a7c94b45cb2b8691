"""Being asked before one is put into a room, and what an inviter sees of the answer: nothing but that somebody came."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from rooms.models import Membership, PersonalInvitation, Role, RoomKind
from rooms.services import (
    archiving,
    blocks,
    contact_permissions,
    direct_messages,
    invitation_links,
    membership,
    messages,
    moderation,
    personal_invitations,
)
from rooms.services.contact_permissions import ADDED_A_DAY
from rooms.services.personal_invitations import VALID_FOR, accept, asked_into, decline, invite, pending_for, withdraw

from .api_client import Api
from .refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def plans(alice):
    return membership.create_room(alice, "Plans", RoomKind.PRIVATE)


@pytest.fixture
def sent(monkeypatch):
    """What was handed to the publisher: [(group, payload)]."""
    found = []
    monkeypatch.setattr("rooms.publishing.publisher.submit", lambda group, payload: found.append((group, payload)))
    return found


def belongs(user, room) -> bool:
    return Membership.objects.filter(room=room, user=user, banned=False).exists()


def titles(user) -> list[str]:
    return [invitation.room.title for invitation in pending_for(user.id)]


def age(days: float) -> None:
    """All invitations become older."""
    for each in PersonalInvitation.objects.all():
        PersonalInvitation.objects.filter(pk=each.pk).update(created=each.created - timedelta(days=days))


# --- who is added at once ---


def test_whoever_shares_a_room_is_added_at_once(alice, bob, plans, lobby):
    assert invite(alice, plans.name, "bob").is_member
    assert belongs(bob, plans)
    assert pending_for(bob.id) == []


def test_whoever_has_answered_is_added_at_once(alice, bob, plans):
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    messages.post(alice, direct.name, "hello?")
    assert not invite(alice, plans.name, "bob").is_member
    messages.post(bob, direct.name, "hi")
    assert invite(alice, plans.name, "bob").is_member
    assert belongs(bob, plans)


def test_a_stranger_is_asked_and_reads_nothing_before(alice, bob, plans):
    messages.post(alice, plans.name, "secret")
    invited = invite(alice, plans.name, "bob")
    assert (invited.user, invited.is_member) == (bob, False)
    assert titles(bob) == ["Plans"]
    refused("not_found", membership.get_visible_room, bob.id, plans.name)
    refused("not_found", membership.get_or_join, bob, plans.name)
    assert [each.user for each in asked_into(plans)] == [bob]
    accept(bob, pending_for(bob.id)[0].id)
    assert membership.get_visible_room(bob.id, plans.name) == plans
    assert asked_into(plans) == pending_for(bob.id) == []


def test_a_banned_person_shares_no_room(alice, bob, plans, lobby):
    moderation.remove(alice, "lobby", bob.id, ban=True)
    assert not invite(alice, plans.name, "bob").is_member


def test_a_bot_is_added_at_once(alice, bot_user, plans):
    assert invite(alice, plans.name, bot_user.username).is_member


def test_who_wants_to_be_asked_is_asked_by_everybody(alice, bob, plans, lobby):
    contact_permissions.save_settings(bob.id, ask_before_adding=True)
    assert not invite(alice, plans.name, "bob").is_member
    assert titles(bob) == ["Plans"]


def test_the_same_person_is_added_only_so_often(alice, bob, lobby, settings):
    alice.is_staff = True
    alice.save()
    rooms = [membership.create_room(alice, f"Room {number}", RoomKind.PRIVATE) for number in range(ADDED_A_DAY + 1)]
    assert [invite(alice, room.name, "bob").is_member for room in rooms] == [*[True] * ADDED_A_DAY, False]


def test_public_rooms_ask_as_well(alice, bob):
    membership.get_or_create_and_join(alice, "Kitchen")
    assert not invite(alice, "kitchen", "bob").is_member
    assert titles(bob) == ["Kitchen"]
    membership.get_or_join(bob, "kitchen")  # by themselves
    assert pending_for(bob.id) == []


# --- who has said no ---


def test_whoever_left_is_asked_before_they_are_put_back(alice, bob, charlie, plans, lobby):
    membership.get_or_join(charlie, "lobby")
    for user in (bob, charlie):
        invite(alice, plans.name, user.username)
    membership.leave(bob, plans.name)
    for inviter in (alice, charlie):
        assert not invite(inviter, plans.name, "bob").is_member
    assert not belongs(bob, plans)
    accept(bob, pending_for(bob.id)[0].id)
    moderation.remove(alice, plans.name, bob.id)  # not by themselves
    assert invite(charlie, plans.name, "bob").is_member


def test_a_room_that_is_opened_again_takes_nobody_back(alice, bob, plans, lobby):
    invite(alice, plans.name, "bob")
    membership.leave(bob, plans.name)
    archiving.archive(alice, plans.name)
    archiving.unarchive(alice, plans.name)
    assert not belongs(bob, plans)


def test_a_declined_invitation_looks_unanswered_and_is_not_repeated(alice, bob, charlie, plans):
    invite(alice, plans.name, "bob")
    decline(bob, pending_for(bob.id)[0].id)
    assert not invite(alice, plans.name, "bob").is_member
    assert pending_for(bob.id) == []
    assert [each.user for each in asked_into(plans)] == [bob]
    membership.add_member(plans, charlie)
    invite(charlie, plans.name, "bob")
    assert titles(bob) == ["Plans"]
    age(VALID_FOR.days)
    assert asked_into(plans) == pending_for(bob.id) == []
    invite(alice, plans.name, "bob")
    assert titles(bob) == ["Plans"]


def test_who_declined_is_not_added_by_others_either(alice, bob, charlie, plans, lobby):
    invite(alice, plans.name, "charlie")
    decline(charlie, pending_for(charlie.id)[0].id)
    membership.get_or_join(charlie, "lobby")
    assert not invite(alice, plans.name, "charlie").is_member
    assert not belongs(charlie, plans)


def test_one_answer_is_for_all_who_asked_into_a_room(alice, bob, charlie, plans):
    membership.add_member(plans, charlie)
    for inviter in (alice, charlie):
        invite(inviter, plans.name, "bob")
    [shown] = pending_for(bob.id)
    assert shown.inviter == alice
    assert len(asked_into(plans)) == 1
    decline(bob, shown.id)
    assert pending_for(bob.id) == []


def test_a_blocked_person_invites_in_vain(alice, bob, plans, lobby):
    blocks.block(bob, "alice")
    assert not invite(alice, plans.name, "bob").is_member
    assert pending_for(bob.id) == []
    assert [each.user for each in asked_into(plans)] == [bob]
    blocks.unblock(bob, "alice")
    invite(alice, plans.name, "bob")
    assert pending_for(bob.id) == [] or belongs(bob, plans)


def test_blocking_takes_invitations_away(alice, bob, plans, sent, django_capture_on_commit_callbacks):
    invite(alice, plans.name, "bob")
    sent.clear()
    with django_capture_on_commit_callbacks(execute=True):
        blocks.block(bob, "alice")
    assert pending_for(bob.id) == []
    assert '{"type":"invitations","invitations":[]}' in [payload.get("text") for _group, payload in sent]
    assert [each.user for each in asked_into(plans)] == [bob]


# --- what an invitation does not do ---


def test_it_lasts_no_longer_than_the_right_of_who_made_it(alice, bob, charlie, plans):
    membership.add_member(plans, charlie)
    invite(charlie, plans.name, "bob")
    waiting = pending_for(bob.id)[0].id
    moderation.remove(alice, plans.name, charlie.id)
    assert pending_for(bob.id) == asked_into(plans) == []
    refused("not_found", accept, bob, waiting)


def test_a_ban_is_stronger(alice, bob, plans):
    invite(alice, plans.name, "bob")
    waiting = pending_for(bob.id)[0].id
    moderation.remove(alice, plans.name, bob.id, ban=True)
    refused("not_found", accept, bob, waiting)
    assert pending_for(bob.id) == asked_into(plans) == []
    assert not invite(alice, plans.name, "bob").is_member  # which ends the ban
    assert titles(bob) == ["Plans"]
    accept(bob, pending_for(bob.id)[0].id)
    assert belongs(bob, plans)


def test_a_ban_that_ends_puts_nobody_into_a_room(alice, bob, plans):
    moderation.remove(alice, plans.name, bob.id, ban=True)  # who was never there
    moderation.lift_ban(alice, plans.name, bob.id)
    assert not belongs(bob, plans)


def test_who_is_asked_is_not_there_yet(alice, bob, plans):
    invite(alice, plans.name, "bob")
    refused("not_found", moderation.appoint, alice, plans.name, bob.id, Role.MODERATOR)
    refused("not_found", moderation.remove, alice, plans.name, bob.id)
    said = messages.post(alice, plans.name, "@bob are you coming?")
    from rooms.models import Message

    assert Message.objects.get(pk=said.message_id).mentions == []


def test_others_invitations_are_nobodys_business(alice, bob, charlie, plans):
    invite(alice, plans.name, "bob")
    waiting = pending_for(bob.id)[0].id
    missing = refused("not_found", accept, charlie, 2**40)
    assert refused("not_found", accept, charlie, waiting) == missing
    assert refused("not_found", decline, charlie, waiting) == missing
    assert titles(bob) == ["Plans"]


def test_a_link_takes_the_place_of_an_invitation(alice, bob, plans):
    invite(alice, plans.name, "bob")
    _made, secret = invitation_links.create_link(alice, plans.name)
    invitation_links.accept(bob, secret)
    assert pending_for(bob.id) == []
    membership.leave(bob, plans.name)
    assert pending_for(bob.id) == []


# --- taking it back ---


def test_the_inviter_and_moderators_withdraw(alice, bob, charlie, plans):
    membership.add_member(plans, charlie)
    invite(charlie, plans.name, "bob")
    assert withdraw(charlie, plans.name, "bob") == bob
    assert pending_for(bob.id) == asked_into(plans) == []
    refused("not_found", withdraw, charlie, plans.name, "bob")
    invite(charlie, plans.name, "bob")
    assert titles(bob) == ["Plans"]
    withdraw(alice, plans.name, "bob")
    assert pending_for(bob.id) == []
    invite(alice, plans.name, "bob")
    refused("not_found", withdraw, charlie, plans.name, "bob")


def test_withdrawing_and_asking_again_undoes_no_answer(alice, bob, plans):
    invite(alice, plans.name, "bob")
    decline(bob, pending_for(bob.id)[0].id)
    withdraw(alice, plans.name, "bob")
    invite(alice, plans.name, "bob")
    assert pending_for(bob.id) == []
    assert [each.user for each in asked_into(plans)] == [bob]


# --- how many ---


def test_so_many_people_may_be_invited_in_a_day(alice, bob, plans, make_user, settings):
    settings.MAX_INVITATIONS_PER_DAY = 10  # on the first day 2
    blocks.block(bob, "alice")
    invite(alice, plans.name, "bob")
    invite(alice, plans.name, "bob")  # the same again
    invite(alice, plans.name, make_user("one").username)
    refused("rate_limited", invite, alice, plans.name, make_user("two").username)
    age(1)
    assert not invite(alice, plans.name, "two").is_member


def test_so_many_may_be_unanswered(alice, bob, charlie, plans, monkeypatch):
    monkeypatch.setattr(personal_invitations, "MAX_UNANSWERED", 1)
    invite(alice, plans.name, "bob")
    refused("conflict", invite, alice, plans.name, "charlie")
    withdraw(alice, plans.name, "bob")
    invite(alice, plans.name, "charlie")


# --- told at once, and to nobody else ---


def test_the_one_who_is_asked_hears_of_it(alice, bob, plans, sent, django_capture_on_commit_callbacks):
    sent.clear()
    with django_capture_on_commit_callbacks(execute=True):
        invite(alice, plans.name, "bob")
    [(group, payload)] = sent
    assert group == f"user_{bob.id}"
    assert '"title":"Plans"' in payload["text"]
    assert plans.name not in payload["text"]
    assert payload["plain"] is False
    sent.clear()
    blocks.block(bob, "alice")
    with django_capture_on_commit_callbacks(execute=True):
        invite(alice, plans.name, "bob")
    assert sent == []


# --- the API ---


def test_inviting_and_answering_over_the_api(alice, bob, charlie, plans):
    mine, theirs = Api(alice), Api(bob)
    path = f"/api/rooms/{plans.name}"
    who = {"id": bob.id, "name": "bob", "bot": False}
    assert mine.post(f"{path}/invite", {"username": "bob"}) == (200, {"invited": who, "member": False})
    [asked] = mine.get(f"{path}/invited")[1]["invited"]
    assert (asked["person"], asked["by"]["name"]) == (who, "alice")
    [waiting] = theirs.get("/api/invitations")[1]["invitations"]
    assert waiting["room"] == {"title": "Plans", "kind": "private"}
    assert theirs.get("/api/rooms")[1]["invitations"] == [waiting]
    assert theirs.get(f"{path}/invited")[0] == 404
    assert theirs.post(f"/api/invitations/{waiting['id']}/accept") == (
        200,
        {"accepted": waiting["id"], "room": plans.name},
    )
    assert theirs.post(f"/api/invitations/{waiting['id']}/accept")[0] == 404
    mine.post(f"{path}/invite", {"username": "charlie"})
    [waiting] = Api(charlie).get("/api/invitations")[1]["invitations"]
    assert Api(charlie).post(f"/api/invitations/{waiting['id']}/decline") == (200, {"declined": waiting["id"]})
    assert mine.post(f"{path}/withdraw", {"username": "charlie"})[1]["withdrawn"]["name"] == "charlie"
    assert mine.get(f"{path}/invited") == (200, {"invited": []})


# --- the pages ---


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_inviting_and_answering_by_the_pages(alice, bob, plans):
    people = f"/chat/{plans.name}/people/"
    answer = browser(alice).post(people, {"do": "invite", "username": "@bob"}, follow=True)
    assert "bob is invited." in answer.content.decode()
    assert "invited by alice" in answer.content.decode()
    theirs = browser(bob)
    for path in ("/chat/", "/invitations/"):
        page = theirs.get(path).content.decode()
        assert "alice invites you to the private room" in page
        assert plans.name not in page
    waiting = pending_for(bob.id)[0].id
    assert theirs.get(f"/invitations/{waiting}/").status_code == 405
    said = theirs.post(f"/invitations/{waiting}/", {"do": "decline"}, follow=True).content.decode()
    assert "You declined the invitation." in said
    assert (
        "This invitation is no longer valid."
        in theirs.post(f"/invitations/{waiting}/", {"do": "accept"}, follow=True).content.decode()
    )
    assert "invited by alice" in browser(alice).get(people).content.decode()
    withdrawn = browser(alice).post(people, {"do": "withdraw", "username": "bob"}, follow=True).content.decode()
    assert "bob is no longer invited." in withdrawn
    assert "invited by alice" not in withdrawn


def test_accepting_leads_into_the_room(alice, bob, plans):
    invite(alice, plans.name, "bob")
    answer = browser(bob).post(f"/invitations/{pending_for(bob.id)[0].id}/", {"do": "accept"})
    assert answer.headers["Location"] == f"/chat/{plans.name}/"
    assert browser(bob).get(answer.headers["Location"]).status_code == 200


def test_the_settings_are_kept(bob):
    client = browser(bob)
    client.post("/privacy/", {"do": "settings", "ask_before_adding": "on"})
    found = contact_permissions.settings_of(bob.id)
    assert (found.ask_before_adding, found.hide_presence) == (True, False)
    client.post("/privacy/", {"do": "settings", "hide_presence": "on"})
    found = contact_permissions.settings_of(bob.id)
    assert (found.ask_before_adding, found.hide_presence) == (False, True)
    page = client.get("/privacy/").content.decode()
    assert 'name="hide_presence" checked' in page


# --- who sees where somebody is ---


def test_presence_is_shown_to_acquaintances_alone(alice, bob, charlie, lobby):
    def shown(to, *whose) -> set[str]:
        ids = contact_permissions.who_shows_presence(to.id, [user.id for user in whose])
        return {user.username for user in whose if user.id in ids}

    assert shown(alice, bob, charlie) == {"bob"}  # they share the lobby
    direct = direct_messages.get_or_create_direct_message(alice, "charlie")
    messages.post(alice, direct.name, "hello?")
    assert shown(alice, charlie) == shown(charlie, alice) == set()
    messages.post(charlie, direct.name, "hi")
    assert shown(alice, charlie) == {"charlie"}
    assert shown(charlie, alice) == {"alice"}
    contact_permissions.save_settings(charlie.id, hide_presence=True)
    blocks.block(bob, "alice")
    assert shown(alice, bob, charlie) == set()
    assert shown(bob, alice) == {"alice"}


def test_who_is_seen_costs_one_query(alice, make_user, lobby, django_assert_num_queries):
    others = [make_user(f"p{number}") for number in range(5)]
    for other in others:
        membership.get_or_join(other, "lobby")
    with django_assert_num_queries(1):
        assert len(contact_permissions.who_shows_presence(alice.id, [other.id for other in others])) == 5


def test_an_invitation_is_only_pending_for_a_time(alice, bob, plans):
    invite(alice, plans.name, "bob")
    waiting = pending_for(bob.id)[0].id
    PersonalInvitation.objects.update(created=timezone.now() - VALID_FOR)
    refused("not_found", accept, bob, waiting)
