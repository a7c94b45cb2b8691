"""Tokens for scripts, as the database has them."""

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import token_secrets
from .scopes import Scope

PREFIX_LENGTH = 9  # stored characters of a token's secret, to tell tokens apart: "rt_" and 6 of 36 random ones

# As Token._end_column.
_OF_ROOMS = Q(only_rooms__isnull=False)
_MANAGING = Q(only_rooms__isnull=True, scope=Scope.MANAGE)


def _later(column: str) -> Q:
    return Q(**{column: None}) | Q(**{f"{column}__gt": timezone.now()})


class TokenQuerySet(models.QuerySet):
    def unexpired(self):
        """Tokens that have not expired."""
        return self.filter(
            Q(_OF_ROOMS, _later("rooms_until")) | Q(_MANAGING, _later("lasts_until")) | _later("expires")
        )

    def expired_before(self, moment: datetime):
        """Tokens that expired before that moment."""
        return self._ending(lt=moment)

    def expiring(self, until: datetime):
        """Tokens that expire between now and then."""
        return self._ending(gt=timezone.now(), lte=until)

    def _ending(self, **when: datetime):
        def ends(column: str) -> Q:
            return Q(**{f"{column}__{operator}": moment for operator, moment in when.items()})

        plain = ~_OF_ROOMS & ~_MANAGING
        return self.filter(
            Q(_OF_ROOMS, ends("rooms_until")) | Q(_MANAGING, ends("lasts_until")) | Q(plain, ends("expires"))
        )


class Token(models.Model):
    """A token for scripts, sent as `Authorization: Bearer …`. Only its hash is stored."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=60)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    prefix = models.CharField(_("begins with"), max_length=12, editable=False, db_default="")  # "": an old token
    scope = models.CharField(_("may"), max_length=8, choices=Scope, default=Scope.FULL, db_default=Scope.FULL)
    created = models.DateTimeField(_("created"), auto_now_add=True)
    # The ids of the rooms that it is for; None: for all, and for what is in no room (rooms/services/token_rooms.py).
    only_rooms = models.JSONField(null=True, editable=False)
    # See `end`. Older versions do not know all that narrows a token, and read fewer of these columns: one `expires`
    # alone, a later one also `lasts_until` of those that may manage. For them, a narrow token expired when it was made.
    expires = models.DateTimeField(_("expires"), null=True)
    lasts_until = models.DateTimeField(null=True, editable=False)
    rooms_until = models.DateTimeField(null=True, editable=False)
    expiry_told = models.BooleanField(default=False, db_default=False, editable=False)  # by a mail
    last_used = models.DateTimeField(_("last used"), null=True)  # accurate to 5 minutes (token_use.py)

    objects = TokenQuerySet.as_manager()

    def __str__(self):
        return f"{self.name} ({self.user})"

    def save(self, *args, **kwargs):
        with transaction.atomic():  # together with the entry of audit_trail.py
            super().save(*args, **kwargs)

    @property
    def _end_column(self) -> str:
        if self.only_rooms is not None:
            return "rooms_until"
        return "lasts_until" if self.scope == Scope.MANAGE else "expires"

    @property
    def end(self) -> datetime | None:
        """When it expires; None: never."""
        found: datetime | None = getattr(self, self._end_column)
        return found

    def end_at(self, moment: datetime | None) -> None:
        """Set when it expires (None: never), without saving."""
        if self._end_column != "expires":
            self.expires = self.lasts_until = timezone.now()
        setattr(self, self._end_column, moment)

    @property
    def has_expired(self) -> bool:
        """Never, for a token without an end."""
        return self.end is not None and self.end <= timezone.now()

    @classmethod
    def issue(
        cls,
        user: models.Model,
        name: str,
        scope: Scope = Scope.FULL,
        lifetime: timedelta | None = None,
        only_rooms: Collection[int] | None = None,
    ) -> tuple["Token", str]:
        """Create a token. Returns it with its secret, which is shown once and cannot be read again.

        lifetime: time until it expires; None: it never does. only_rooms: ids of rooms; None: all. Raises ValueError for
        one that may do everything, but in some rooms only.
        """
        if only_rooms is not None and scope == Scope.FULL:
            raise ValueError("a token of some rooms cannot change the account")
        secret = token_secrets.make()
        token = cls(user_id=user.pk, name=name, digest=cls.hash(secret), prefix=secret[:PREFIX_LENGTH], scope=scope)
        token.only_rooms = None if only_rooms is None else sorted(only_rooms)
        token.end_at(None if lifetime is None else timezone.now() + lifetime)
        token.save()
        return token, secret

    @staticmethod
    def hash(secret: str) -> str:
        """What the table keeps in place of the secret: SHA-256, in hex."""
        # A fast hash is enough: the secret has 214 random bits and cannot be guessed.
        return hashlib.sha256(secret.encode()).hexdigest()
