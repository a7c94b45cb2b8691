"""How the mails look and what their headers say, beside files that people have read: golden/.

After a change that is meant: delete the file, run the test twice, and look at what it wrote.
"""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.core import signing

from accounts.models import User
from notifications.mail import unsubscribe
from notifications.mail.contents import Entry, Part, Summary
from notifications.mail.kinds import MailKind
from notifications.mail.rendering import as_reader, render_mail
from notifications.models import Digest, MailSettings

pytestmark = pytest.mark.django_db
GOLDEN = Path(__file__).parent / "golden"
NOON = datetime(2026, 11, 30, 12, 5, tzinfo=UTC)
ROOM, DIRECT = "https://chat.example.org/chat/plans/", "https://chat.example.org/chat/direct-1-2/"
LONG = "We could meet at four & bring <cake>, as the last time when nobody had thought of it and all were hungry."

SUMMARY = Summary("Ärmel Überall asks you to bring <cake> on Friday at four; alice would rather meet at six.", "bot")


@pytest.fixture(autouse=True)
def fixed(settings, monkeypatch):
    settings.SITE_URL, settings.DEFAULT_FROM_EMAIL = "https://chat.example.org", "Roundtable <chat@example.org>"
    settings.SECRET_KEY = "for mails that are the same each time"  # noqa: S105
    monkeypatch.setattr(unsubscribe, "_signer", signing.Signer(key=settings.SECRET_KEY, salt="x"))


def plans(count: int = 9, summary: Summary | None = None) -> Part:
    entries = [
        Entry("Ärmel Überall mentioned you", LONG, NOON, f"{ROOM}?around=4#m4"),
        Entry("alice", "שלום, @bob: 16 h?", NOON - timedelta(hours=2), f"{ROOM}?around=3#m3"),
    ]
    return Part("plans", "Plans for Übermorgen", False, ROOM, entries, count, frozenset({MailKind.MENTIONS}), summary)


def direct() -> Part:
    entry = Entry("alice", "📎 tea.pdf", NOON - timedelta(days=1), f"{DIRECT}?around=1#m1")
    return Part("direct-1-2", "alice", True, DIRECT, [entry], 1, frozenset({MailKind.DIRECT}))


def written(parts: list[Part], digest: int = 3, **preferences) -> EmailMessage:
    """As a mail program reads it."""
    user = User(pk=7, username="bob", email="bob@example.org", time_zone="Europe/Berlin", preferences=preferences)
    with as_reader(user):
        raw = render_mail(user, Digest(pk=digest), parts).message().as_bytes(linesep="\r\n")
    return message_from_bytes(raw, policy=policy.default)  # type: ignore[arg-type,return-value]


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return body.get_content().replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("name", "parts", "content", "language"),
    [
        ("digest", [plans(), direct()], True, "en"),
        ("digest", [plans(), direct()], True, "de"),
        ("summary", [plans(summary=SUMMARY), direct()], True, "en"),
        ("summary", [plans(summary=SUMMARY), direct()], True, "de"),
        ("silent", [plans()], False, "en"),
        ("silent", [plans()], False, "de"),
    ],
)
def test_a_mail_is_as_it_was_read(settings, name, parts, content, language):
    settings.MAIL_CONTENT = content
    mail = written(parts, language=language)
    assert not mail.defects and mail.get_content_type() == "multipart/alternative"
    assert [each.get_content_type() for each in mail.iter_parts()] == ["text/plain", "text/html"]
    headers = "".join(f"{key}: {value.strip()}\n" for key, value in mail.items() if key not in ("Date", "Content-Type"))
    found = {
        f"{name}.{language}.txt": f"{headers}\n{part(mail, 'plain')}",
        f"{name}.{language}.html": part(mail, "html"),
    }
    for file, text in found.items():
        path = GOLDEN / file
        if not path.exists():
            path.write_text(text, "utf-8")
            pytest.fail(f"{file} was written: read it")
        assert text == path.read_text("utf-8"), file


def test_what_the_headers_say_to_programs():
    mail = written([plans()])
    assert mail["Date"].datetime
    assert (mail["Auto-Submitted"], mail["Precedence"]) == ("auto-generated", "bulk")
    assert mail["Reply-To"].addresses[0].addr_spec == "no-reply@example.org"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].strip().startswith("<https://chat.example.org/mail/stop/")
    assert mail["References"] == mail["In-Reply-To"] != mail["Message-ID"]
    assert mail["Subject"].strip() == "[Roundtable] What you missed in Plans for Übermorgen"
    again, of_another, in_another_room = written([plans()]), written([plans(1)], digest=4), written([direct()])
    assert again["Message-ID"] == mail["Message-ID"] != of_another["Message-ID"]
    assert (of_another["References"], of_another["Subject"]) == (mail["References"], mail["Subject"])
    assert in_another_room["References"] not in (mail["References"], written([plans(), direct()])["References"])
    assert all(len(line) < 998 for line in mail.as_bytes().split(b"\n"))


def test_nothing_is_loaded_from_anywhere_and_what_people_wrote_is_text():
    html = part(written([plans(), direct()]), "html")
    for loads in ("<img", "<script", "<link", "url(", "@import", "src="):
        assert loads not in html
    assert "&lt;cake&gt;" in html and "<cake>" not in html


def test_who_wants_no_content_gets_none_of_it():
    bob, _made = User.objects.update_or_create(pk=7, defaults={"username": "bob"})  # the bot may have had that id
    MailSettings(user=bob, content=False).save()
    mail = written([plans(), direct()])
    everything = f"{mail['Subject']}{part(mail, 'plain')}{part(mail, 'html')}"
    for secret in ("Plans", "alice", "cake", "Ärmel", "/chat/plans"):
        assert secret not in everything
    assert "there are 10 unread messages for you" in everything
