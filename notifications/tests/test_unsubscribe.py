"""What is mailed is chosen in the settings, or stopped by a link in a mail, without signing in."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from notifications.mail.kinds import EVERYTHING, MailKind
from notifications.mail.unsubscribe import unsubscribe_link
from notifications.models import mail_settings_of

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"


def told_of(user: User) -> set[str]:
    chosen = mail_settings_of(user.pk)
    return {kind.value for kind in MailKind if getattr(chosen, kind.value)}


def test_a_link_stops_one_kind_and_looking_at_it_stops_nothing(alice, bob):
    link = unsubscribe_link(alice, MailKind.DIRECT).removeprefix(SITE)
    stranger = Client(enforce_csrf_checks=True)  # a mail program has no cookies
    page = stranger.get(link).content.decode()
    assert "alice gets mails about: direct messages." in page and "Send no more" in page
    assert told_of(alice) == {"direct", "mentions", "invitations"}
    answer = stranger.post(link, {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, "No more mails are sent to alice" in answer.content.decode()) == (200, True)
    assert told_of(alice) == {"mentions", "invitations"}
    assert told_of(bob) == {"direct", "mentions", "invitations"}
    stranger.post(unsubscribe_link(alice, EVERYTHING).removeprefix(SITE))
    assert told_of(alice) == set()


def test_no_other_link_does_anything(alice, bob):
    link = unsubscribe_link(alice, EVERYTHING).removeprefix(SITE)
    bent = link.replace("/mail/stop/", "/mail/stop/x"), link[:-2] + "/", "/mail/stop/abc/"
    User.objects.filter(pk=bob.pk).update(is_active=False)
    for each in (
        *bent,
        unsubscribe_link(bob, EVERYTHING).removeprefix(SITE),
        unsubscribe_link(alice, "x").removeprefix(SITE),
    ):
        for answer in (Client().get(each), Client().post(each)):
            assert answer.status_code == 404
            assert "This link no longer works" in answer.content.decode()
    assert told_of(alice) == told_of(bob) == {"direct", "mentions", "invitations"}


def test_the_settings_offer_what_there_is(client, alice, settings):
    client.force_login(alice)
    page = reverse("settings_notifications")
    settings.EMAIL_HOST = ""
    assert "By e-mail" not in client.get(page).content.decode()
    settings.EMAIL_HOST = "mail.example.org"
    shown = client.get(page).content.decode()
    assert "By e-mail" in shown and "Your account has no e-mail address." in shown and "15 minutes later" in shown
    User.objects.filter(pk=alice.pk).update(email="alice@example.org")
    assert "Mails come when alice@example.org is confirmed." in client.get(page).content.decode()
    shown = client.post(reverse("mail_settings"), {"rooms": "on", "content": "on"}, follow=True).content.decode()
    assert "Saved." in shown
    assert (told_of(alice), mail_settings_of(alice.pk).content) == ({"rooms"}, True)
    assert client.post(reverse("mail_settings"), {"direct": "on", "live": "yes"}).status_code == 204
    assert (told_of(alice), mail_settings_of(alice.pk).content) == ({"direct"}, False)
