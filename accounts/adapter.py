"""allauth's decisions that are ours to make."""

from contextlib import suppress

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.ratelimit import respond_429
from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from .mail import sending
from .mail.links import absolute_url, site_name
from .mail.security_notices import notify, site_context
from .models import User
from .privacy.reserved_names import is_reserved_for_erased
from .security.client_addresses import block_of_request
from .security.guess_limits import TooManyAttempts, begin_password
from .usernames import is_reserved


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
        return settings.OPEN_SIGNUP

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """Nobody takes a name that seems to speak for the server, or a bot's, also where that has not been made yet."""
        bots = {settings.BOT_NAME, *User.objects.filter(is_bot=True).values_list("username", flat=True)}
        if is_reserved(username, bots):
            raise self.validation_error("username_blacklisted")
        if is_reserved_for_erased(username):
            raise self.validation_error("username_taken")
        return super().clean_username(username, shallow)

    def get_login_stages(self) -> list[str]:
        ours = {"allauth.mfa.stages.AuthenticateStage": "accounts.security.two_factor_codes.CodeStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    # What a request says of itself, its Host and X-Forwarded-Host, decides nothing below.

    def get_client_ip(self, request: HttpRequest) -> str:
        """What rate limits count as one: the address block."""
        return block_of_request(request)

    def pre_authenticate(self, request: HttpRequest, **credentials) -> None:
        """Before a password is looked at: were there too many? allauth takes the count back when it is right."""
        name, code = credentials.get("username", ""), credentials.get("code", "")
        try:
            self._login_failed_rl_usage = begin_password(request, name, code)
        except TooManyAttempts as error:
            if error.by_block:
                raise ImmediateHttpResponse(respond_429(request)) from None
            raise self.validation_error("too_many_login_attempts") from None

    def is_safe_url(self, url: str) -> bool:
        """Where `next` may lead: to a path of this site, or to its configured address."""
        return url_has_allowed_host_and_scheme(url, {site_name()}, require_https=settings.HTTPS)

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Every link in a mail begins with SITE_URL. Raises sending.MailRefused."""
        links = {name: absolute_url(value) for name, value in context.items() if name.endswith("_url")}
        values = {"request": allauth_context.request, "email": email} | site_context() | context | links
        sending.send(self.render_mail(template_prefix, email, values))

    def send_account_already_exists_mail(self, email: str) -> None:
        with suppress(sending.MailRefused):  # whoever signs up must not learn from it that the account exists
            super().send_account_already_exists_mail(email)

    def send_notification_mail(self, template_prefix, user, context=None, email=None) -> None:
        notify(self.request, user, template_prefix, email, **(context or {}))
