"""Tokens for scripts, as the database has them."""

import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import token_secrets
from .scopes import Scope

PREFIX_LENGTH = 9  # stored characters of a token's secret, to tell tokens apart: "rt_" and 6 of 36 random ones


class TokenQuerySet(models.QuerySet):
    def unexpired(self):
        """Tokens that have not expired."""
        now = timezone.now()
        narrow = Q(scope=Scope.MANAGE) & (Q(lasts_until=None) | Q(lasts_until__gt=now))
        return self.filter(Q(expires=None) | Q(expires__gt=now) | narrow)

    def expired_before(self, moment: datetime):
        """Tokens that expired before that moment."""
        narrow = Q(scope=Scope.MANAGE)
        return self.filter(Q(narrow, lasts_until__lt=moment) | Q(~narrow, expires__lt=moment))


class Token(models.Model):
    """A token for scripts, sent as `Authorization: Bearer …`. Only its hash is stored."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=60)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    prefix = models.CharField(_("begins with"), max_length=12, editable=False, db_default="")  # "": an old token
    scope = models.CharField(_("may"), max_length=8, choices=Scope, default=Scope.FULL, db_default=Scope.FULL)
    created = models.DateTimeField(_("created"), auto_now_add=True)
    # See `end`. Processes of the version before read `expires` alone, and do not know all that narrows a token:
    # for them, a narrow one expired when it was made, and `lasts_until` says when it really does.
    expires = models.DateTimeField(_("expires"), null=True)
    lasts_until = models.DateTimeField(null=True, editable=False)
    last_used = models.DateTimeField(_("last used"), null=True)  # accurate to 5 minutes (token_use.py)

    objects = TokenQuerySet.as_manager()

    def __str__(self):
        return f"{self.name} ({self.user})"

    def save(self, *args, **kwargs):
        with transaction.atomic():  # together with the entry of audit_trail.py
            super().save(*args, **kwargs)

    @property
    def is_narrow(self) -> bool:
        """Whether something limits it that the version before does not know."""
        return self.scope == Scope.MANAGE

    @property
    def end(self) -> datetime | None:
        """When it expires; None: never."""
        return self.lasts_until if self.is_narrow else self.expires

    def end_at(self, moment: datetime | None) -> None:
        """Set when it expires (None: never), without saving."""
        if self.is_narrow:
            self.expires, self.lasts_until = timezone.now(), moment
        else:
            self.expires = moment

    @property
    def has_expired(self) -> bool:
        """Never, for a token without an end."""
        return self.end is not None and self.end <= timezone.now()

    @classmethod
    def issue(
        cls, user: models.Model, name: str, scope: Scope = Scope.FULL, lifetime: timedelta | None = None
    ) -> tuple["Token", str]:
        """Create a token. Returns it with its secret, which is shown once and cannot be read again.

        lifetime: time until it expires; None: it never does.
        """
        secret = token_secrets.make()
        token = cls(user_id=user.pk, name=name, digest=cls.hash(secret), prefix=secret[:PREFIX_LENGTH], scope=scope)
        token.end_at(None if lifetime is None else timezone.now() + lifetime)
        token.save()
        return token, secret

    @staticmethod
    def hash(secret: str) -> str:
        """What the table keeps in place of the secret: SHA-256, in hex."""
        # A fast hash is enough: the secret has 214 random bits and cannot be guessed.
        return hashlib.sha256(secret.encode()).hexdigest()
