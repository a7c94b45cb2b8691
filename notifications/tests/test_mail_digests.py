"""Mails that tell what somebody missed: who gets one, once, and what stops it."""

import random
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.mail import sending
from accounts.models import OutgoingMail, RefusedAddress, User
from jobs.models import Job
from jobs.worker import run_all
from notifications.mail import digests
from notifications.mail.taking import is_any_mail_due, take_due_mails
from notifications.models import Digest, DigestItem, MailSettings
from rooms.models import Membership, Notification
from rooms.services import blocks, direct_messages, membership, messages

from .mailing import ADDRESS, mails_after_a_while, reachable

pytestmark = pytest.mark.django_db


@pytest.fixture
def mention(alice, plans):
    return messages.post(alice, plans.name, "Tea, @bob?").message_id


def test_what_stays_unread_is_mailed_once(smtp, alice, bob, plans, mention):
    assert not is_any_mail_due()
    take_due_mails.call()
    assert not Digest.objects.exists()
    membership.get_or_create_and_join(bob, "Lobby")
    asked = messages.post(bob, "lobby", "Who is there?").message_id
    membership.get_or_join(alice, "lobby")
    messages.post(alice, "lobby", "I am here.", reply_to=asked)
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    messages.post(alice, direct.name, "Are you there?")
    (mail,) = mails_after_a_while(smtp)  # one for all
    text = mail.get_body(("plain",)).get_content()
    assert mail["To"] == ADDRESS
    assert "alice mentioned you" in text and "Tea, @bob?" in text
    assert "alice replied to you" in text and "I am here." in text and "Are you there?" in text
    assert f"http://127.0.0.1:8000/chat/{plans.name}/?around={mention}#m{mention}" in text
    assert "Tea, @bob?" in mail.get_body(("html",)).get_content()
    assert mails_after_a_while(smtp) == []
    User.objects.filter(pk=bob.pk).update(preferences={"language": "de"})
    messages.post(alice, plans.name, "@bob, now?")
    (mail,) = mails_after_a_while(smtp)
    assert (
        "alice hat dich erwähnt" in mail.get_body().get_content()
        and "Tea" not in mail.get_body(("plain",)).get_content()
    )


def test_what_keeps_a_mail_back_also_when_it_was_taken_already(smtp, alice, bob, plans, mention, settings):
    def is_told(undo=lambda: None) -> bool:
        told = bool(mails_after_a_while(smtp))
        undo()
        DigestItem.objects.all().delete()
        Digest.objects.all().delete()
        Notification.objects.update(mail_after=timezone.now())
        return told

    place = Membership.objects.filter(room=plans, user=bob)
    person = User.objects.filter(pk=bob.pk)
    Notification.objects.update(mail_after=timezone.now())
    assert is_told()
    for change, back in (
        (lambda: place.update(read_seq=10_000), lambda: place.update(read_seq=0)),
        (lambda: place.update(banned=True), lambda: place.update(banned=False)),
        (lambda: person.update(is_active=False), lambda: person.update(is_active=True)),
        (lambda: person.update(email="new@example.org"), lambda: person.update(email=ADDRESS)),
        (lambda: EmailAddress.objects.update(verified=False), lambda: EmailAddress.objects.update(verified=True)),
        (lambda: RefusedAddress.objects.create(email=ADDRESS), lambda: RefusedAddress.objects.all().delete()),
        (
            lambda: MailSettings.objects.update_or_create(user=bob, defaults={"mentions": False}),
            lambda: MailSettings.objects.update(mentions=True),
        ),
        (lambda: setattr(settings, "EMAIL_HOST", ""), lambda: setattr(settings, "EMAIL_HOST", "localhost")),
    ):
        change()
        assert not is_told(back), "before it was taken"
        take_due_mails.call()
        change()
        assert not is_told(back), "after"
    assert is_told()
    blocks.block(bob, "alice")
    assert not is_told()


def test_a_deleted_message_is_told_to_nobody(smtp, alice, plans, mention):
    Notification.objects.update(mail_after=timezone.now())
    take_due_mails.call()
    messages.delete(alice, plans.name, mention)
    assert mails_after_a_while(smtp) == []
    assert not DigestItem.objects.exists()


def test_what_the_server_does_not_take_is_tried_again_and_then_says_what_is_unread_then(
    smtp, alice, bob, plans, mention
):
    smtp.replies = {ADDRESS: "450 busy"}
    assert mails_after_a_while(smtp) == []
    second = messages.post(alice, plans.name, "@bob!").message_id
    messages.mark_read(bob, plans.name, Notification.objects.get(message=mention).seq)
    smtp.replies = {}
    (mail,) = mails_after_a_while(smtp)  # of the second alone
    assert "Tea" not in mail.get_body(("plain",)).get_content()
    assert DigestItem.objects.get().notification.message_id == second


