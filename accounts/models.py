"""Who people are. Bots are users too: they sign what they write like everyone else."""

import hashlib
import secrets

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from .names import USERNAME_MAX, username_validators
from .plain_text import clean_line


class UserManager(DjangoUserManager):
    def get_by_natural_key(self, username):
        return self.get(username__iexact=username)

    @classmethod
    def normalize_email(cls, email):
        """In lower case altogether, as allauth looks for it. Every form and command that sets one comes by here."""
        return super().normalize_email(email).strip().lower()


class User(AbstractUser):
    username = models.CharField(
        _("user name"),
        max_length=USERNAME_MAX,
        unique=True,
        validators=username_validators,
        error_messages={"unique": _("This name is taken.")},
    )
    is_bot = models.BooleanField(default=False)
    status = models.CharField(_("status"), max_length=80, blank=True)
    # By staff: the limits for new accounts do not apply.
    vouched = models.BooleanField(_("vouched for"), default=False, db_default=False)

    objects = UserManager()

    class Meta(AbstractUser.Meta):
        constraints = [models.UniqueConstraint(Lower("username"), name="username_ignoring_case")]

    def clean(self):
        super().clean()
        self.status = clean_line(self.status)


class Token(models.Model):
    """A key for scripts, sent as `Authorization: Bearer …`. Only its hash is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=60)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return f"{self.name} ({self.user})"

    @classmethod
    def make(cls, user: User, name: str) -> tuple["Token", str]:
        """A new token and its secret, which is shown once and cannot be read again."""
        secret = "rt_" + secrets.token_urlsafe(32)
        return cls.objects.create(user=user, name=name, digest=cls.hash(secret)), secret

    @staticmethod
    def hash(secret: str) -> str:
        # A plain hash: the secret has 256 random bits, nothing a slow hash could protect better.
        return hashlib.sha256(secret.encode()).hexdigest()
