"""The forms of the second factor: allauth's, in our words."""

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django.utils.translation import gettext_lazy as _

from .forms import OurWords


class _Code(OurWords):
    labels = {"code": _("One-time code")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autofocus": True}


class CodeForm(_Code, mfa.AuthenticateForm):
    helps = {"code": _("From the app on your telephone, or one of your codes for an emergency.")}


class CodeAgainForm(_Code, mfa.ReauthenticateForm):
    helps = CodeForm.helps


class FirstCodeForm(_Code, totp.ActivateTOTPForm):
    helps = {"code": _("The six digits that the app shows now.")}


class PasswordForm(OurWords, account.ReauthenticateForm):
    labels = {"password": _("Password")}
