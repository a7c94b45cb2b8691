"""Calling a room: offered with how many hear it, marked, and in the inbox; what notifies one is a choice of three."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import ARTIFACTS

pytestmark = pytest.mark.parametrize("width", [390, 1280])


def test_a_room_is_called_and_followed(person, room, width):
    size = {"viewport": {"width": width, "height": 844}}
    alice, bob = person(f"alice-{room}").open(f"/chat/{room}/"), person(f"bob-{room}", **size).open(f"/chat/{room}/")
    bob.page.goto(f"/chat/{room}/about/")
    bob.page.get_by_role("button", name="Everything", exact=True).click()
    expect(bob.page.get_by_role("button", name="Everything", exact=True)).to_have_attribute("aria-pressed", "true")
    bob.page.screenshot(path=ARTIFACTS / f"level-{width}.png", full_page=True)
    bob.page.goto("/inbox/")
    alice.page.locator("#composer-text").press_sequentially("lunch, @ro")
    option = alice.page.get_by_role("option").filter(has_text="@room")
    expect(option).to_contain_text("notifies 1 person")
    alice.page.screenshot(path=ARTIFACTS / f"call-{width}.png")
    option.click()
    alice.page.keyboard.press("Enter")
    mention = alice.page.locator(".mention[data-user=room]")
    expect(mention).to_have_class(re.compile("me"))
    expect(mention).not_to_have_attribute("role", "button")
    alice.say("and a plain one")
    news = bob.page.locator("#inbox-news a")
    expect(news).to_be_visible()
    news.click()
    rows = bob.page.locator("#inbox-rows > li")
    expect(rows.filter(has_text="called the whole room")).to_have_count(1)
    expect(rows.filter(has_text="and a plain one")).to_have_count(1)
    bob.page.screenshot(path=ARTIFACTS / f"inbox-{width}.png", full_page=True)
    bob.page.goto("/settings/notifications/")
    bob.page.screenshot(path=ARTIFACTS / f"levels-{width}.png", full_page=True)
    with bob.page.expect_response("**/settings/notifications/") as saved:
        bob.page.get_by_label(f"What notifies you in {room}").select_option("nothing")
    assert saved.value.status == 204
    bob.page.goto("/groups/")
    expect(bob.page.get_by_role("heading", name="Groups")).to_be_visible()
