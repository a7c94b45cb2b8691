"""Pages that one comes to by a password or a code: of the second factor, and of a password that was forgotten."""

import re
import time
from urllib.parse import urlsplit

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

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


def test_replacing_a_token(person):
    rita = person("rita", **GERMAN, viewport={"width": 390, "height": 844})
    page = rita.page
    page.goto("/accounts/tokens/")
    page.fill("[name=name]", "Sicherung")
    with page.expect_navigation():
        page.locator("[name=name]").press("Enter")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.locator("#secret").wait_for()
    look_at(rita, "a token was made")
    old = page.input_value("#secret")
    page.goto("/accounts/tokens/")
    look_at(rita, "the list of tokens")
    with page.expect_navigation():
        page.locator(".row-actions a").click()
    look_at(rita, "replacing a token")
    with page.expect_navigation():
        page.locator("form.short button[type=submit]").click()
    expect(page.locator("#secret")).to_have_value(re.compile(r"rt_\w{42}"))
    assert page.input_value("#secret") != old
    expect(page.locator(".rows li")).to_have_count(2)  # the old one works for a day
    look_at(rita, "a token was replaced")


def _code(key: str) -> str:
    """What an app shows now."""
    return format_hotp_value(hotp_value(key, int(time.time()) // 30))
