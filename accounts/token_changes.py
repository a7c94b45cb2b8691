"""Replaces a token's secret: a script goes on with the old one until it has the new one, for a day at most."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from audit.recording import current_actor, one_act

from .models import Token
from .scopes import Scope

GRACES = (0, 1, 24)  # hours that the old secret still works


def replace(token: Token, hours: int) -> tuple[Token, str]:
    """Another token with this one's name, scope and lifetime, and its secret. The old one ends after so many hours, or
    now, with the sockets that it has opened.

    hours: one of GRACES. Raises ValueError when it is another number.
    """
    if hours not in GRACES:
        raise ValueError(f"{hours} is none of {GRACES}")
    about = {"actor": current_actor(default=token.user_id), "person": token.user_id, "token": token.prefix}
    with transaction.atomic(), one_act("account.token_replaced", **about):
        old = Token.objects.select_for_update().get(pk=token.pk)
        lifetime = old.expires - old.created if old.expires else None
        made = Token.issue(old.user, old.name, Scope(old.scope), lifetime)
        if not hours:
            old.delete()
        else:
            end = timezone.now() + timedelta(hours=hours)
            old.expires = min(old.expires, end) if old.expires else end
            old.save(update_fields=["expires"])
    return made
