"""How long a token may last, and another secret for one: a script goes on with the old one until it has the new one,
for a day at most."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from audit.recording import current_actor, one_act
from site_settings import current

from .models import Token
from .scopes import Scope

GRACES = (0, 1, 24)  # hours that the old secret still works
MAX_DAYS = 36_500  # of any token that is to expire


def max_days() -> int:
    """How many days a token made now may last."""
    return current.number("TOKEN_MAX_DAYS") or MAX_DAYS


def at_most(lifetime: timedelta | None) -> timedelta | None:
    """The same, or as long as this server allows. None: it never expires."""
    if not current.number("TOKEN_MAX_DAYS"):
        return lifetime
    longest = timedelta(days=current.number("TOKEN_MAX_DAYS"))
    return longest if lifetime is None else min(lifetime, longest)


def replace(token: Token, hours: int) -> tuple[Token, str]:
    """Another token with this one's name, scope, rooms and lifetime, and its secret.

    The old one ends after so many hours, or now, with the sockets that it has opened.

    hours: one of GRACES. Raises ValueError when it is another number.
    """
    if hours not in GRACES:
        raise ValueError(f"{hours} is none of {GRACES}")
    about = {"actor": current_actor(default=token.user_id), "person": token.user_id, "token": token.prefix}
    with transaction.atomic(), one_act("account.token_replaced", **about):
        old = Token.objects.select_for_update().get(pk=token.pk)
        lifetime = at_most(old.end - old.created if old.end else None)
        made = Token.issue(old.user, old.name, Scope(old.scope), lifetime, old.only_rooms)
        if not hours:
            old.delete()
        else:
            end = timezone.now() + timedelta(hours=hours)
            old.end_at(min(old.end, end) if old.end else end)
            old.save(update_fields=["expires", "lasts_until", "rooms_until"])
    return made
