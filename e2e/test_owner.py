"""The first start: the link that serve prints makes whoever opens it the owner, once."""

import re

from playwright.sync_api import expect

from .conftest import ARTIFACTS
from .person import PASSWORD


def test_the_printed_link_makes_one_owner(make_stack, browser):
    stack = make_stack(OPEN_SIGNUP="no")
    link = re.search(r"To become its owner, open (http://127\.0\.0\.1:\d+/setup/[\w-]{43}/)", stack.log)[1]
    page = browser.new_context(base_url=stack.base_url).new_page()
    page.goto(link)
    page.get_by_label("User name").fill("olga")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Repeat password").fill(PASSWORD)
    page.get_by_role("button", name="Create account and own this server").click()
    expect(page.locator(".side-me")).to_contain_text("olga")
    expect(page.get_by_role("heading", name="Set up this server")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Only people who are invited.")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        page.screenshot(path=ARTIFACTS / f"setup-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("link", name="Create an invitation").click()
    expect(page.get_by_role("heading", name="New invitation")).to_be_visible()
    page.goto("/admin/accounts/user/")
    expect(page.locator("#result_list")).to_contain_text("Owner")
    other = browser.new_context(base_url=stack.base_url).new_page()
    other.goto(link)
    expect(other.get_by_role("heading", name="This link does not work")).to_be_visible()
    assert stack.stop() == 0
    before = len(stack.log)
    stack.start()
    assert "To become its owner" not in stack.log[before:]
