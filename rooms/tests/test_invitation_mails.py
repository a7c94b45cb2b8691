"""Invitations to the server by mail: to whom, how many, and how they look, beside files that people have read.

After a change that is meant: delete the file, run the test twice, and look at what it wrote.
"""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core import mail
from django.test import Client
from django.utils import translation

from accounts.models import OutgoingMail, ServerInvitation
from accounts.role_changes import change_role
from accounts.roles import ServerRole
from jobs.worker import run_all
from rooms.kernel.errors import ChatError
from rooms.models import Room
from rooms.services import invitation_mails, server_invitations

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast")]
GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(autouse=True)
def _with_mail(settings):
    settings.EMAIL_HOST, settings.SITE_URL = "mail.example.org", "https://chat.example.org"


@pytest.fixture
def olga(make_user):
    person = make_user("olga", display_name="Olga Überall")
    change_role(person, ServerRole.OWNER, None)
    return person


def refused(reason: str, *arguments, **named) -> None:
    with pytest.raises(ChatError) as error:
        invitation_mails.mail_invitations(*arguments, **named)
    assert error.value.reason == reason
    assert not ServerInvitation.objects.filter(address="x@example.org").exists()


def test_each_address_gets_a_link_of_its_own_for_one_person(olga):
    invitation_mails.mail_invitations(olga, ["Erin@Example.org", "frank@example.org", "erin@example.org "])
    run_all()
    assert sorted(each.to[0] for each in mail.outbox) == ["erin@example.org", "frank@example.org"]
    links = {re.search(r"https://chat\.example\.org/join/([\w-]{43})/", each.body)[1] for each in mail.outbox}
    assert len(links) == 2
    for secret in links:
        assert server_invitations.get_working(secret).max_uses == 1
    assert not OutgoingMail.objects.exists()


def test_the_mail_is_in_the_language_that_was_chosen(olga):
    with translation.override("en"):
        invitation_mails.mail_invitations(olga, ["erin@example.org"], "de")
    run_all()
    assert mail.outbox[0].subject == "[Roundtable] Olga Überall lädt dich auf chat.example.org ein"


@pytest.mark.parametrize(
    ("addresses", "reason"),
    [
        ([], "too_many_addresses"),
        ([f"{number}@example.org" for number in range(21)], "too_many_addresses"),
        (["x@example.org", "nobody"], "bad_address"),
        (["x@example.org", "a@b.org\nBcc: c@d.org"], "bad_address"),
        (["x@example.org", "x" * 300 + "@example.org"], "bad_address"),
    ],
)
def test_what_is_no_address_sends_nothing(olga, addresses, reason):
    refused(reason, olga, addresses)
    run_all()
    assert mail.outbox == []


def test_who_may_not_invite_and_where_there_is_no_mail_nothing_is_sent(olga, alice, settings):
    refused("not_staff", alice, ["x@example.org"])
    ada = alice
    change_role(ada, ServerRole.ADMIN, olga)
    refused("not_owner", ada, ["x@example.org"], role="admin")
    settings.EMAIL_HOST = ""
    refused("no_mail", olga, ["x@example.org"])


def test_there_is_a_limit_a_day(olga, monkeypatch):
    monkeypatch.setattr(invitation_mails, "MAX_A_DAY", 3)
    invitation_mails.mail_invitations(olga, ["a@example.org", "b@example.org"])
    refused("too_many_invitation_mails", olga, ["x@example.org", "y@example.org"])
    invitation_mails.mail_invitations(olga, ["c@example.org"])


def test_by_the_page_and_the_api(olga):
    browser = Client()
    browser.force_login(olga)
    form = {"role": "member", "uses": "10", "days": "7", "addresses": "erin@example.org, frank@example.org"}
    page = browser.post("/server/invitations/", form | {"language": "en"}, follow=True).content.decode()
    assert "2 invitations are on their way." in page
    detail = browser.get(f"/server/invitations/{ServerInvitation.objects.first().pk}/").content.decode()
    assert "/join/" not in detail and "the link is only in that mail" in " ".join(detail.split())
    body = {"addresses": ["gina@example.org"], "language": "de"}
    answer = browser.post("/api/server/invitations/mail", body, "application/json")
    assert (answer.status_code, answer.json()) == (202, {"mailed": 1})
    run_all()
    assert len(mail.outbox) == 3


def test_without_mail_the_page_offers_none(olga, settings):
    browser = Client()
    browser.force_login(olga)
    assert 'name="addresses"' in browser.get("/server/invitations/").content.decode()
    settings.EMAIL_HOST = ""
    assert 'name="addresses"' not in browser.get("/server/invitations/").content.decode()


@pytest.mark.parametrize("language", ["en", "de"])
def test_it_looks_as_people_have_read_it(olga, language):
    rooms = [Room.objects.create(name="plans", title="Plans & <cake>"), Room.objects.create(name="tea", title="Tee")]
    made = server_invitations.create(olga, role="moderator", rooms=[room.name for room in rooms], uses=1)
    made.address, made.expires = "erin@example.org", datetime(2026, 12, 7, 12, tzinfo=UTC)
    with translation.override(language):
        found = invitation_mails.render_mail(made, "s" * 43)
    assert found.to == ["erin@example.org"]
    html = found.alternatives[0][0]
    for kind, text in (("txt", found.subject.removeprefix("[Roundtable] ") + "\n\n" + found.body), ("html", html)):
        path = GOLDEN / f"server_invitation.{language}.{kind}"
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
            pytest.fail(f"{path.name} is new: look at it")
        assert text == path.read_text()
