"""Forms of the account pages: allauth's with our labels and help texts, and the form of the profile."""

from allauth.account import forms as allauth
from allauth.core.exceptions import ImmediateHttpResponse
from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from site_settings import current

from .display_names import check_display_name
from .fields import NameField
from .issuers import policy
from .mail.sending import MailNotSent
from .models import User

PASSWORD_HELP = _("At least 8 characters, and not a common password.")
MAIL_NOT_SENT = _("The e-mail could not be sent. Try again later, or ask the administrator of this server.")
EMAIL_HELP = _("For a forgotten password, notices about your account, and what you missed. Nobody else sees it.")


class LabelsMixin:
    """Replaces labels and help texts, and removes placeholders, which only repeat the label."""

    labels: dict = {}
    help_texts: dict = {}
    fields: dict[str, forms.Field]  # from the form that uses this mixin

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, bound in self.fields.items():
            bound.widget.attrs.pop("placeholder", None)
            bound.label = self.labels.get(name, bound.label)
            bound.help_text = self.help_texts.get(name, "")


class LoginForm(LabelsMixin, allauth.LoginForm):
    labels = {"login": _("User name"), "password": _("Password")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Browsers offer passkeys there as well (static/js/passkeys.js).
        attributes = {"autocapitalize": "none", "autocomplete": "username webauthn", "autofocus": True}
        self.fields["login"].widget.attrs |= attributes
        self.fields["code"] = forms.CharField(
            label=_("One-time code"),
            required=False,
            max_length=32,
            widget=forms.HiddenInput,
        )
        self.can_sign_up = current.flag("OPEN_SIGNUP") and not policy.is_only()
        self.can_reset = bool(settings.EMAIL_HOST) and not policy.is_only()

    def user_credentials(self) -> dict:
        code = self.cleaned_data.get("code", "").strip()
        self.request.submitted_code = code  # then CodeStage (security/two_factor_codes.py) does not ask for it
        return super().user_credentials() | ({"code": code} if code else {})

    def clean(self):
        """After too many passwords for one account, a one-time code lets its owner in nevertheless."""
        try:
            return super().clean()
        except forms.ValidationError as error:
            if error.code == "too_many_login_attempts":
                self._offer_code()
            raise

    def _offer_code(self) -> None:
        """Show the field for a code: with one, the owner can sign in although others have failed too often.

        Everybody sees it, so it reveals nothing about the account."""
        code = self.fields["code"]
        code.widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"})
        code.help_text = _("With two-factor authentication you need not wait: enter a code, and your password again.")


class SignupForm(LabelsMixin, allauth.SignupForm):
    labels = {
        "username": _("User name"),
        "email": _("E-mail (optional)"),
        "password1": _("Password"),
        "password2": _("Repeat password"),
    }
    help_texts = {
        "username": _("Others see and mention you by this name. Use letters, digits, “_”, “.” and “-”."),
        "email": EMAIL_HELP,
        "password1": PASSWORD_HELP,
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if settings.EMAIL_HOST and settings.SIGNUP_CONFIRMATION == "required":
            self.fields["email"].required = True
            self.fields["email"].label = _("E-mail")
        # Most of what is wrong with a name is said before it is sent: then the passwords would have to be typed again.
        rule = {"pattern": r"[^\s@]+", "title": _("Use letters, digits, “_”, “.” and “-”.")}
        self.fields["username"].widget.attrs |= {"autocapitalize": "none", "autofocus": True} | rule

    def try_save(self, request):
        """allauth's, for two requests with the same name at once: the second is sent to the sign-in."""
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:  # the name was taken after the check, perhaps because the button was pressed twice
            messages.error(request, _("This name has just been taken. If that was you, sign in."))
            return None, redirect("account_login")


class RevokeTokensMixin:
    """Adds a checkbox that also revokes the tokens of `self.user`, if they have any.

    The form calls `revoke_tokens()` when it has saved everything else.
    """

    fields: dict[str, forms.Field]  # these three are from the form that uses this mixin
    cleaned_data: dict
    user: User

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.user and (count := self.user.tokens.unexpired().count()):
            self.fields["revoke"] = forms.BooleanField(
                required=False,
                label=ngettext("Also revoke my token", "Also revoke all %(count)d of my tokens", count)
                % {"count": count},
            )
            self.fields["revoke"].help_text = _("Scripts that use them will need new ones.")

    def revoke_tokens(self) -> None:
        """Delete all tokens of the person, if they ticked the box."""
        if self.cleaned_data.get("revoke"):
            self.user.tokens.all().delete()


class ChangePasswordForm(RevokeTokensMixin, LabelsMixin, allauth.ChangePasswordForm):
    labels = {
        "oldpassword": _("Current password"),
        "password1": _("New password"),
        "password2": _("Repeat new password"),
    }
    help_texts = {"password1": PASSWORD_HELP}

    def save(self) -> None:
        super().save()
        self.revoke_tokens()


class SetPasswordForm(LabelsMixin, allauth.SetPasswordForm):
    labels = {"password1": _("New password"), "password2": _("Repeat new password")}
    help_texts = {"password1": PASSWORD_HELP}


class ResetPasswordForm(LabelsMixin, allauth.ResetPasswordForm):
    labels = {"email": _("E-mail")}

    def save(self, request, **kwargs) -> str:
        """A mail is also sent to unknown addresses, so a failure does not reveal whether an account exists."""
        try:
            return super().save(request, **kwargs)
        except MailNotSent:
            self.add_error(None, MAIL_NOT_SENT)
            page = render(request, "account/password_reset.html", {"form": self}, status=503)
            raise ImmediateHttpResponse(page) from None


class ResetPasswordKeyForm(RevokeTokensMixin, LabelsMixin, allauth.ResetPasswordKeyForm):
    labels = {"password1": _("New password"), "password2": _("Repeat new password")}
    help_texts = {"password1": PASSWORD_HELP}

    def save(self) -> None:
        super().save()
        self.revoke_tokens()


class ProfileForm(forms.ModelForm):
    """What somebody is called, and their e-mail. What they say of themselves has a page of its own."""

    class Meta:
        model = User
        fields = ["display_name", "email"]
        field_classes = {"display_name": NameField}
        labels = {"email": _("E-mail")}
        help_texts = {
            "display_name": _("What others call you. They mention you by your user name."),
            "email": EMAIL_HELP,
        }

    def clean_display_name(self):
        return check_display_name(self.cleaned_data["display_name"], User.objects.get(pk=self.instance.pk))
