"""Writes down changes of accounts, of the ways to sign in and of tokens: wherever in the program they are made.

Only what `QuerySet.update` does is not noticed; nothing changes these fields so.
"""

from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.dispatch import receiver

from audit.recording import current_actor, record

from ..models import Token, User
from ..roles import ServerRole

_ROLE = ("server_role", "is_staff", "is_superuser")
_OTHERS = ("username", "display_name", "status", "vouched")  # of which it is told when somebody else changes them
_TRACKED = ("is_active", "email", *_ROLE, *_OTHERS)


@receiver(pre_save, sender=User)
def _remember(instance: User, update_fields: Any = None, **kwargs: Any) -> None:
    instance._tracked = None
    tracked = set(_TRACKED) if update_fields is None else set(_TRACKED) & set(update_fields)
    if instance.pk and tracked:
        instance._tracked = User.objects.filter(pk=instance.pk).values(*tracked).first()


@receiver(post_save, sender=User)
def _account_saved(instance: User, created: bool, **kwargs: Any) -> None:
    by_others = current_actor() not in (None, instance.pk) and not instance.is_bot
    if created:
        if by_others:
            _record("account.made", instance.pk)
        if instance.role != ServerRole.MEMBER and not instance.is_bot:
            _record("account.role_changed", instance.pk, role=instance.role)
        return
    # Django sets it with a new password, and not when it hashes the old one anew.
    if instance._password is not None:  # type: ignore[attr-defined]
        _record("account.password_changed", instance.pk)
    changed = {name for name, before in (instance._tracked or {}).items() if getattr(instance, name) != before}
    if "is_active" in changed:
        _record("account.reactivated" if instance.is_active else "account.deactivated", instance.pk)
    if "email" in changed:
        _record("account.email_changed", instance.pk)
    if changed & set(_ROLE):
        _record("account.role_changed", instance.pk, role=instance.role)
    if by_others and (others := sorted(changed & set(_OTHERS))):
        _record("account.changed", instance.pk, fields=", ".join(others))


@receiver(m2m_changed, sender=User.groups.through)
@receiver(m2m_changed, sender=User.user_permissions.through)
def _permissions_changed(instance: Any, action: str, sender: type, pk_set: Any = None, **kwargs: Any) -> None:
    if isinstance(instance, User) and (action == "post_clear" or (action.startswith("post_") and pk_set)):
        _record("account.changed", instance.pk, fields="groups" if sender is User.groups.through else "permissions")


@receiver(post_save, sender=Authenticator)
def _authenticator_saved(instance: Authenticator, created: bool, **kwargs: Any) -> None:
    if created and instance.type == Authenticator.Type.RECOVERY_CODES:
        _record("account.codes_made", instance.user_id)
    elif created:
        _record("account.second_factor_added", instance.user_id, kind=instance.type)


@receiver(post_delete, sender=Authenticator)
def _authenticator_deleted(instance: Authenticator, origin: Any = None, **kwargs: Any) -> None:
    if instance.type != Authenticator.Type.RECOVERY_CODES and not _is_erased(origin):
        _record("account.second_factor_removed", instance.user_id, kind=instance.type)


@receiver(post_save, sender=SocialAccount)
def _issuer_connected(instance: SocialAccount, created: bool, **kwargs: Any) -> None:
    if created:
        _record("account.issuer_connected", instance.user_id, issuer=urlsplit(instance.provider).hostname or "")


@receiver(post_delete, sender=SocialAccount)
def _issuer_disconnected(instance: SocialAccount, origin: Any = None, **kwargs: Any) -> None:
    if not _is_erased(origin):
        _record("account.issuer_disconnected", instance.user_id, issuer=urlsplit(instance.provider).hostname or "")


@receiver(post_save, sender=Token)
def _token_saved(instance: Token, created: bool, **kwargs: Any) -> None:
    if created:
        _record("account.token_made", instance.user_id, token=instance.prefix)


@receiver(post_delete, sender=Token)
def _token_deleted(instance: Token, origin: Any = None, **kwargs: Any) -> None:
    if not instance.has_expired and not _is_erased(origin):
        _record("account.token_revoked", instance.user_id, token=instance.prefix)


def _record(act: str, person: int, **params: Any) -> None:
    with transaction.atomic():  # a program may save outside one
        record(act, actor=current_actor(default=person), person=person, **params)


def _is_erased(origin: Any) -> bool:
    """Whether something is deleted since its account is. origin: what Django was asked to delete."""
    return isinstance(origin, User) or getattr(origin, "model", None) is User
