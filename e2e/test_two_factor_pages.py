"""Pages that one comes to by a password or a code: of the second factor, and of a password that was forgotten."""

import time
from urllib.parse import urlsplit

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from .german_pages import GERMAN, enter, look_at
from .person import PASSWORD


def test_a_forgotten_password(person, stack):
    """By a link of an administrator: this server sends no mail."""
    one = person("forgetful", **GERMAN, viewport={"width": 390, "height": 844})
    one.context.clear_cookies()
    one.page.goto(urlsplit(stack.manage("resetlink", "forgetful")).path.strip())
    look_at(one, "a new password")
    one.page.fill("[name=password1]", PASSWORD + "!")
    one.page.fill("[name=password2]", PASSWORD + "!")
    one.page.press("[name=password2]", "Enter")
    one.page.wait_for_url("**/key/done/")
    look_at(one, "the new password is set")


def test_a_second_factor(person):
    hugo = person("hugo", **GERMAN, viewport={"width": 390, "height": 844})
    page = hugo.page
    page.goto("/accounts/2fa/")
    look_at(hugo, "the second factor")
    page.goto("/accounts/2fa/totp/activate/")  # asks who it is
    enter(hugo, "password", PASSWORD, "**/totp/activate/")
    look_at(hugo, "turning it on")
    key = page.input_value("#key")
    enter(hugo, "code", _code(key), "**/recovery-codes/")
    look_at(hugo, "codes for an emergency")
    emergency = page.locator(".codes li").all_inner_texts()
    for address in ("/accounts/2fa/recovery-codes/generate/", "/accounts/2fa/totp/deactivate/", "/accounts/2fa/"):
        page.goto(address)
        look_at(hugo, address)
    page.goto("/accounts/2fa/reauthenticate/")
    look_at(hugo, "who is it?")
    hugo.context.clear_cookies()
    page.goto("/accounts/login/")
    page.fill("[name=login]", "hugo")
    enter(hugo, "password", PASSWORD, "**/2fa/authenticate/")
    look_at(hugo, "a code to sign in")
    enter(hugo, "code", emergency[0], "**/chat/")


def _code(key: str) -> str:
    """What an app shows now."""
    return format_hotp_value(hotp_value(key, int(time.time()) // 30))
