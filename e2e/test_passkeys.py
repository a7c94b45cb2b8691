"""Passkeys in a browser with a virtual authenticator: adding, signing in, the second factor, a removed key."""

import pytest
from playwright.sync_api import expect

from .page_audit import AXE
from .person import PASSWORD, Person

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}

NO_OFFERS = "globalThis.PublicKeyCredential.isConditionalMediationAvailable = async () => false"


@pytest.fixture
def named_stack(make_stack):
    """Browsers make no passkeys for the number of an address."""
    stack = make_stack(HOST="localhost")
    stack.base_url = stack.base_url.replace("127.0.0.1", "localhost")
    return stack


@pytest.fixture
def key(named_stack, browser):
    one = Person("key-holder", named_stack, browser)
    one.add_init_script(AXE)
    one.sign_up()
    devtools = one.context.new_cdp_session(one.page)
    devtools.send("WebAuthn.enable")
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    yield one, devtools, made["authenticatorId"]
    one.context.close()


def ask(page) -> None:
    """Press the one button that asks for a passkey; what follows is a new page."""
    with page.expect_navigation():
        page.locator("[data-asks]").click()


def test_a_passkey_from_making_to_removing(key):
    one, devtools, authenticator = key
    page = one.page
    page.goto("/accounts/2fa/webauthn/add/")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/webauthn/add/")
    page.fill("[name=name]", "Blue laptop")
    ask(page)
    expect(page.locator(".codes li")).to_have_count(10)
    page.goto("/accounts/2fa/")
    expect(page.locator(".rows li")).to_contain_text("Blue laptop")

    one.context.clear_cookies()
    page.goto("/accounts/login/")
    page.wait_for_url("**/chat/**")  # the browser offered it by itself, and the authenticator took it
    one.add_init_script(NO_OFFERS)

    one.context.clear_cookies()
    page.goto("/accounts/login/")
    ask(page)
    page.wait_for_url("**/chat/**")

    one.context.clear_cookies()
    page.goto("/accounts/login/")
    page.fill("[name=login]", "key-holder")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/2fa/authenticate/")
    ask(page)
    page.wait_for_url("**/chat/**")

    # Nobody is verified: it signs in no more, and the page says so.
    one.context.clear_cookies()
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    page.goto("/accounts/login/")
    page.locator("[data-asks]").click()
    expect(page.locator("[data-passkey] [role=status]")).to_contain_text("gave no passkey")
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": True})
    ask(page)
    page.wait_for_url("**/chat/**")

    page.goto("/accounts/2fa/")
    page.locator(".rows li", has_text="Blue laptop").get_by_role("link", name="Remove").click()
    page.wait_for_url("**/reauthenticate/**")
    page.goto("/accounts/2fa/webauthn/reauthenticate/?next=/accounts/2fa/")
    ask(page)
    expect(page.get_by_role("heading", name="Passkeys and codes")).to_be_visible()
    page.locator(".rows li", has_text="Blue laptop").get_by_role("link", name="Remove").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Remove").click()
    expect(page.locator(".notice-box").first).to_contain_text("The passkey was removed.")

    one.context.clear_cookies()
    page.goto("/accounts/login/")
    ask(page)
    expect(page.locator(".notice-box.error")).to_contain_text("This passkey was not accepted.")
