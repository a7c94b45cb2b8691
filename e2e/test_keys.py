"""The dialog of keys, and the keys that lead from room to room: none of them is in the way of typing."""

import re

from playwright.sync_api import expect

from .page_audit import barriers, sticking_out


def test_a_question_mark_outside_of_a_field_shows_the_keys(person, room, size):
    alice = person("alice", **size).open(f"/chat/{room}/")
    page, dialog = alice.page, alice.page.get_by_role("dialog", name="Keyboard shortcuts")
    page.locator("#composer-text").press_sequentially("why?")
    expect(page.locator("#composer-text")).to_have_value("why?")
    expect(dialog).to_be_hidden()
    page.locator("#timeline").focus()
    page.keyboard.press("?")
    expect(dialog.get_by_role("row", name="Search or jump")).to_contain_text("Ctrl K")
    assert not barriers(page) + sticking_out(page)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.locator("#composer-text").focus()
    page.keyboard.press("Control+/")
    expect(dialog).to_be_visible()


def test_single_keys_can_be_turned_off(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    page, dialog = alice.page, alice.page.get_by_role("dialog", name="Keyboard shortcuts")
    page.keyboard.press("Control+/")
    dialog.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    page.locator("#timeline").focus()
    page.keyboard.press("?")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()
    expect(dialog).to_be_hidden()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+/")
    with page.expect_response("**/api/me/preferences"):
        dialog.get_by_role("checkbox").check()  # it goes with the account


def test_keys_have_german_names(person, room):
    alice = person("alice", locale="de-DE").open(f"/chat/{room}/")
    alice.page.keyboard.press("Control+/")
    dialog = alice.page.get_by_role("dialog", name="Tastenkürzel")
    expect(dialog.get_by_role("row", name="In diesem Raum suchen")).to_contain_text("Strg Umschalt F")


def test_alt_and_arrows_lead_to_the_next_room(person, room):
    alice = person("alice").open(f"/chat/{room}-a/").open(f"/chat/{room}-b/")
    names = alice.page.locator("#side li[data-room] > a").evaluate_all("(all) => all.map(({ pathname }) => pathname)")
    at = names.index(f"/chat/{room}-b/")
    step, key = (1, "ArrowDown") if at == 0 else (-1, "ArrowUp")
    with alice.page.expect_navigation(url=f"**{names[at + step]}"):
        alice.page.keyboard.press(f"Alt+{key}")


def test_the_panel_is_shown_and_hidden_by_a_key(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    panel = alice.page.locator("#panel")
    alice.page.keyboard.press("Control+.")
    expect(panel).to_have_class(re.compile(r"\bopen\b"))
    expect(panel.get_by_role("link", name="About")).to_be_visible()
    alice.page.keyboard.press("Control+.")
    expect(panel).not_to_have_class(re.compile(r"\bopen\b"))
    alice.page.keyboard.press("Control+Shift+f")
    expect(panel.get_by_role("searchbox").first).to_be_visible()
