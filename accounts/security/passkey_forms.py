"""allauth's forms for passkeys: what browsers answer is bounded, from our origin alone, and refused in one sentence."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.webauthn import forms as webauthn
from allauth.mfa.webauthn.internal import auth
from django import forms
from django.utils.translation import gettext_lazy as _

from ..fields import NameField
from ..forms import LabelsMixin, RevokeTokensMixin
from . import passkeys
from .guess_limits import TooManyAttempts, count_code_attempt

MAX_ANSWER = 20_000  # characters; browsers send some 2,000
MAX_NAME = 60
NOT_ACCEPTED = _("This passkey was not accepted. Try again, or take another way.")
# What a library may raise about an answer that no browser would give.
_MALFORMED = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, AssertionError)


class CredentialField(forms.JSONField):
    """What a browser answers, as an object of JSON."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, required=True, error_messages={"required": NOT_ACCEPTED})

    def to_python(self, value: Any) -> Any:
        """The object. No database takes a NUL in it."""
        if isinstance(value, str) and (len(value) > MAX_ANSWER or "\0" in value or "\\u0000" in value):
            raise forms.ValidationError(NOT_ACCEPTED)
        try:
            found = super().to_python(value)
        except (forms.ValidationError, RecursionError):
            raise forms.ValidationError(NOT_ACCEPTED) from None
        if not isinstance(found, dict):
            raise forms.ValidationError(NOT_ACCEPTED)
        return found


@contextmanager
def _refusing() -> Iterator[None]:
    """Whatever is wrong with an answer, the person can only try again."""
    try:
        yield
    except forms.ValidationError as error:
        if getattr(error, "code", None) != "incorrect_code":
            raise
        raise forms.ValidationError(NOT_ACCEPTED) from None
    except _MALFORMED:
        raise forms.ValidationError(NOT_ACCEPTED) from None


def _check_origin(parse: Callable[[dict], Any], credential: dict) -> None:
    if parse(credential).response.client_data.origin != passkeys.origin():
        raise forms.ValidationError(NOT_ACCEPTED)


class AddPasskeyForm(RevokeTokensMixin, LabelsMixin, webauthn.AddWebAuthnForm):
    """Every key may sign in by itself where it can: there is no choice to make."""

    labels = {"name": _("Name")}
    help_texts = {"name": _("To tell your passkeys apart. Only you see it.")}
    passwordless = None
    name = NameField(max_length=MAX_NAME, required=False)
    credential = CredentialField()

    def clean(self) -> dict:
        """Checked by allauth, when it comes from our pages."""
        with _refusing():
            if credential := self.cleaned_data.get("credential"):
                _check_origin(auth.parse_registration_response, credential)
            return super().clean()


class EditPasskeyForm(LabelsMixin, webauthn.EditWebAuthnForm):
    """Another name for a key."""

    labels = {"name": _("Name")}
    name = NameField(max_length=MAX_NAME)


class _PasskeyForm(webauthn.AuthenticateWebAuthnForm):
    credential = CredentialField()

    def clean_credential(self):
        """The key that answered. Attempts after a password are counted like those with a code."""
        usage = None
        try:
            usage = count_code_attempt(context.request, self.user) if self.user else None
        except TooManyAttempts:
            raise get_adapter().validation_error("too_many_login_attempts") from None
        with _refusing():
            _check_origin(auth.parse_authentication_response, self.cleaned_data["credential"])
            authenticator = super().clean_credential()
        if usage:
            usage.rollback()
        return authenticator


class SignInPasskeyForm(_PasskeyForm, webauthn.LoginWebAuthnForm):
    """Instead of a password: the device must have checked who holds it."""


class SecondFactorPasskeyForm(_PasskeyForm):
    """After the password."""


class ConfirmPasskeyForm(_PasskeyForm, webauthn.ReauthenticateWebAuthnForm):
    """Before what matters for an account."""
