"""User accounts. Bots have accounts, too, and write under their own names."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.prepared import Prepared

from .fields import validate_no_bidi_controls
from .issuer_sessions import IssuerSession  # noqa: F401 - another of this app's models
from .outgoing_mail import OutgoingMail, RefusedAddress  # noqa: F401 - Django looks for models here
from .plain_text import clean_line
from .roles import ServerRole
from .scopes import Scope
from .server_invitations import InvitationUse, ServerInvitation  # noqa: F401 - likewise
from .session_rows import SignedInSession  # noqa: F401 - likewise
from .statuses import Availability, Status
from .token_rows import Token  # noqa: F401 - likewise
from .usernames import USERNAME_MAX, username_validators

MAX_DISPLAY_NAME = 50
MAX_STATUS = 80


class UserManager(DjangoUserManager):
    def get(self, *args, **kwargs):
        """By the id alone it is prepared: so Django asks at each request who has signed in."""
        if args or list(kwargs) != ["pk"]:
            return super().get(*args, **kwargs)
        found = _BY_ID.first(int(kwargs["pk"]))
        if found is None:
            raise self.model.DoesNotExist(f"There is no user {kwargs['pk']}.")
        return found

    def get_by_natural_key(self, username):
        return self.get(username__iexact=username)

    @classmethod
    def normalize_email(cls, email):
        """The whole address in lower case, as allauth looks it up. Every form and command that sets one calls this."""
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
    # See display_names.py. Empty: they are called by their user name.
    display_name = models.CharField(
        _("display name"), max_length=MAX_DISPLAY_NAME, blank=True, default="", db_default=""
    )
    # Names their picture as it is now, in its address; empty: initials stand for it. See rooms/services/pictures.py.
    picture = models.CharField(max_length=16, blank=True, default="", db_default="", editable=False)
    status = models.CharField(_("status"), max_length=MAX_STATUS, blank=True)
    status_emoji = models.CharField(max_length=32, blank=True, default="", db_default="")
    status_until = models.DateTimeField(null=True, blank=True)  # when the status and the availability end
    availability = models.CharField(max_length=4, choices=Availability.choices, blank=True, default="", db_default="")
    time_zone = models.CharField(max_length=64, blank=True, default="", db_default="")  # see time_zones.py
    preferences = models.JSONField(blank=True, default=dict, db_default={})  # see preferences.py
    # See role_changes.py, which alone changes it.
    server_role = models.CharField(
        _("role on this server"),
        max_length=9,
        choices=ServerRole,
        default=ServerRole.MEMBER,
        db_default=ServerRole.MEMBER,
    )
    # Set by staff: the limits for new accounts do not apply.
    vouched = models.BooleanField(_("vouched for"), default=False, db_default=False)
    # When they must have a second factor; None: they have one, or need none. See security/second_factor.py.
    second_factor_due = models.DateTimeField(
        _("two-factor authentication required from"), null=True, editable=False, db_index=True
    )

    # Not a column: what this request or socket may do. Set from its token; a session may do everything.
    scope = Scope.FULL
    # Likewise: the ids of the rooms that its token is for; None: of all.
    only_rooms: frozenset[int] | None = None

    objects: ClassVar[UserManager] = UserManager()
    _previous: tuple[str, bool] | None  # password and is_active before a save, for access_revocation.py
    _tracked: dict | None  # fields before a save, for audit_trail.py

    class Meta(AbstractUser.Meta):
        constraints = [models.UniqueConstraint(Lower("username"), name="username_ignoring_case")]

    def save(self, *args, update_fields=None, **kwargs):
        """The role follows Django's flags, which `createsuperuser` and other programs set alone."""
        if update_fields is None or {"is_staff", "is_superuser", "server_role"} & {*update_fields}:
            self.server_role = self.role
            update_fields = update_fields and {*update_fields, "server_role"}
        with transaction.atomic():  # together with the entries of audit_trail.py
            super().save(*args, update_fields=update_fields, **kwargs)

    @property
    def role(self) -> ServerRole:
        """What they are on this server, also when the flags have been changed in the database alone."""
        return ServerRole.in_step(self.server_role, self.is_staff, self.is_superuser)

    @property
    def shown_name(self) -> str:
        """What they are called. They are mentioned and addressed by their user name."""
        return self.display_name or self.username

    @property
    def avatar(self) -> str:
        """The address of their picture; empty: they have none."""
        return f"/avatars/{self.pk}/{self.picture}.webp" if self.picture else ""

    @property
    def current_status(self) -> Status | None:
        """What they say of themselves now; None: nothing, or it has ended."""
        if not (self.status or self.status_emoji or self.availability):
            return None
        if self.status_until and self.status_until <= timezone.now():
            return None
        return Status(self.status_emoji, self.status, self.status_until, self.availability)

    def clean(self):
        super().clean()
        self.status, self.display_name = clean_line(self.status), clean_line(self.display_name)
        validate_no_bidi_controls(self.display_name)
        validate_no_bidi_controls(self.status)


_BY_ID = Prepared(lambda id: User.objects.filter(pk=id), int)


class OwnerLink(models.Model):
    """The hash of the link that makes an owner (see owner_links.py). There is one at most."""

    digest = models.CharField(max_length=64, unique=True, editable=False)
    made = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField(null=True)  # None: while nobody owns this server

    def __str__(self):
        return f"made {self.made:%Y-%m-%d %H:%M}"


class ReservedName(models.Model):
    """A keyed hash of the name of an erased account (see reserved_names.py)."""

    digest = models.CharField(max_length=64, primary_key=True)

    def __str__(self):
        return self.digest
