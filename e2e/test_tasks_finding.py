"""What people do all day, by keys alone and by mouse: come to a room, to a person, to what was said.

After every key, something has the focus, and shows it (keyboard.py).
"""

import re

import pytest
from playwright.sync_api import expect

from .conftest import LAPTOP
from .keyboard import Keys

SEED = """
from accounts.models import User
from rooms.services import membership, messages
alice, quentin = (User.objects.get(username=name) for name in ("alice", "quentin"))
kettles = membership.get_or_create_and_join(quentin, "Kettles and pots")
messages.post(quentin, kettles.name, "The kettle boils")
for person in (alice, quentin):
    membership.get_or_create_and_join(person, "{room}")
for text in ("Where is the teapot?", *["On the shelf"] * 9, "@alice look for it"):
    messages.post(quentin, "{room}", text)
"""


@pytest.fixture
def alice(at_her_desk):
    """In a room with quentin, who is away and has also made a public room that she has not joined."""
    return at_her_desk(SEED)


def test_a_public_room_is_joined(alice):
    page, keys = alice.page, Keys(alice.page)
    keys.press("Control+k", "k", "e", "t", "Enter")
    expect(page).to_have_title(re.compile("Kettles and pots"))
    expect(alice.message("The kettle boils")).to_be_visible()
    keys.is_at("#composer-text")
    keys.to("#join", by="Shift+Tab", within=40).press("Enter")
    alice.is_live()
    expect(page.get_by_role("navigation").get_by_role("link", name="Kettles and pots")).to_be_visible()


def test_a_public_room_is_joined_by_mouse(alice):
    page = alice.page
    page.click("#open-palette")
    page.keyboard.type("ket")
    page.get_by_role("option", name="Kettles and pots").click()
    expect(alice.message("The kettle boils")).to_be_visible()
    page.get_by_role("button", name="Join").click()
    alice.is_live()
    expect(page.get_by_role("navigation").get_by_role("link", name="Kettles and pots")).to_be_visible()


def test_somebody_who_is_away_is_written_to(alice, person):
    keys = Keys(alice.page)
    keys.press("Control+k", "q", "u", "e", "Enter")
    alice.is_visiting()
    keys.is_at("#composer-text")
    keys.type("Have you got it?").press("Enter")
    alice.sees("Have you got it?")
    quentin = person("quentin", **LAPTOP).open("/dm/alice/")
    quentin.sees("Have you got it?")


def test_somebody_who_is_away_is_mentioned(alice, person, room):
    keys = Keys(alice.page)
    keys.type("ask @qu").once_shown("#completion [role=option]").press("Enter")
    expect(alice.page.locator("#composer-text")).to_have_value("ask @quentin ")
    keys.press("Enter")
    expect(alice.sees("ask @quentin").locator(".mention")).to_have_text("@quentin")
    quentin = person("quentin", **LAPTOP)
    quentin.page.goto("/inbox/")
    expect(quentin.page.locator("#inbox-rows")).to_contain_text("ask @quentin")


def test_who_is_this(alice):
    page, keys = alice.page, Keys(alice.page)
    card = page.locator("#card")
    keys.to(".message", by="Shift+Tab", within=1).press("k", "k").to(".author", within=3).press("Enter")
    expect(card.get_by_role("link", name="Message")).to_be_visible()
    expect(card).to_contain_text("quentin")
    keys.press("Escape").is_at(".author")
    expect(card).to_be_hidden()
    page.locator(".message .author").first.click()
    expect(card.get_by_role("link", name="Message")).to_be_visible()


def test_words_are_found_beside_the_room(alice, room):
    page, keys = alice.page, Keys(alice.page)
    panel = page.locator("#panel")
    keys.press("Control+Shift+F").once_shown("#panel [type=search]").is_at("#panel [type=search]")
    keys.type("teapot").press("Enter")
    hit = panel.get_by_role("list", name="Results").get_by_role("link")
    expect(hit).to_have_count(1)
    expect(hit.locator("mark")).to_have_text("teapot")
    expect(page.locator("#composer-text")).to_be_visible()  # the room is still there
    keys.is_at("#panel .hits a")
    keys.press("Enter").is_at(".message")
    expect(page.locator(".message:focus")).to_contain_text("Where is the teapot?")
    expect(hit).to_be_visible()


def test_words_of_one_person_are_found(alice):
    page, keys = alice.page, Keys(alice.page)
    keys.press("Control+Shift+F").once_shown("#panel [type=search]").is_at("#panel [type=search]")
    keys.to("#panel .search-filters summary", within=2).press("Enter")
    keys.to("#panel [name=sender]", within=1).type("que")
    expect(page.locator("#senders option")).to_have_attribute("value", "quentin")
    keys.type("ntin").press("Enter")
    expect(page.locator("#panel .hits a")).to_have_count(11)


def test_what_mentions_me(alice):
    page, keys = alice.page, Keys(alice.page)
    keys.press("Control+k").type("inbox")
    keys.leave_by("Enter", "**/inbox/")
    expect(page.locator("#inbox-rows")).to_contain_text("look for it")
    keys.page.keyboard.press("j")
    expect(page.locator("#inbox-rows a")).to_be_focused()
    with page.expect_navigation(url="**/chat/**"):
        keys.page.keyboard.press("Enter")
    alice.is_live()
    expect(page.locator(".message:focus")).to_contain_text("look for it")


def test_the_messages_are_one_stop_of_tab(alice):
    """However many there are; inside, Tab goes through what one message holds."""
    keys = Keys(alice.page)
    keys.to(".message", by="Shift+Tab", within=1).press("ArrowUp", "Tab", "Tab").is_at(".message a.when")
    keys.to("#composer-text", within=8)
    keys.press("Shift+Tab").is_at(".message")
    expect(alice.page.locator(".message:focus")).to_contain_text("look for it")
    keys.press("Shift+Tab").to("#timeline", by="Shift+Tab", within=2)
    keys.to("[data-catch-up]", within=1).to(".message", within=1)
    expect(alice.page.locator(".message:focus")).to_contain_text("Where is the teapot?")
