"""The pages of people for staff: who is found, what is shown of them, and what can be done with an account."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from accounts.models import SignedInSession, User
from accounts.roles import ServerRole
from audit.models import Entry
from rooms.models import Erasure, RoomKind
from rooms.services import membership
from staff import people, people_actions
from staff.people import PeopleQuery

pytestmark = pytest.mark.django_db


def names(**query) -> list[str]:
    return [each.username for each in PeopleQuery(**query).people()]


def acts() -> list[str]:
    return list(Entry.objects.order_by("-pk").values_list("act", flat=True)[:1])


def do(browser: Client, person: User, what: str, **fields):
    return browser.post(f"/server/people/{person.pk}/", {"do": what, **fields}, follow=True)


def test_people_are_found_by_name_address_role_state_and_factor(owner, alice, bob, charlie, bot_user):
    User.objects.filter(pk=bob.pk).update(email="bob@example.org", is_active=False)
    Authenticator.objects.create(user=alice, type=Authenticator.Type.TOTP, data={})
    assert set(names()) == {"charlie", "bob", "alice", "olga"}
    assert names(text="ALI") == names(text="@alice") == ["alice"]
    assert names(text="Bob@example.ORG") == ["bob"]
    assert names(role="owner") == ["olga"]
    assert names(state="deactivated") == ["bob"]
    assert names(factor="yes") == ["alice"]
    assert names(text="a", factor="no") == []


def test_people_are_found_of_whom_the_server_requires_a_second_factor(browser, settings, owner, alice, bob):
    settings.SECOND_FACTOR = "staff"
    User.objects.filter(username="olga").update(second_factor_due=timezone.now() + timedelta(days=2))
    assert names(factor="lacking") == ["olga"]
    assert "required from" in browser.get(f"/server/people/{owner.pk}/").content.decode()
    assert "Without required two-factor" in browser.get("/server/").content.decode()
    settings.SECOND_FACTOR = "nobody"
    assert names(factor="lacking") == []
    assert "required from" not in browser.get(f"/server/people/{owner.pk}/").content.decode()
    assert "Without required two-factor" not in browser.get("/server/").content.decode()


def test_people_are_found_who_have_not_been_here(owner, alice, bob):
    old = timezone.now() - timedelta(days=40)
    User.objects.update(last_login=old)
    SignedInSession.objects.create(user=bob, session_key="b", last_used=timezone.now())
    assert set(names(unseen=30)) == {"olga", "alice"}
    assert names(unseen=90) == []


def test_the_list_goes_on_page_by_page(browser, make_user, monkeypatch):
    monkeypatch.setattr("staff.web.people_views.PAGE", 2)
    for name in ("pia", "pit", "pam"):
        make_user(name)
    first = browser.get("/server/people/?q=p").content.decode()
    assert ("@pam" in first, "@pit" in first, "@pia" in first) == (True, True, False)
    older = re.search(r'href="(\?q=p&amp;before=\d+)"', first)[1].replace("&amp;", "&")
    second = browser.get(f"/server/people/{older}").content.decode()
    assert ("@pit" in second, "@pia" in second) == (False, True)


def test_a_person_in_figures_without_names_of_private_rooms(browser, alice):
    membership.create_room(alice, "Garden")
    membership.create_room(alice, "Secret plans", RoomKind.PRIVATE)
    shown = browser.get(f"/server/people/{alice.pk}/").content.decode()
    assert "Secret plans" not in shown
    found = people.figures_of(alice)
    assert (found.public_rooms, found.private_rooms, found.direct_messages) == (1, 1, 0)
    assert browser.get("/server/people/999999/").status_code == 404


def test_a_role_is_changed_by_whoever_may_give_it(browser, owner, alice, bob, person_with):
    do(browser, alice, "role", role="moderator")
    assert User.objects.get(pk=alice.pk).role == ServerRole.MODERATOR
    assert acts() == ["account.role_changed"]
    admin = person_with("adam", ServerRole.ADMIN)
    with pytest.raises(people_actions.NotAllowed):
        people_actions.change_role(admin, bob, ServerRole.ADMIN)
    for act in (
        lambda: people_actions.change_role(admin, owner, ServerRole.MEMBER),
        lambda: people_actions.set_active(admin, owner, False),
        lambda: people_actions.sign_out(admin, owner),
        lambda: people_actions.erase(admin, owner, "olga", False),
        lambda: people_actions.set_active(admin, admin, False),  # nor what is one's own
        lambda: people_actions.make_reset_link(admin, bob),
    ):
        with pytest.raises(people_actions.NotAllowed):
            act()
    assert "This role" not in do(browser, alice, "role", role="nonsense").content.decode()
    assert User.objects.get(pk=alice.pk).role == ServerRole.MODERATOR


def test_an_account_is_deactivated_and_active_again(browser, alice):
    theirs = Client()
    theirs.force_login(alice)
    SignedInSession.objects.get_or_create(
        session_key=theirs.session.session_key, defaults={"user": alice, "last_used": timezone.now()}
    )
    do(browser, alice, "deactivate")
    assert acts() == ["account.deactivated"]
    assert theirs.get("/chat/").status_code == 302
    do(browser, alice, "activate")
    assert acts() == ["account.reactivated"]
    assert User.objects.get(pk=alice.pk).is_active
    assert theirs.get("/chat/").status_code == 302  # they sign in anew


def test_somebody_is_signed_out_everywhere(browser, alice):
    theirs = Client()
    theirs.force_login(alice)
    SignedInSession.objects.get_or_create(
        session_key=theirs.session.session_key, defaults={"user": alice, "last_used": timezone.now()}
    )
    assert "Signed out of 1 session." in do(browser, alice, "sign_out").content.decode()
    assert acts() == ["account.signed_out"]
    assert theirs.get("/chat/").status_code == 302


def test_a_link_for_a_new_password_is_shown_once_and_works(browser, alice, client):
    shown = do(browser, alice, "reset_link").content.decode()
    link = re.search(r'value="https?://[^/]+(/accounts/password/reset/key/[^"]+)"', shown)[1]
    assert acts() == ["account.reset_link_made"]
    assert link not in browser.get(f"/server/people/{alice.pk}/").content.decode()
    form = client.get(link, follow=True)
    assert 'name="password1"' in form.content.decode()


def test_an_account_is_deleted_when_its_name_was_written(browser, alice):
    do(browser, alice, "erase", typed="alicia")
    assert not Erasure.objects.exists()
    page = do(browser, alice, "erase", typed="Alice", keep_messages="on")
    assert page.redirect_chain[-1][0] == "/server/people/"
    assert Erasure.objects.get().keep_messages
    assert acts() == ["account.erased"]
    assert names() == ["olga"]
    assert browser.get(f"/server/people/{alice.pk}/").status_code == 404


def test_the_password_is_asked_for_first(owner, alice):
    client = Client()
    client.force_login(owner)
    answer = client.post(f"/server/people/{alice.pk}/", {"do": "deactivate"})
    assert answer.url.startswith("/accounts/reauthenticate/")
    assert User.objects.get(pk=alice.pk).is_active


@pytest.mark.parametrize("address", ["/server/", "/server/people/", "/server/people/1/"])
def test_others_find_nothing_here(alice, person_with, address):
    for user in (alice, person_with("mona", ServerRole.MODERATOR)):
        client = Client()
        client.force_login(user)
        assert client.get(address).status_code == 404
