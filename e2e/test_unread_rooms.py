"""From unread room to unread room by keys, all read at once and back, the page of what is unread, and drafts."""

import pytest
from playwright.sync_api import expect

from .conftest import ARTIFACTS
from .page_audit import barriers, sticking_out
from .person import Person

SEED = """
from accounts.models import User
from rooms.services import membership, messages
alice, bob = (User.objects.get(username=name) for name in ("alice", "bob"))
for name in ("{room}-a", "{room}-b", "{room}-c", "{room}-d"):
    for person in (alice, bob):
        membership.get_or_create_and_join(person, name)
for name in ("{room}-b", "{room}-d"):
    for number in range(5):
        messages.post(alice, name, f"Message {{number}} in {{name}} for @bob")
"""


@pytest.fixture
def bob(person, stack, room, size):
    person("alice")
    one = person("bob", **size, has_touch=size["viewport"]["width"] < 900)
    stack.run(SEED.format(room=room))
    return one


def unread_at_the_side(one: Person):
    return one.page.locator("#side li[data-room].unread")


@pytest.mark.parametrize("size", [{"viewport": {"width": 1280, "height": 800}}])
def test_keys_lead_through_unread_rooms_and_read_all(bob, room):
    page = bob.open(f"/chat/{room}-a/").page
    expect(unread_at_the_side(bob)).to_have_count(2)
    page.keyboard.press("Alt+Shift+ArrowDown")
    expect(page).to_have_url(f"{bob.stack.base_url}/chat/{room}-b/")
    bob.is_live()
    page.keyboard.press("Alt+Shift+ArrowDown")
    expect(page).to_have_url(f"{bob.stack.base_url}/chat/{room}-d/")
    bob.is_live()
    page.keyboard.press("Alt+ArrowUp")
    expect(page).to_have_url(f"{bob.stack.base_url}/chat/{room}-c/")


@pytest.mark.parametrize("size", [{"viewport": {"width": 1280, "height": 800}}])
def test_all_is_read_by_a_key_and_put_back_in_other_tabs_too(bob, room):
    page = bob.open(f"/chat/{room}-a/").page
    other = bob.another_tab(f"/chat/{room}-c/")
    elsewhere = other.locator("#side li[data-room].unread")
    expect(elsewhere).to_have_count(2)
    page.bring_to_front()
    page.keyboard.press("Shift+Escape")
    expect(unread_at_the_side(bob)).to_have_count(0)
    expect(elsewhere).to_have_count(0)
    expect(page.locator("#side-said")).to_contain_text("2 rooms marked as read.")
    page.locator("#side-said button").click()
    expect(unread_at_the_side(bob)).to_have_count(2)
    expect(elsewhere).to_have_count(2)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_of_what_is_unread(bob, room, scheme):
    page = bob.page
    page.emulate_media(color_scheme=scheme)
    page.goto("/unread/")
    rows = page.locator(".rows-list > li")
    expect(rows).to_have_count(2)
    assert barriers(page) == []
    assert sticking_out(page) == []
    page.screenshot(path=ARTIFACTS / f"unread-{scheme}-{page.viewport_size['width']}.png")
    rows.first.get_by_role("button", name="Mark read").click()
    expect(rows).to_have_count(1)
    page.get_by_role("button", name="Mark all read").click()
    expect(rows).to_have_count(0)
    page.reload()
    expect(page.get_by_text("You have read everything")).to_be_visible()


def test_drafts_are_listed_and_lead_to_their_rooms(bob, room):
    page = bob.open(f"/chat/{room}-a/").page
    page.fill("#composer-text", "Half a thought")
    bob.open(f"/chat/{room}-c/")
    page.fill("#composer-text", "Another one")
    page.goto("/drafts/")
    rows = page.locator("#drafts > li")
    expect(rows).to_have_count(2)
    expect(page.locator("#side-drafts .badge")).to_have_text("2")
    assert barriers(page) == []
    page.screenshot(path=ARTIFACTS / f"drafts-{page.viewport_size['width']}.png")
    rows.filter(has_text="Another one").get_by_role("button", name="Discard").click()
    expect(rows).to_have_count(1)
    expect(page.locator("#side-drafts .badge")).to_have_text("1")
    rows.locator("a").click()
    expect(page.locator("#composer-text")).to_have_value("Half a thought")
    page.reload()
    bob.is_live()
    expect(page.locator("#side-drafts .badge")).to_have_text("1")
    page.locator("#composer .send").click()
    expect(page.locator("#side-drafts .badge")).to_have_text("")  # at once, though the field keeps the focus
