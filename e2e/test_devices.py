"""Signing out in another browser: its page says so at once."""

from playwright.sync_api import expect

from .person import PASSWORD


def test_signing_out_there_ends_an_open_page(person, browser, stack, room):
    here = person("everywhere").open(f"/chat/{room}/")
    there = browser.new_context(base_url=stack.base_url, service_workers="block")
    page = there.new_page()
    page.goto("/accounts/login/")
    page.fill("[name=login]", "everywhere")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/chat/**")
    page.goto(f"/chat/{room}/")
    expect(page.locator("#composer-text")).to_be_visible()
    here.page.goto("/accounts/devices/")
    rows = here.page.locator(".signed-in li")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("this one")
    rows.nth(1).get_by_role("button", name="Sign out there").click()
    expect(here.page.locator(".notice-box[role=status]")).to_contain_text("Signed out there.")
    expect(rows).to_have_count(1)
    sign_in = page.locator("#banner").get_by_role("link", name="Sign in", exact=True)
    expect(sign_in).to_be_visible()  # to sign in again: its socket was closed
    page.goto("/chat/")
    page.wait_for_url("**/accounts/login/**")
    there.close()
