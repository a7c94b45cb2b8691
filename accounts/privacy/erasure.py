"""Erases what an account holds about its owner. An anonymous row stays, because messages and direct messages need an
author."""

import re
from datetime import UTC, datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import LogEntry
from django.db.models import Model, Q
from django.utils import timezone

from .. import reserved_names
from ..models import InvitationUse, IssuerSession, ServerInvitation, SignedInSession, Token, User
from ..outgoing_mail import OutgoingMail, RefusedAddress
from ..role_changes import apply_role
from ..roles import ServerRole
from .personal_data import get_sessions_after, session_owner_id

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)  # date_joined of erased accounts


def anonymize(user: User) -> None:
    """Sign the user out everywhere, make their row anonymous, and reserve their name."""
    name, neutral = user.username, _unused_placeholder_name(user)
    _rename_in_admin_log([text for text in (name, user.email, user.display_name) if text], neutral)
    reserved_names.reserve(name)
    owned: tuple[type[Model], ...] = (
        Token,
        EmailAddress,
        Authenticator,
        SocialAccount,
        IssuerSession,
        OutgoingMail,
        SignedInSession,
    )
    for model in owned:
        model._default_manager.filter(user=user).delete()
    InvitationUse.objects.filter(user=user).delete()
    made = ServerInvitation.objects.filter(created_by=user)
    made.filter(revoked=None).update(revoked=timezone.now())
    made.update(note="", address="")  # the row says how many came
    ServerInvitation.objects.filter(address=user.email).update(address="")
    RefusedAddress.objects.filter(email=user.email).delete()
    OutgoingMail.objects.filter(address=user.email).delete()
    user.groups.clear()
    user.user_permissions.clear()
    user.email = user.time_zone = user.first_name = user.last_name = user.display_name = ""
    user.picture = ""
    user.status = user.status_emoji = user.availability = ""
    user.status_until, user.preferences = None, {}
    user.username, user.date_joined, user.last_login = neutral, LONG_AGO, None
    user.is_active = user.vouched = False
    apply_role(user, ServerRole.MEMBER)
    user.set_unusable_password()
    user.save()  # access_revocation.py then closes their sockets


def delete_session_batch(user_id: int, after: str) -> str | None:
    """Delete the sessions of this user among the next BATCH_SIZE of all sessions.

    Returns the last key seen, to continue after; None at the end. Nobody can use these sessions any more: their user is
    inactive.
    """
    sessions = get_sessions_after(after)
    for session in sessions:
        if session_owner_id(session) == user_id:
            session.delete()
    return sessions[-1].session_key if sessions else None


def _unused_placeholder_name(user: User) -> str:
    name = f"{reserved_names.PLACEHOLDER_NAME}-{user.pk}"
    while (
        User.objects.filter(username__iexact=name).exclude(pk=user.pk).exists()
    ):  # from before these names were reserved
        name += "-0"
    return name


def _rename_in_admin_log(texts: list[str], neutral: str) -> None:
    """Replace a name in the admin's log, which keeps descriptions of rows such as "script (alice)"."""
    whole = re.compile(rf"(?<![\w.@-])(?:{'|'.join(map(re.escape, texts))})(?![\w@-]|\.\w)", re.IGNORECASE)
    for text in texts:
        for entry in LogEntry.objects.filter(Q(object_repr__icontains=text) | Q(change_message__icontains=text)):
            entry.object_repr = whole.sub(neutral, entry.object_repr)[:200]
            entry.change_message = whole.sub(neutral, entry.change_message)
            entry.save(update_fields=["object_repr", "change_message"])
