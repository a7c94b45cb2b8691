"""Tells people by mail, once, of a token that expires within a week: before their script stops working."""

from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django_tasks import task

from jobs.portions import run_portions

from ..models import Token, User
from . import sending
from .links import absolute_url
from .security_notices import in_language_of, site_context

BEFORE = timedelta(days=7)
SHORT = timedelta(days=14)  # whoever makes a token for less knows when it ends
BATCH_SIZE = 100  # tokens in one portion
PAUSE = 0.2  # seconds between portions


@task(priority=-5)
def tell_of_expiring_tokens() -> None:
    """A job. A replaced token, which ends within a day, has a successor: nobody is told of it."""
    if settings.EMAIL_HOST and run_portions(_tell_some, PAUSE):
        tell_of_expiring_tokens.enqueue()


def _tell_some() -> bool:
    """Whether there may be more."""
    now = timezone.now()
    due = Token.objects.expiring(now + BEFORE).filter(expiry_told=False, user__is_active=True, created__lt=now - BEFORE)
    found = list(due.order_by("pk").values_list("pk", flat=True)[:BATCH_SIZE])
    for token_id in found:
        with transaction.atomic():
            token = due.select_for_update(of=("self",)).select_related("user").filter(pk=token_id).first()
            if token is None:
                continue
            Token.objects.filter(pk=token_id).update(expiry_told=True)
            if _is_worth_telling(token):
                _send(token, token.user)
    return len(found) == BATCH_SIZE


def _is_worth_telling(token: Token) -> bool:
    newer = Token.objects.unexpired().filter(user=token.user_id, name=token.name, created__gt=token.created)
    return token.end is not None and token.end - token.created > SHORT and not newer.exists()


def _send(token: Token, user: User) -> None:
    email = EmailAddress.objects.get_primary_email(user)
    if not email:
        return
    context = {"user": user, "token": token, "address": absolute_url(reverse("tokens")), **site_context()}
    with in_language_of(user):
        mail = get_adapter().render_mail("account/email/token_expires", email, context)
    sending.queue(mail, "token_expires", user)
