"""Renders a digest: text and HTML in the reader's language and time zone, and headers for mail programs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts import time_formats
from accounts.mail.links import absolute_url, site_host
from accounts.mail.sending import subject_prefix
from accounts.models import User
from accounts.preferences import preferences_of
from accounts.time_zones import find_time_zone

from ..models import Digest
from .contents import MAX_ROOMS, Part, shows_content
from .kinds import EVERYTHING, MailKind
from .unsubscribe import unsubscribe_link


@contextmanager
def as_reader(user: User) -> Iterator[None]:
    """Texts in the reader's language, times in their time zone and format."""
    chosen = preferences_of(user)
    language = chosen.language or settings.LANGUAGE_CODE
    with translation.override(language), timezone.override(find_time_zone(user.time_zone) or UTC):
        time_formats.activate(chosen.time_format or time_formats.of_browser(language))
        yield


def render_mail(user: User, digest: Digest, parts: Sequence[Part]) -> EmailMultiAlternatives:
    """Call it within `as_reader`, as the parts are collected."""
    shows = shows_content(user)
    context = _context(user, parts, shows)
    text, html = (render_to_string(f"notifications/mail/digest.{kind}", context) for kind in ("txt", "html"))
    subject = subject_prefix() + _subject(parts, shows)
    mail = EmailMultiAlternatives(subject, text.strip() + "\n", to=[user.email], headers=_headers(user, digest, parts))
    mail.attach_alternative(html, "text/html")
    return mail


def _subject(parts: Sequence[Part], shows: bool) -> str:
    """The same for each mail of a kind: programs show mails with one subject and one reference as one conversation."""
    if not shows:
        return _("There is something new for you")
    if len(parts) > 1:
        return _("What you missed")
    if parts[0].is_direct:
        return _("%(name)s wrote to you") % {"name": parts[0].title}
    return _("What you missed in %(room)s") % {"room": parts[0].title}


def _context(user: User, parts: Sequence[Part], shows: bool) -> dict:
    kinds = [kind for kind in MailKind if any(kind in part.kinds for part in parts)]
    return {
        "user": user,
        "language": translation.get_language(),
        "parts": parts[:MAX_ROOMS] if shows else [],
        "more_rooms": max(0, len(parts) - MAX_ROOMS),
        "count": sum(part.count for part in parts),
        "inbox": absolute_url(reverse("inbox")),
        "site": site_host(),
        "site_url": absolute_url("/"),
        "settings_url": absolute_url(reverse("settings_notifications")),
        "stops": [(kind.label, unsubscribe_link(user, kind)) for kind in kinds],
        "stop_everything": unsubscribe_link(user, EVERYTHING),
    }


def _headers(user: User, digest: Digest, parts: Sequence[Part]) -> dict[str, str]:
    kinds = {kind for part in parts for kind in part.kinds}
    thread = _id("thread", user.pk, parts[0].name if len(parts) == 1 else "")
    stop = unsubscribe_link(user, kinds.pop() if len(kinds) == 1 else EVERYTHING)
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return {
        "Message-ID": _id("digest", digest.pk),
        "In-Reply-To": thread,
        "References": thread,
        "Reply-To": f"no-reply@{sender.rpartition('@')[2]}",
        "List-Id": f"Roundtable <missed.{_host()}>",
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
        "Precedence": "bulk",
        "X-Auto-Response-Suppress": "All",
    }


def _id(kind: str, *what: object) -> str:
    """The same at each attempt, and nobody without the secret key can make one."""
    digest = salted_hmac(f"notifications.mail.{kind}", ":".join(map(str, what)), algorithm="sha256").hexdigest()[:32]
    return f"<{kind}.{digest}@{_host()}>"


def _host() -> str:
    return site_host().rpartition(":")[0] if site_host().rpartition(":")[2].isdigit() else site_host()