def test_a_mail_that_waits_for_the_server_has_not_begun(smtp, alice, bob, plans, mention):
    """What becomes due meanwhile goes into it; and it is given up as late as one that was tried."""
    Notification.objects.update(mail_after=timezone.now())
    sending._server.trip()
    take_due_mails.call()
    run_all()
    assert (Digest.objects.get().attempts, smtp.mails) == (0, [])
    assert Job.objects.get(task="notifications.mail.digests.send_digest", state="READY").run_after > timezone.now()
    messages.post(alice, plans.name, "And you, @bob?")
    (mail,) = mails_after_a_while(smtp)
    assert mail.get_body(("plain",)).get_content().count("mentioned you") == 2
    messages.post(alice, plans.name, "Late, @bob")
    Notification.objects.filter(mail_after__isnull=False).update(mail_after=timezone.now())
    take_due_mails.call()
    Digest.objects.filter(state="waiting").update(created=timezone.now() - timedelta(days=2))
    sending._server.trip()
    run_all()
    assert sorted(Digest.objects.values_list("state", flat=True)) == ["failed", "sent"]
    assert len(smtp.mails) == 1
    sending._server.reset()


@pytest.mark.parametrize("title", ["=?utf-8?b?4oCu?= x", "=?utf-8?q?Sign=0Ain?= now", "Bcc: me@example.org", "%s {x}"])
def test_a_title_in_a_subject_is_what_was_written(title, smtp, alice, bob):
    """Not what a mail program decodes out of it."""
    room = membership.create_room(alice, title, "private")
    membership.add_member(room, bob)
    reachable(bob, ADDRESS)
    messages.post(alice, room.name, "Tea, @bob?")
    (mail,) = mails_after_a_while(smtp)
    assert mail["Subject"].replace("\u2060", "").strip() == f"[Roundtable] What you missed in {title}"
    assert mail["Bcc"] is None and not mail.defects


def test_an_address_that_does_not_exist_ends_it_and_staff_see_that(smtp, plans, mention):
    smtp.replies = {ADDRESS: "550 5.1.1 nobody"}
    assert mails_after_a_while(smtp) == []
    assert (Digest.objects.get().state, OutgoingMail.objects.get().kind) == ("failed", "digest")
    assert RefusedAddress.objects.get().email == ADDRESS


def test_no_more_than_a_number_a_day(smtp, alice, bob, plans, settings):
    settings.MAILS_PER_DAY = 2
    for told in (1, 1, 0, 0):
        messages.post(alice, plans.name, "@bob")
        assert len(mails_after_a_while(smtp)) == told
    assert Job.objects.filter(state="READY", run_after__gt=timezone.now() + timedelta(hours=23)).count() == 1
    Digest.objects.filter(state="sent").update(ended=timezone.now() - timedelta(days=1, minutes=1))
    (mail,) = mails_after_a_while(smtp)  # of both
    assert mail.get_body(("plain",)).get_content().count("mentioned you") == 2


def test_each_notification_is_in_one_mail_at_most_whatever_dies(smtp, alice, bob, make_user, plans, monkeypatch):
    """By what was posted, read, taken, refused and interrupted, in any order: no mail tells of what another told of,
    but for the one that is sent again under the same Message-ID."""
    people = [bob, make_user("carol"), make_user("dave")]
    for each in people[1:]:
        membership.add_member(plans, each)
        reachable(each, f"{each.username}@example.org")
    chance, posted = random.Random(7), 0  # noqa: S311

    def die(*_args):
        raise RuntimeError("killed")

    def post():
        nonlocal posted
        posted += 1
        messages.post(alice, plans.name, f"@{chance.choice(people).username} number{posted:03}x")

    def read():
        Membership.objects.filter(room=plans, user=chance.choice(people)).update(read_seq=posted // 2)

    def refuse():
        smtp.replies = {"DATA": "451 later"} if not smtp.replies else {}

    def kill_before():
        with monkeypatch.context() as patch:
            patch.setattr(digests, "render_mail", die)
            mails_after_a_while(smtp)

    def kill_after():
        with monkeypatch.context() as patch:
            patch.setattr(digests, "_end", die)
            mails_after_a_while(smtp)

    acts = [post, post, post, read, refuse, kill_before, kill_after, lambda: mails_after_a_while(smtp)]
    for _step in range(60):
        chance.choice(acts)()
    smtp.replies = {}
    mails_after_a_while(smtp)
    told: dict[str, set[str]] = {}
    for mail in smtp.mails:
        text = mail.get_body(("plain",)).get_content()
        for number in range(1, posted + 1):
            if f"number{number:03}x" in text:
                told.setdefault(f"{number}", set()).add(mail["Message-ID"])
    assert len(told) > 5
    assert {len(ids) for ids in told.values()} == {1}
