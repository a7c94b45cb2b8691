"""Somebody follows an invitation to the server and makes their account by an issuer."""

import pytest
from django.conf import settings as site
from django.test import Client
from redis import Redis

from accounts.issuers import metadata
from accounts.models import InvitationUse, ServerInvitation, User
from accounts.role_changes import change_role
from accounts.roles import ServerRole
from accounts.tests.sso import issuer_of, sign_in
from rooms.models import Membership, RoomKind
from rooms.services import membership
from rooms.services import server_invitations as invitations
from testing.issuer import FakeIssuer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast")]
NEW = {"username": "dora", "password1": "many horses 7", "password2": "many horses 7"}


@pytest.fixture
def company(redis_server, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    settings.OPEN_SIGNUP, settings.SSO_ONLY = False, True
    with Redis.from_url(site.REDIS_URLS[0]) as redis:
        redis.flushdb()
    fake = FakeIssuer()
    metadata.forget()
    settings.SSO_PROVIDERS = (issuer_of(fake),)
    yield fake
    fake.close()
    metadata.forget()


@pytest.fixture
def olga(make_user):
    person = make_user("olga")
    change_role(person, ServerRole.OWNER, None)
    return person


def secret_of(actor: User, **wanted) -> str:
    return invitations.secret_for(actor, invitations.create(actor, **wanted))


def follow(client: Client, secret: str):
    return sign_in(client, invitation=secret, next=f"/join/{secret}/")


def test_the_page_offers_issuers_and_takes_no_password(client, company, olga):
    secret = secret_of(olga)
    page = client.get(f"/join/{secret}/").content.decode()
    assert "Continue with Company" in page and f'name="invitation" value="{secret}"' in page
    assert 'type="password"' not in page
    refused = client.post(f"/join/{secret}/", NEW)
    assert refused.status_code == 403 and "Continue with Company" in refused.content.decode()
    assert not User.objects.filter(username="dora").exists() and ServerInvitation.objects.get().uses == 0


def test_beside_the_form_where_passwords_work(client, company, olga, settings):
    settings.SSO_ONLY = False
    page = client.get(f"/join/{secret_of(olga)}/").content.decode()
    assert "Continue with Company" in page and 'type="password"' in page


def test_an_issuer_whose_people_get_no_accounts_is_not_offered(client, company, olga, settings):
    settings.SSO_PROVIDERS = (issuer_of(company, sign_up="never"),)
    secret = secret_of(olga)
    assert "Continue with Company" not in client.get(f"/join/{secret}/").content.decode()
    follow(client, secret)
    assert not User.objects.filter(username="ann").exists()


def test_a_new_account_gets_role_and_rooms_and_is_counted(client, company, olga):
    plans = membership.create_room(olga, "Plans", RoomKind.PRIVATE)
    answer = follow(client, secret_of(olga, role="moderator", rooms=[plans.name], domain="example.org"))
    assert (answer.status_code, answer.url) == (302, f"/chat/{plans.name}/")
    ann = User.objects.get(username="ann")
    assert client.session["_auth_user_id"] == str(ann.pk)
    assert ann.role == ServerRole.MODERATOR and Membership.objects.filter(room=plans, user=ann).exists()
    use = InvitationUse.objects.get()
    assert use.user == ann and use.new_account and use.invitation.uses == 1


def test_without_rooms_it_leads_to_the_start_page(client, company, olga):
    assert follow(client, secret_of(olga)).url == "/chat/"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [({"uses": 1}, "has been used by as many people"), ({"domain": "example.com"}, "example.com")],
)
def test_one_that_lets_nobody_in_makes_no_account(client, company, olga, changed, sentence):
    secret = secret_of(olga, **changed)
    if "uses" in changed:
        ServerInvitation.objects.update(uses=1)
    answer = follow(client, secret)
    assert answer.status_code in (403, 404, 409) and sentence in answer.content.decode()
    assert not User.objects.filter(username="ann").exists() and not InvitationUse.objects.exists()
    assert "_auth_user_id" not in client.session


def test_a_made_up_secret_opens_no_closed_server(client, company, olga):
    assert sign_in(client, invitation="x" * 43).status_code == 404
    assert not User.objects.filter(username="ann").exists()


def test_who_has_an_account_is_asked_first(client, company, olga):
    follow(client, secret_of(olga))
    client.logout()
    secret = secret_of(olga, role="admin", uses=1)
    assert follow(client, secret).url == f"/join/{secret}/"
    assert not InvitationUse.objects.filter(invitation__role="admin").exists()
    assert "signed in as ann" in client.get(f"/join/{secret}/").content.decode()
    client.post(f"/join/{secret}/")
    assert User.objects.get(username="ann").role == ServerRole.MEMBER
