"""When a right to be signed in ends: sign-out, password change, deactivation, a revoked token.

Whoever keeps connections open listens to `access_ended` and closes them. What changes rows behind these signals
(`QuerySet.update`, SQL, a session that merely runs out) is found by the regular recheck with
accounts/security/authentication.py.
"""

from allauth.mfa.signals import authenticator_added
from django.contrib.sessions.models import Session
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import Signal, receiver
from django.http import HttpRequest
from django.utils import timezone

from ..models import Token, User
from .authentication import session_digest, user_id_of
from .session_store import SessionStore

# user_id; digest: of the one session (authentication.session_digest) or token (Token.digest) that ended, None for all
# of them. Sent inside the transaction of the change.
access_ended = Signal()


@receiver(post_delete, sender=Session)
def _session_deleted(instance: Session, **kwargs):
    """Every sign-out deletes the session's row; so does a password change that gives the session a new key."""
    user_id = user_id_of(SessionStore().decode(instance.session_data))
    if user_id and instance.expire_date > timezone.now():
        access_ended.send(Session, user_id=user_id, digest=session_digest(instance.session_key))


@receiver(post_delete, sender=Token)
def _token_revoked(instance: Token, **kwargs):
    access_ended.send(Token, user_id=instance.user_id, digest=instance.digest)


@receiver(post_delete, sender=User)
def _user_deleted(instance: User, **kwargs):
    access_ended.send(User, user_id=instance.pk, digest=None)


@receiver(pre_save, sender=User)
def _remember_what_was(instance: User, update_fields=None, **kwargs):
    instance._was = None
    if instance.pk and (update_fields is None or {"password", "is_active"} & set(update_fields)):
        instance._was = User.objects.filter(pk=instance.pk).values_list("password", "is_active").first()


@receiver(post_save, sender=User)
def _password_or_activity_changed(instance: User, **kwargs):
    password, active = instance._was or (None, False)
    if active and (password != instance.password or not instance.is_active):
        access_ended.send(User, user_id=instance.pk, digest=None)


@receiver(authenticator_added)
def _second_factor_added(request: HttpRequest, user: User, **kwargs):
    """Tokens go on working beside it, unless their owner asked for the opposite in the form."""
    if request.method == "POST" and request.POST.get("revoke"):
        user.tokens.all().delete()
