"""Invitations to the server by mail: each address gets a link of its own, for one person.

Nothing that the inviter types is in the mail but the addresses and the names that people here see: it is of no use for
writing to strangers.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.mail import sending
from accounts.mail.links import absolute_url, site_host
from accounts.models import ServerInvitation, User

from ..kernel.errors import ChatError
from . import server_invitations

MAX_AT_ONCE, MAX_A_DAY = 20, 100  # addresses
MAX_ADDRESS = 254


def mail_invitations(
    actor: User, addresses: Iterable[str], language: str = "", **wanted: Any
) -> list[ServerInvitation]:
    """One invitation for each address, once, and the mails to them, which jobs send.

    language: of the mails; "": the server's. wanted: as for `server_invitations.create`. Raises ChatError: no_mail,
    bad_address, too_many_addresses, too_many_invitation_mails, and those of `create`.
    """
    if not settings.EMAIL_HOST:
        raise ChatError("no_mail")
    found = _clean(addresses)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=actor.pk)  # so that two forms at once are counted together
        _check_limit(actor, len(found))
        made = [server_invitations.create(actor, **wanted | {"address": each, "uses": 1}) for each in found]
        with translation.override(language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
            for each in made:
                mail = render_mail(each, server_invitations.secret_in_mail(each))
                sending.queue(mail, "server_invitation", actor, asked_for=True)
    return made


def render_mail(invitation: ServerInvitation, secret: str) -> EmailMultiAlternatives:
    """Text and HTML in the active language. secret: what its link ends with."""
    context = {
        "language": translation.get_language(),
        "name": invitation.created_by.shown_name,
        "role": invitation.role,
        "rooms": [room.title for room in server_invitations.rooms_of(invitation)],
        "link": absolute_url(reverse("join_server", args=[secret])),
        "expires": invitation.expires,
        "site": site_host(),
        "site_url": absolute_url("/"),
    }
    text, html = (render_to_string(f"rooms/mail/server_invitation.{kind}", context) for kind in ("txt", "html"))
    subject = _("%(name)s invites you to %(site)s") % {"name": context["name"], "site": context["site"]}
    mail = EmailMultiAlternatives(sending.subject_prefix() + subject, text.strip() + "\n", to=[invitation.address])
    mail.attach_alternative(html, "text/html")
    return mail


def _clean(addresses: Iterable[str]) -> list[str]:
    """Raises ChatError: bad_address, too_many_addresses."""
    normal = User.objects.normalize_email  # Django declares no types for it
    found: list[str] = list(dict.fromkeys(normal(each) for each in addresses if each.strip()))  # type: ignore[no-untyped-call]
    if not 1 <= len(found) <= MAX_AT_ONCE:
        raise ChatError("too_many_addresses", limit=MAX_AT_ONCE)
    for each in found:
        try:
            validate_email(each[: MAX_ADDRESS + 1])
            fits = len(each) <= MAX_ADDRESS
        except ValidationError:
            fits = False
        if not fits:
            raise ChatError("bad_address", address=each[:100])
    return found


def _check_limit(actor: User, more: int) -> None:
    """Raises ChatError: too_many_invitation_mails."""
    day_ago = timezone.now() - timedelta(days=1)
    mailed = ServerInvitation.objects.filter(created_by=actor, created__gt=day_ago).exclude(address="").count()
    if mailed + more > MAX_A_DAY:
        raise ChatError("too_many_invitation_mails", limit=MAX_A_DAY)
