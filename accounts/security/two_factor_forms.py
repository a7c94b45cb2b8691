"""allauth's forms for two-factor authentication, with our labels and limits."""

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django.utils.translation import gettext_lazy as _

from ..forms import LabelsMixin, RevokeTokensMixin
from ..models import User
from . import two_factor_codes
from .guess_limits import TooManyAttempts, count_code_attempt


class _CodeFormMixin(LabelsMixin):
    labels = {"code": _("One-time code")}
    user: User

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autofocus": True}

    def clean_code(self) -> str:
        """Count the attempt, let allauth check the code, and accept each code only once."""
        try:
            usage = count_code_attempt(context.request, self.user)
        except TooManyAttempts:
            raise get_adapter().validation_error("too_many_login_attempts") from None
        code = super().clean_code()  # type: ignore[misc]  # from the form that uses this mixin
        if not two_factor_codes.mark_used(self.user, code):
            raise get_adapter().validation_error("incorrect_code")
        usage.rollback()
        return code


class CodeForm(_CodeFormMixin, mfa.AuthenticateForm):
    help_texts = {"code": _("From your authenticator app, or one of your recovery codes.")}


class ReauthenticateCodeForm(_CodeFormMixin, mfa.ReauthenticateForm):
    help_texts = CodeForm.help_texts


class ActivateForm(RevokeTokensMixin, _CodeFormMixin, totp.ActivateTOTPForm):
    help_texts = {"code": _("The six-digit code shown in the app.")}


class ReauthenticatePasswordForm(LabelsMixin, account.ReauthenticateForm):
    labels = {"password": _("Password")}
