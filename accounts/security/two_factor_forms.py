"""The forms of the second factor: allauth's, in our words."""

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django.utils.translation import gettext_lazy as _

from ..forms import OurWords, RevokesTokens
from ..models import User
from . import two_factor_codes
from .guess_limits import TooManyAttempts, begin_code


class _Code(OurWords):
    labels = {"code": _("One-time code")}
    user: User

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autofocus": True}

    def clean_code(self) -> str:
        """allauth checks it; here it is counted, and taken once."""
        try:
            usage = begin_code(context.request, self.user)
        except TooManyAttempts:
            raise get_adapter().validation_error("too_many_login_attempts") from None
        code = super().clean_code()  # type: ignore[misc]  # of the form that this is mixed into
        if not two_factor_codes.first_use(self.user, code):
            raise get_adapter().validation_error("incorrect_code")
        usage.rollback()
        return code


class CodeForm(_Code, mfa.AuthenticateForm):
    helps = {"code": _("From your authenticator app, or one of your recovery codes.")}


class CodeAgainForm(_Code, mfa.ReauthenticateForm):
    helps = CodeForm.helps


class FirstCodeForm(RevokesTokens, _Code, totp.ActivateTOTPForm):
    helps = {"code": _("The six-digit code shown in the app.")}


class PasswordForm(OurWords, account.ReauthenticateForm):
    labels = {"password": _("Password")}
