"""Roundtable's policies for allauth: sign-up, user names, rate limits, links and mail."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.ratelimit import respond_429
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from site_settings import current

from .issuers import policy
from .mail import sending
from .mail.links import absolute_url, site_host
from .mail.security_notices import in_language_of, send_security_notice, site_context
from .models import User
from .reserved_names import is_reserved_for_erased, taking
from .security import issuer_confirmation
from .security.client_addresses import request_address_block
from .security.guess_limits import TooManyAttempts, count_password_attempt
from .usernames import is_reserved

# Whoever signs up is not kept from that, and not told that the account exists.
_OF_SIGN_UP = ("account_already_exists", "email_confirmation_signup")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_taken": _("This name is taken. Choose another one."),
        "username_blacklisted": _("This name is reserved. Choose another one."),
        "username_password_mismatch": _("Wrong user name or password. Try again."),
        "too_many_login_attempts": _("Too many failed attempts. Wait five minutes, then try again."),
        "enter_current_password": _("Wrong password."),
        "incorrect_password": _("Wrong password."),
    }

    def is_open_for_signup(self, request) -> bool:
        return current.flag("OPEN_SIGNUP") and not policy.is_only()

    def pre_login(
        self, request: HttpRequest, user: User, *, signal_kwargs: dict | None, **kwargs
    ) -> HttpResponse | None:
        """Where people sign in by an issuer only, whatever else proves who they are does not let them in."""
        by_issuer = "sociallogin" in (signal_kwargs or {})
        if not by_issuer and user.is_active and not policy.may_use_password(user):
            return render(request, "sso/only.html", status=403)
        return super().pre_login(request, user, signal_kwargs=signal_kwargs, **kwargs)

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        return super().is_reauthentication_required(app=app, **kwargs) and not issuer_confirmation.is_recent(
            self.request
        )

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict]:
        """allauth's, and by an issuer for those who have nothing else."""
        found = super().get_reauthentication_methods(user)
        if not found and user.is_authenticated and SocialAccount.objects.filter(user=user).exists():
            return [{"id": "sso", "description": "", "url": reverse("sso_confirm")}]
        return found

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """Reject reserved names and the names of bots, including that of the default bot before it exists."""
        bots = {settings.BOT_NAME, *User.objects.filter(is_bot=True).values_list("username", flat=True)}
        if is_reserved(username, bots):
            raise self.validation_error("username_blacklisted")
        if is_reserved_for_erased(username):
            raise self.validation_error("username_taken")
        return super().clean_username(username, shallow)

    def save_user(self, request, user: User, form, commit: bool = True) -> User:
        """The first page that a new account sees welcomes it.

        Raises IntegrityError when the name was taken or reserved since it was checked (see `SignupForm.try_save`).
        """
        user.preferences = {"welcome": True}
        with taking(form.cleaned_data["username"]):
            return super().save_user(request, user, form, commit)

    def get_login_stages(self) -> list[str]:
        """allauth's stages, with ours in place of two."""
        replacements = {
            "allauth.mfa.stages.AuthenticateStage": "accounts.security.two_factor_codes.CodeStage",
            "allauth.account.stages.EmailVerificationStage": "accounts.mail.confirmation.ConfirmationStage",
        }
        return [replacements.get(stage, stage) for stage in super().get_login_stages()]

    # Nothing below trusts the Host or X-Forwarded-Host header of a request.

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address block, which rate limits count as one client."""
        return request_address_block(request)

    def pre_authenticate(self, request: HttpRequest, **credentials) -> None:
        """Count an attempt before the password is checked. allauth takes it back when the password is right."""
        name, code = credentials.get("username", ""), credentials.get("code", "")
        try:
            self._login_failed_rl_usage = count_password_attempt(request, name, code)
        except TooManyAttempts as error:
            if error.by_block:
                raise ImmediateHttpResponse(respond_429(request)) from None
            raise self.validation_error("too_many_login_attempts") from None

    def is_safe_url(self, url: str) -> bool:
        """Whether `next` may lead there: to a path of this site or to its configured origin."""
        return url_has_allowed_host_and_scheme(url, {site_host()}, require_https=settings.HTTPS)

    def format_email_subject(self, subject: str) -> str:
        return sending.subject_prefix() + subject

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Send a mail in which every link begins with SITE_URL. Raises sending.MailNotSent where that may be told."""
        links = {name: absolute_url(value) for name, value in context.items() if name.endswith("_url")}
        values = {"request": allauth_context.request, "email": email} | site_context() | context | links
        with in_language_of(context.get("user")):
            mail = self.render_mail(template_prefix, email, values)
        kind = template_prefix.rpartition("/")[2]
        sending.queue(mail, kind, context.get("user"), asked_for=True, told=kind not in _OF_SIGN_UP)

    def send_notification_mail(self, template_prefix, user, context=None, email=None) -> None:
        send_security_notice(self.request, user, template_prefix, email, **(context or {}))
