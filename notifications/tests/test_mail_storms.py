"""Mails about what was missed, when there is much of it: nothing is done at once that others have to wait for."""

from datetime import timedelta

import pytest
from django.db.models.signals import post_init
from django.utils import timezone

from jobs.portions import Pace
from notifications.mail import digests, taking
from notifications.mail.taking import is_any_mail_due, take_due_mails
from notifications.models import Digest, DigestItem, MailSettings
from rooms.models import Message, Notification
from rooms.services import levels, membership, messages

from .mailing import mails_after_a_while, reachable

pytestmark = pytest.mark.django_db


def test_of_a_busy_room_only_what_is_shown_is_read(smtp, alice, bob, plans):
    levels.set_level(bob, plans.name, "all")
    MailSettings.objects.update_or_create(user=bob, defaults={"rooms": True})
    for number in range(30):
        messages.post(alice, plans.name, f"line {number}")
    read = []
    post_init.connect(note := lambda instance, **_: read.append(instance), sender=Message)
    try:
        (mail,) = mails_after_a_while(smtp)
    finally:
        post_init.disconnect(note, sender=Message)
    text = mail.get_body(("plain",)).get_content()
    assert "line 29" in text and "line 25" in text and "line 24" not in text and "and 25 more" in text
    assert len(read) == 5


def test_a_storm_is_taken_in_portions(alice, plans, make_user, monkeypatch, settings):
    settings.EMAIL_HOST = "mail.example.org"
    people = [make_user(f"p{number}") for number in range(5)]
    for person in people:
        membership.add_member(plans, person)
        reachable(person, f"{person.username}@example.org")
    messages.post(alice, plans.name, " ".join(f"@{person.username}" for person in people))
    Notification.objects.update(mail_after=timezone.now())
    monkeypatch.setattr(taking, "BATCH_SIZE", 2)
    assert taking._take_batch(Pace(2)) and Digest.objects.count() == 2  # what one transaction holds
    take_due_mails.call()
    assert Digest.objects.count() == DigestItem.objects.count() == 5 and not is_any_mail_due()


def test_old_ones_are_deleted_in_portions(alice, bob, plans, monkeypatch):
    messages.post(alice, plans.name, "Tea, @bob?")
    monkeypatch.setattr(digests, "BATCH_SIZE", 2)
    old = timezone.now() - digests.KEPT - timedelta(days=1)
    made = [Digest.objects.create(user=bob, created=old) for _ in range(5)]
    DigestItem.objects.create(notification=Notification.objects.get(), digest=made[0])
    new = Digest.objects.create(user=bob)
    assert digests._delete_some() and Digest.objects.count() == 4
    digests.tidy_digests.call()
    assert list(Digest.objects.all()) == [new] and not DigestItem.objects.exists()
