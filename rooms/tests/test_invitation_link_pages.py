"""Links into private rooms by the pages: made, shown once, followed by strangers and by those who have an account."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from redis import Redis

from conftest import PASSWORD
from rooms.models import Invitation, Membership, Room
from rooms.services import invitation_links, membership

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast")]


@pytest.fixture(autouse=True)
def _counted_from_nothing(redis_server):
    with Redis.from_url(settings.REDIS_URLS[0]) as redis:
        redis.flushdb()


def link_on(page: str) -> str:
    return re.search(r'value="http://127\.0\.0\.1:8000(/chat/invite/[\w-]{43}/)"', page)[1]


def test_a_link_is_made_shown_once_listed_and_revoked_without_a_script(client, alice, plans):
    client.force_login(alice)
    about = f"/chat/{plans.name}/people/"
    made = client.post(about, {"do": "make_link", "days": "1", "uses": "10"})
    link = link_on(made.content.decode())
    assert "no-store" in made.headers["cache-control"]
    page = client.get(about).content.decode()
    assert link not in page
    assert "0 of 10 people joined" in page
    [listed] = Invitation.objects.all()
    assert timedelta(hours=23) < listed.expires - timezone.now() < timedelta(hours=25)
    page = client.post(about, {"do": "revoke_link", "link": listed.pk}, follow=True).content.decode()
    assert "The link no longer works." in page
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("wrong", [{"days": "x"}, {}, {"days": "7", "uses": "x"}, {"days": "9" * 30}, {"days": "-1"}])
def test_a_form_that_was_tampered_with_makes_nothing(client, alice, plans, wrong):
    client.force_login(alice)
    answer = client.post(f"/chat/{plans.name}/people/", {"do": "make_link", **wrong}, follow=True)
    assert "1 to 30 days" in answer.content.decode()
    assert not Invitation.objects.exists()


def test_only_who_may_make_links_sees_them(client, alice, bob, plans):
    membership.add_member(plans, bob)
    invitation_links.create_link(alice, plans.name)
    lobby = membership.get_or_create_and_join(alice, "Lobby")
    client.force_login(bob)
    assert "make_link" not in client.get(f"/chat/{plans.name}/people/").content.decode()
    client.post(f"/chat/{plans.name}/people/", {"do": "revoke_link", "link": Invitation.objects.get().pk})
    assert Invitation.objects.exists()
    client.force_login(alice)
    assert "make_link" in client.get(f"/chat/{plans.name}/people/").content.decode()
    assert "make_link" not in client.get(f"/chat/{lobby.name}/people/").content.decode()


def test_a_stranger_makes_an_account_and_comes_in(client, alice, plans):
    link = f"/chat/invite/{invitation_links.create_link(alice, plans.name)[1]}/"
    to_sign_up = re.search(r'href="(/accounts/signup/[^"]+)"', client.get(link).content.decode())[1]
    field = re.search(r'name="next" value="([^"]+)"', client.get(to_sign_up).content.decode())[1]
    form = {"username": "dora", "password1": "quiet river stone", "password2": "quiet river stone", "next": field}
    assert client.post(to_sign_up, form).url == link
    page = client.get(link).content.decode()
    assert "alice invites you to the private room <strong>Plans</strong>." in page
    assert not Membership.objects.filter(user__username="dora").exists()  # looking is not coming in
    assert client.post(link).url == f"/chat/{plans.name}/"
    assert client.get(f"/chat/{plans.name}/").status_code == 200
    assert client.get(link).url == f"/chat/{plans.name}/"


def test_who_has_an_account_signs_in_and_comes_in(client, alice, bob, plans):
    link = f"/chat/invite/{invitation_links.create_link(alice, plans.name)[1]}/"
    signed_in = client.post("/accounts/login/", {"login": "bob", "password": PASSWORD, "next": link}, follow=True)
    assert signed_in.redirect_chain == [(link, 302)]
    assert client.post(link).url == f"/chat/{plans.name}/"


def test_coming_in_needs_the_forms_token(alice, bob, plans):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(bob)
    assert strict.post(f"/chat/invite/{invitation_links.create_link(alice, plans.name)[1]}/").status_code == 403
    assert not Membership.objects.filter(user=bob).exists()


def test_trying_many_links_is_slowed_down(client, alice, charlie, plans):
    link = f"/chat/invite/{invitation_links.create_link(alice, plans.name)[1]}/"
    client.force_login(charlie)
    answers = [client.get(f"/chat/invite/{number}/") for number in range(31)]
    assert [answer.status_code for answer in answers] == [404] * 30 + [429]
    assert "many links" in answers[-1].content.decode()
    assert client.post(link).status_code == 429
    assert not Membership.objects.filter(user=charlie).exists()


def test_many_accounts_of_one_address_are_slowed_down_together(alice, make_user, monkeypatch):
    monkeypatch.setattr("rooms.kernel.rate_limits.LINKS_OF_BLOCK", 4)
    outcomes = []
    for i, address in enumerate(["2001:db8::1", "2001:db8::2", "2001:db8::ffff:1", "2001:db8::3", "2001:db8::4"]):
        browser = Client(REMOTE_ADDR=address)
        browser.force_login(make_user(f"guest{i}"))
        outcomes.append(browser.get("/chat/invite/unknown/").status_code)
    assert outcomes == [404, 404, 404, 404, 429]
    elsewhere = Client(REMOTE_ADDR="2001:db8:0:1::1")
    elsewhere.force_login(alice)
    assert elsewhere.get("/chat/invite/unknown/").status_code == 404


def test_a_room_called_invite_is_a_room(client, alice):
    Room.objects.create(name="invite", title="Invite")  # made before that address was reserved
    client.force_login(alice)
    for path in ("/chat/invite/", "/chat/invite/about/"):
        assert client.get(path).status_code == 200
