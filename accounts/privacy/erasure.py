"""What an account itself holds about its owner, erased. The row stays without anything that says whose it was: messages
and direct conversations need an author."""

import re
from datetime import UTC, datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.db.models import Model, Q

from ..models import Token, User
from . import reserved_names
from .personal_data import owner_of, sessions_after

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)  # as if joined then


def is_only_administrator(user: User) -> bool:
    """Whether nobody else could administer this server. In a transaction: administrators stay locked until its end."""
    administrators = User.objects.select_for_update().filter(is_superuser=True, is_active=True).order_by("pk")
    return {each.pk for each in administrators} == {user.pk}


def anonymize(user: User) -> None:
    """Sign a person out everywhere, for good, and leave a row that names nobody. Their name stays reserved."""
    name, neutral = user.username, _neutral_name(user)
    _rename_in_log([text for text in (name, user.email) if text], neutral)
    reserved_names.reserve(name)
    owned: tuple[type[Model], ...] = (Token, EmailAddress, Authenticator)
    for model in owned:
        model._default_manager.filter(user=user).delete()
    user.groups.clear()
    user.user_permissions.clear()
    user.email = user.status = user.first_name = user.last_name = ""
    user.username, user.date_joined, user.last_login = neutral, LONG_AGO, None
    user.is_active = user.is_staff = user.is_superuser = user.vouched = False
    user.set_unusable_password()
    user.save()  # access_revocation.py hears of it, and sockets close


def delete_sessions(user_id: int, after: str) -> str | None:
    """Delete this person's among the next sessions; returns how far that went, None at the end. They sign nobody in."""
    sessions = sessions_after(after)
    for session in sessions:
        if owner_of(session) == user_id:
            session.delete()
    return sessions[-1].session_key if sessions else None


def _neutral_name(user: User) -> str:
    name = f"{reserved_names.NEUTRAL}-{user.pk}"
    while User.objects.filter(username__iexact=name).exclude(pk=user.pk).exists():  # from before such names were kept
        name += "-0"
    return name


def _rename_in_log(texts: list[str], neutral: str) -> None:
    """In the administrators' log, where rows are named as they were then: "script (alice)"."""
    whole = re.compile(rf"(?<![\w.@-])(?:{'|'.join(map(re.escape, texts))})(?![\w@-]|\.\w)", re.IGNORECASE)
    for text in texts:
        for entry in LogEntry.objects.filter(Q(object_repr__icontains=text) | Q(change_message__icontains=text)):
            entry.object_repr = whole.sub(neutral, entry.object_repr)[:200]
            entry.change_message = whole.sub(neutral, entry.change_message)
            entry.save(update_fields=["object_repr", "change_message"])
