"""Sends `access_ended` when access ends: sign-out, password change, deactivation, a revoked token.

Code that keeps connections open receives the signal and closes them. Changes that send no Django signal
(`QuerySet.update`, SQL, a session that expires) are found by the periodic recheck, which uses
accounts/security/authentication.py.
"""

from allauth.mfa.signals import authenticator_added
from django.contrib.sessions.models import Session
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import Signal, receiver
from django.http import HttpRequest
from django.utils import timezone

from ..models import IssuerSession, SignedInSession, Token, User
from . import sessions
from .authentication import session_digest, session_user_id
from .session_store import SessionStore

# Sent with user_id and digest, inside the transaction of the change. digest: authentication.session_digest of the
# session or Token.digest of the token that ended; None: all of that user's.
access_ended = Signal()


@receiver(post_delete, sender=Session)
def _session_deleted(instance: Session, **kwargs):
    """Signing out deletes the session's row; so does a password change, which gives the session a new key."""
    user_id = session_user_id(SessionStore().decode(instance.session_data))
    if user_id:
        SignedInSession.objects.filter(session_key=instance.session_key).delete()
        IssuerSession.objects.filter(session_key=instance.session_key).delete()
    if user_id and instance.expire_date > timezone.now():
        access_ended.send(Session, user_id=user_id, digest=session_digest(instance.session_key))


@receiver(post_delete, sender=Token)
def _token_revoked(instance: Token, **kwargs):
    access_ended.send(Token, user_id=instance.user_id, digest=instance.digest)


@receiver(post_delete, sender=User)
def _user_deleted(instance: User, **kwargs):
    access_ended.send(User, user_id=instance.pk, digest=None)


@receiver(pre_save, sender=User)
def _remember_previous_values(instance: User, update_fields=None, **kwargs):
    instance._previous = None
    if instance.pk and (update_fields is None or {"password", "is_active"} & set(update_fields)):
        instance._previous = User.objects.filter(pk=instance.pk).values_list("password", "is_active").first()


@receiver(post_save, sender=User)
def _password_or_is_active_changed(instance: User, **kwargs):
    password, active = instance._previous or (None, False)
    if active and (password != instance.password or not instance.is_active):
        access_ended.send(User, user_id=instance.pk, digest=None)
    if active and not instance.is_active:
        sessions.end_others(instance, None)  # or they would be signed in again when the account is active again


@receiver(authenticator_added)
def _second_factor_added(request: HttpRequest, user: User, **kwargs):
    """Tokens keep working with a second factor, unless the user ticked the box that revokes them."""
    if request.method == "POST" and request.POST.get("revoke"):
        user.tokens.all().delete()
