"""What staff do with an account. Each act is in the audit log, in the same transaction."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import role_changes
from accounts.mail.links import absolute_url
from accounts.models import User
from accounts.roles import ServerRole
from accounts.security import sessions
from audit.recording import record
from rooms.kernel.errors import ChatError
from rooms.privacy import erasure

from .people import may_manage


class NotAllowed(Exception):
    """The message says why, in the reader's language."""


def change_role(actor: User, person: User, role: ServerRole) -> None:
    """Raises NotAllowed."""
    _check(actor, person)
    try:
        role_changes.change_role(person, role, actor)
    except ValidationError as error:
        raise NotAllowed(error.messages[0]) from error


def set_active(actor: User, person: User, active: bool) -> None:
    """Deactivating an account ends its sessions and prevents sign-in. Raises NotAllowed."""
    _check(actor, person)
    with transaction.atomic():
        if not active and role_changes.is_last_owner(person):
            raise NotAllowed(_("They are the only owner of this server."))
        locked = User.objects.select_for_update().get(pk=person.pk)
        locked.is_active = active
        locked.save(update_fields=["is_active"])  # signal handlers close sockets and write the entry


def sign_out(actor: User, person: User) -> int:
    """End all their sessions, with the sockets. Returns how many sessions. Raises NotAllowed."""
    _check(actor, person)
    with transaction.atomic():
        ended = sessions.end_others(person, None)
        record("account.signed_out", actor=actor.pk, person=person.pk)
    return ended


def make_reset_link(actor: User, person: User) -> str:
    """The address at which they choose a new password, for a server without mail. It works once.

    Only for owners, who could do the same on the machine: the link gives access to the account. Raises NotAllowed.
    """
    _check(actor, person)
    if actor.role != ServerRole.OWNER or not person.is_active:
        raise NotAllowed(_("Only an owner can do this, for an account that is active."))
    with transaction.atomic():
        record("account.reset_link_made", actor=actor.pk, person=person.pk)
    token = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
    return absolute_url(reverse("account_reset_password_from_key", kwargs=token))


def erase(actor: User, person: User, typed: str, keep_messages: bool) -> None:
    """Close the account for good, and begin to erase it. typed: the user name, as confirmation. Raises NotAllowed."""
    _check(actor, person)
    if typed.strip().lstrip("@").lower() != person.username.lower():
        raise NotAllowed(_("Write the user name of the account that is to be deleted."))
    try:
        erasure.begin(person, keep_messages)
    except ChatError as error:
        raise NotAllowed(error.message) from error


def _check(actor: User, person: User) -> None:
    if not may_manage(actor, person):
        raise NotAllowed(_("You cannot change this account."))
