"""allauth's decisions that are ours to make."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_taken": _("This name is taken. Choose another one."),
        "username_blacklisted": _("This name is kept for the program. Choose another one."),
        "username_password_mismatch": _("This name and password do not belong together. Try again."),
        "too_many_login_attempts": _("Too many tries that failed. Wait five minutes, then try again."),
        "enter_current_password": _("This is not your password."),
        "incorrect_password": _("This is not your password."),
    }

    def is_open_for_signup(self, request) -> bool:
        return settings.OPEN_SIGNUP

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """Nobody takes the bot's name, also where the bot has not been made yet."""
        if username.lower() == settings.BOT_NAME:
            raise self.validation_error("username_blacklisted")
        return super().clean_username(username, shallow)
