"""A whole visit without a mouse: the focus is always somewhere, and always shown."""

import re

import pytest
from playwright.sync_api import expect

from .keyboard import MENU, Keys
from .person import PASSWORD, Person

SEARCH = "#palette a[href^='/search/'][aria-selected=true]"


@pytest.mark.long
def test_a_whole_visit_by_keyboard_alone(person, browser, stack, room):
    person("correspondent").open(f"/chat/{room}-far/")
    person("keyboarder")  # has an account
    alice = Person("keyboarder", stack, browser, viewport={"width": 1280, "height": 800})
    page, keys = alice.page, Keys(alice.page)
    try:
        page.goto("/")
        keys.to("[name=login]").type("keyboarder")
        keys.to("[name=password]").type(PASSWORD).leave_by("Enter", "**/chat/")
        keys.to(".lobby-head a").leave_by("Enter", "**/new-room/")
        keys.once_shown("#new-title").is_at("#new-title")
        keys.type(room).leave_by("Enter", f"**/chat/{room}/")
        alice.is_live()
        in_the_room(alice, keys)
        elsewhere(alice, keys, room)
    finally:
        alice.context.close()
    assert not alice.unexpected()


def in_the_room(alice: Person, keys: Keys) -> None:
    """Write, edit, reply, react, delete, and think again."""
    keys.is_at("#composer-text")
    keys.type("first").press("Enter")
    alice.sees("first")
    keys.press("ArrowUp").type(" words").press("Enter")
    alice.sees("first words")
    keys.to(".message", by="Shift+Tab", within=1).to("[data-do=reply]").press("Enter").is_at("#composer-text")
    keys.type("an answer").press("Enter")
    expect(alice.sees("an answer").locator(".quote")).to_contain_text("first words")
    keys.to(".message", by="Shift+Tab", within=1).press("ArrowUp").to("[data-do=react]:not([data-emoji])").press(
        "Enter"
    )
    keys.type("heart").press("Enter")
    expect(alice.message("first words").locator(".reaction")).to_have_attribute("aria-pressed", "true")
    keys.is_at("[data-do=react]")
    keys.press("ArrowRight").is_at("[data-do=reply]")
    keys.press("ArrowDown").open("m", MENU).is_at("#message-menu [data-do=reply]")
    keys.press("End").is_at("#message-menu [data-do=delete]")
    keys.page.keyboard.press("Enter")
    keys.is_at("#undo button")
    keys.press("Enter").is_at("#composer-text")
    expect(alice.page.locator(".going")).to_have_count(0)
    keys.to(".message", by="Shift+Tab", within=1).open("m", MENU).press("End")
    keys.page.keyboard.press("Enter")
    keys.is_at("#undo button")
    expect(alice.page.locator(".message.deleted")).to_have_count(1)
    keys.is_at("#composer-text")  # the focus does not go with the offer


def elsewhere(alice: Person, keys: Keys, room: str) -> None:
    """Jump to a room, find words, open direct messages, choose a look, and leave."""
    page = alice.page
    keys.press("Control+k").type(f"#{room}-far").leave_by("Enter", f"**/chat/{room}-far/")
    alice.is_visiting()
    keys.is_at("#composer-text")
    keys.to("#join", by="Shift+Tab").leave_by("Enter", f"**/chat/{room}-far/")
    alice.is_live()
    keys.press("Control+k").type("first words").once_shown(SEARCH).leave_by("Enter", "**/search/**")
    keys.is_at(".hits a")
    keys.leave_by("Enter", re.compile(f"/chat/{room}/.*#m"))
    alice.is_live()
    expect(page.locator(".message:focus")).to_contain_text("first words")
    keys.press("Escape").is_at("#composer-text")
    keys.press("Control+k").type("@correspondent").leave_by("Enter", "**/dm/correspondent/")
    keys.is_at("#composer-text")
    keys.type(f"psst from {room}").leave_by("Enter", "**/dm/correspondent/")  # the first message there
    alice.is_live()
    alice.sees(f"psst from {room}")
    keys.to("#open-palette", by="Shift+Tab").to(".side-foot > a").leave_by("Enter", "**/settings/")
    keys.to("[name=theme]").press("ArrowDown")
    expect(page.locator("html")).to_have_attribute("data-theme", re.compile("light|dark"))
    keys.to(".side-me", by="Shift+Tab").press("Enter")
    keys.to("#my-menu form[action*=logout] button").leave_by("Enter", re.compile("/accounts/(login|logout)/"))
