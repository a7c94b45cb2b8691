"""Links in mails that unsubscribe from a kind of mail without signing in (RFC 8058)."""

from django.core import signing
from django.urls import reverse

from accounts.mail.links import absolute_url
from accounts.models import User

from ..models import MailSettings
from .kinds import EVERYTHING, MailKind

_signer = signing.Signer(salt="notifications.mail.stop")


def unsubscribe_link(user: User, kind: str) -> str:
    """kind: a MailKind, or EVERYTHING. The link never expires, so that old mails can be unsubscribed from, too."""
    return absolute_url(reverse("mail_stop", args=[_signer.sign_object([user.pk, str(kind)])]))


def read_link(token: str) -> tuple[User, str] | None:
    """The person and the kind. None: this server did not make the link, or the account is gone."""
    try:
        user_id, kind = _signer.unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    user = User.objects.filter(pk=user_id, is_active=True).first()
    return (user, kind) if user and kind in (EVERYTHING, *MailKind.values) else None


def unsubscribe(user: User, kind: str) -> None:
    """kind: as in `unsubscribe_link`."""
    kinds = MailKind.values if kind == EVERYTHING else [kind]
    changes = dict.fromkeys((each for each in kinds), False)
    MailSettings.objects.update_or_create(user_id=user.pk, defaults=changes)
