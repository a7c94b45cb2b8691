"""Emoji by name, by word and by hand, and rooms and members by their beginnings."""

from playwright.sync_api import expect

from .page_audit import barriers, sticking_out


def test_a_name_that_is_typed_out_becomes_the_emoji(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    field = alice.page.locator("#composer-text")
    field.press_sequentially("done :tada:")
    expect(field).to_have_value("done 🎉")
    field.press_sequentially(" `:tada:` at 10:30:45")
    expect(field).to_have_value("done 🎉 `:tada:` at 10:30:45")
    alice.page.keyboard.press("Escape")
    alice.say("pasted :rocket: and `:rocket:`")
    expect(alice.sees("pasted").locator(".text")).to_have_text("pasted 🚀 and :rocket:")


def test_the_completion_is_a_combobox_that_finds_every_emoji(person, room, size):
    alice = person("alice", **size).open(f"/chat/{room}/")
    field, menu = alice.page.locator("#composer-text"), alice.page.locator("#completion")
    field.press_sequentially("so :orangu")
    expect(menu.get_by_role("option").first).to_contain_text(":orangutan:")
    expect(field).to_have_role("combobox")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(alice.page.locator("#announcer")).to_have_text("1 result")
    alice.page.keyboard.press("Enter")
    expect(field).to_have_value("so 🦧 ")
    expect(field).to_have_role("textbox")
    alice.page.keyboard.press("Control+z")
    expect(field).to_have_value("so :orangu")


def test_a_room_is_completed_to_a_link(person, room, size):
    person("bob").open(f"/chat/Depot {room}/")
    alice = person("alice", **size).open(f"/chat/{room}/")
    alice.page.locator("#composer-text").press_sequentially("see #depot")
    expect(alice.page.locator("#completion [role=option]").first).to_contain_text(f"# Depot {room}")
    alice.page.keyboard.press("Enter")
    alice.page.keyboard.type("please")
    alice.page.locator("#composer .send").click()
    link = alice.sees("please").locator(".text a")
    expect(link).to_have_text(f"#Depot {room}")
    with alice.page.expect_navigation(url=f"**/chat/depot-{room}/"):
        link.click()


def test_the_picker_has_groups_tones_and_what_was_taken_last(person, room, size):
    alice = person("alice", **size).open(f"/chat/{room}/")
    page, picker = alice.page, alice.page.locator("#emoji-picker")
    page.click("#composer-emoji")
    picker.get_by_role("button", name="Flags", exact=True).click()
    expect(picker.get_by_role("group", name="Flags")).to_be_in_viewport()
    picker.get_by_role("button", name="Medium skin tone", exact=True).click()
    page.fill("#emoji-picker input", "thumbs up")
    expect(picker.locator(".emoji-grid button").first).to_have_text("👍🏽")
    assert not barriers(page) + sticking_out(page)
    page.press("#emoji-picker input", "Enter")
    expect(page.locator("#composer-text")).to_have_value("👍🏽")
    page.click("#composer-emoji")
    recent = picker.get_by_role("group", name="Recent").get_by_role("button")
    expect(recent.first).to_have_text("👍🏽")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(recent.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#composer-text")).to_have_value("👍🏽❤️")


def test_emoji_are_found_by_german_words(person, room):
    alice = person("alice", locale="de-DE").open(f"/chat/{room}/")
    alice.page.click("#composer-emoji")
    alice.page.fill("#emoji-picker input", "geburtstag")
    expect(alice.page.locator("#emoji-picker [data-emoji='🎂']")).to_be_visible()
