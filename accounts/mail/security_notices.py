"""Mails that tell the owner of an account when something about its security has changed."""

from contextlib import AbstractContextManager, nullcontext

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone, translation

from site_settings import current

from ..models import User
from ..plain_text import clean_line
from ..preferences import preferences_of
from . import sending
from .links import absolute_url, site_host

MAX_USER_AGENT = 200  # characters


def send_security_notice(request: HttpRequest, user: User, template: str, email: str | None = None, **context) -> None:
    """Send templates/<template>_subject.txt and _message.txt, if mail is configured and there is an address.

    email: the address, if not the account's. context: additional values for the templates.
    """
    email = email or EmailAddress.objects.get_primary_email(user)
    if not (settings.EMAIL_HOST and email):
        return
    by_admin = request.user.is_authenticated and request.user.pk != user.pk
    context |= {
        "user": user,
        "by_admin": by_admin,
        "timestamp": timezone.now(),
        "ip": get_adapter().get_client_ip(request),
        "browser": clean_line(request.headers.get("User-Agent", ""))[:MAX_USER_AGENT],
    }
    with in_language_of(user):
        mail = get_adapter().render_mail(template, email, context | site_context())
    sending.queue(mail, template.rpartition("/")[2], user)


def in_language_of(user: User | None) -> AbstractContextManager:
    """Use the language that this person chose, or else that of the request."""
    language = preferences_of(user).language if user else ""
    return translation.override(language) if language else nullcontext()


def site_context() -> dict:
    """Values for the templates of all mails: `current_site` (name, domain) and `site_url`."""
    return {"current_site": {"name": current.text("SERVER_NAME"), "domain": site_host()}, "site_url": absolute_url("/")}
