"""Invitations to the server by the pages and the API: made, copied, followed by strangers, revoked."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as site
from django.core import mail
from django.test import Client
from redis import Redis

from accounts.models import InvitationUse, ServerInvitation, Token, User
from accounts.role_changes import change_role
from accounts.roles import ServerRole
from accounts.scopes import Scope
from jobs.worker import run_all
from rooms.models import Membership, RoomKind
from rooms.services import membership
from rooms.services import server_invitations as invitations

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast")]
NEW = {"username": "dora", "password1": "many horses 7", "password2": "many horses 7"}


@pytest.fixture(autouse=True)
def _counted_from_nothing(redis_server, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    settings.OPEN_SIGNUP = False
    with Redis.from_url(site.REDIS_URLS[0]) as redis:
        redis.flushdb()


@pytest.fixture
def olga(make_user):
    person = make_user("olga")
    change_role(person, ServerRole.OWNER, None)
    return person


@pytest.fixture
def staff(olga):
    browser = Client()
    browser.force_login(olga)
    return browser


def link_for(actor: User, **wanted) -> str:
    return f"/join/{invitations.secret_for(actor, invitations.create(actor, **wanted))}/"


def words(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_made_copied_followed_and_listed_without_a_script(staff, olga, client):
    plans = membership.create_room(olga, "Plans", RoomKind.PRIVATE)
    form = {"role": "member", "rooms": [plans.name], "uses": "10", "days": "7", "domain": "", "note": "the new ones"}
    page = staff.post("/server/invitations/", form, follow=True)
    link = re.search(r'value="http://127\.0\.0\.1:8000(/join/[\w-]{43}/)"', page.content.decode())[1]
    assert "no-store" in page["Cache-Control"]
    shown = words(client.get(link))
    assert "olga invites you to chat on" in shown and "Plans" in shown
    answer = client.post(link, NEW)
    assert (answer.status_code, answer.url) == (302, f"/chat/{plans.name}/")
    assert client.session["_auth_user_id"] == str(User.objects.get(username="dora").pk)
    assert Membership.objects.filter(room=plans, user__username="dora").exists()
    address = f"/server/invitations/{ServerInvitation.objects.get().pk}/"
    shown = words(staff.get(address))
    assert "dora" in shown and "1 of 10 people joined" in shown
    assert "the new ones" in words(staff.get("/server/invitations/"))
    assert link in staff.get(address).content.decode()  # again


def test_a_mistake_makes_no_account_and_uses_nothing(olga, client, alice):
    link = link_for(olga)
    assert client.post(link, NEW | {"username": "alice"}).status_code == 200
    assert ServerInvitation.objects.get().uses == 0
    client.post(link, NEW)
    assert ServerInvitation.objects.get().uses == 1


def test_when_the_last_use_goes_meanwhile_there_is_no_account(olga, client, alice, monkeypatch):
    link = link_for(olga, uses=1)
    real = invitations.get_working

    def taken_just_after(secret):
        found = real(secret)
        ServerInvitation.objects.update(uses=1)
        return found

    monkeypatch.setattr(invitations, "get_working", taken_just_after)
    answer = client.post(link, NEW)
    assert answer.status_code == 404
    assert "has been used by as many people" in words(answer)
    assert not User.objects.filter(username="dora").exists()
    assert "_auth_user_id" not in client.session


def test_who_is_signed_in_joins_with_a_click(olga, client, alice):
    lobby = membership.get_or_create_and_join(olga, "Lobby")
    link = link_for(olga, rooms=[lobby.name], role="admin", uses=1)
    client.force_login(alice)
    assert "signed in as alice" in words(client.get(link))
    assert not InvitationUse.objects.exists()
    assert client.post(link).url == "/chat/lobby/"
    assert client.get(link).url == "/chat/"
    alice.refresh_from_db()
    assert (alice.role, ServerInvitation.objects.get().uses) == (ServerRole.MEMBER, 1)


def test_what_ended_says_so_and_what_to_do(staff, olga, client):
    link = link_for(olga)
    address = f"/server/invitations/{ServerInvitation.objects.get().pk}/"
    assert "The invitation is revoked." in words(staff.post(address, follow=True))
    assert link not in staff.get(address).content.decode()
    for answer in (client.get(link), client.post(link, NEW)):
        assert answer.status_code == 404
        assert "This invitation was withdrawn. Ask whoever invited you." in words(answer)
    assert not User.objects.filter(username="dora").exists()
    assert "whole link" in words(client.get("/join/unknown/"))


def test_an_address_elsewhere_is_refused_at_its_field(olga, client):
    link = link_for(olga, domain="example.org")
    for email in ("", "dora@example.com"):
        answer = client.post(link, NEW | {"email": email})
        assert answer.status_code == 200
        assert 'id="id_email_error"' in answer.content.decode()
    client.post(link, NEW | {"email": "dora@example.org"})
    assert User.objects.filter(username="dora").exists()


def test_where_there_is_mail_the_domain_is_proven_first(olga, client, settings):
    settings.EMAIL_HOST = "mail.example.org"
    client.post(link_for(olga, domain="example.org"), NEW | {"email": "dora@example.org"})
    run_all()
    assert "_auth_user_id" not in client.session
    again = Client()
    again.post("/accounts/login/", {"login": "dora", "password": NEW["password1"]})
    assert "_auth_user_id" not in again.session
    key = re.search(r"/accounts/confirm-email/[^/\s]+/", mail.outbox[0].body)[0]
    again.post(key)
    again.post("/accounts/login/", {"login": "dora", "password": NEW["password1"]})
    assert "_auth_user_id" in again.session


def test_the_address_is_told_to_nobody_and_forging_is_refused(olga, client, alice):
    link = link_for(olga)
    answer = client.get(link)
    assert (answer["Referrer-Policy"], answer["X-Robots-Tag"]) == ("strict-origin", "noindex, nofollow")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    assert strict.post(link).status_code == 403


def test_links_are_not_opened_all_the_time(client):
    answers = [client.get("/join/unknown/").status_code for _ in range(121)]
    assert answers == [404] * 120 + [429]


def test_the_form_says_what_is_wrong(staff, olga):
    form = {"role": "admin", "uses": "10", "days": "7"}
    assert "is for one person" in words(staff.post("/server/invitations/", form))
    assert staff.post("/server/invitations/", {"role": "owner", "days": "7"}).status_code == 400
    assert not ServerInvitation.objects.exists()


def test_administrators_are_not_offered_to_make_more(olga, make_user, client):
    ada = make_user("ada")
    change_role(ada, ServerRole.ADMIN, olga)
    client.force_login(ada)
    assert 'value="admin"' not in client.get("/server/invitations/").content.decode()
    assert client.post("/server/invitations/", {"role": "admin", "uses": "1", "days": "7"}).status_code == 400


def test_by_the_api(staff, olga, alice):
    lobby = membership.get_or_create_and_join(olga, "Lobby")
    body = {"rooms": [lobby.name], "uses": 0, "days": 30, "note": "by a script"}
    made = staff.post("/api/server/invitations", body, "application/json")
    assert made.status_code == 201
    fields = made.json()
    assert (fields["max_uses"], fields["rooms"], fields["works"]) == (None, ["lobby"], True)
    invitations.use(alice, fields["link"].split("/")[-2])
    address = f"/api/server/invitations/{fields['id']}"
    [came] = staff.get(address).json()["came"]
    assert (came["person"]["name"], came["new_account"]) == ("alice", False)
    assert "link" not in staff.get("/api/server/invitations").json()["invitations"][0]
    assert staff.delete(address).json() == {"revoked": fields["id"]}
    assert not staff.get(address).json()["works"]
    for wrong in ({"days": True}, {"days": "7"}, {"uses": -1}, {"rooms": "lobby"}, {"more": 1}):
        assert staff.post("/api/server/invitations", wrong, "application/json").status_code == 400


def test_a_token_that_may_only_read_gets_no_link(olga, client):
    made = invitations.create(olga)
    _token, secret = Token.issue(olga, "script", Scope.READ)
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    assert client.get("/api/server/invitations", **bearer).status_code == 200
    assert client.get(f"/api/server/invitations/{made.pk}", **bearer).status_code == 403


def test_an_address_that_was_mailed_to_is_confirmed_by_coming(olga, client, settings):
    settings.EMAIL_HOST = "mail.example.org"
    made = invitations.create(olga, address="dora@example.org", uses=1)
    assert invitations.secret_for(olga, made) == ""
    secret = invitations._secret(made.nonce, site.SECRET_KEY)
    client.post(f"/join/{secret}/", NEW | {"email": "dora@example.org"})
    assert EmailAddress.objects.get(user__username="dora").verified
    other = invitations.create(olga, address="erin@example.org", uses=1)
    stranger = Client()
    secret = invitations._secret(other.nonce, site.SECRET_KEY)
    stranger.post(f"/join/{secret}/", NEW | {"username": "erin", "email": "mallory@example.org"})
    assert not EmailAddress.objects.get(user__username="erin").verified
