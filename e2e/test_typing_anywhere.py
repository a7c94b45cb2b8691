"""After a click, what is typed goes into the message field; after a key that moves the focus, letters are shortcuts."""

from playwright.sync_api import expect


def test_words_after_a_click_are_not_lost(person, room):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    page, field = alice.page, alice.page.locator("#composer-text")
    bob.say("where is it?")
    message = alice.sees("where is it?")
    edge = page.locator("#timeline").bounding_box()

    def react():
        message.hover()
        page.locator(".actions [data-emoji='✅']").click()

    def close_a_menu():
        message.click(button="right")
        expect(page.locator("#message-menu")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#message-menu")).to_be_hidden()

    for click in (message.click, react, close_a_menu, lambda: page.mouse.click(edge["x"] + 20, edge["y"] + 20)):
        click()
        page.keyboard.type("remember j, k and e?")
        expect(field).to_have_value("remember j, k and e?")
        expect(page.locator("#composer-about")).to_be_hidden()
        field.fill("")


def test_words_go_into_the_room_that_was_chosen_in_the_sidebar(person, room):
    alice, bob = person("alice"), person("bob")
    bob.open("/dm/alice/")
    bob.say("psst")
    alice.open(f"/chat/{room}/").page.locator("#side li[data-room] > a", has_text="bob").click()
    alice.sees("psst")
    alice.page.keyboard.type("kept")
    expect(alice.page.locator("#composer-text")).to_have_value("kept")


def test_a_key_that_is_no_shortcut_writes_and_shortcuts_stay(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    for text in ("first", "second"):
        alice.say(text)
        alice.sees(text)
    page = alice.page
    alice.message("second").click()
    page.keyboard.press("ArrowUp")
    expect(alice.message("first")).to_be_focused()
    page.keyboard.press("j")
    expect(alice.message("second")).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    alice.message("second").focus()
    page.keyboard.type("yes, j")
    expect(page.locator("#composer-text")).to_have_value("yes, j")


def test_who_has_edited_goes_on_where_they_came_from(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    alice.say("frist")
    alice.sees("frist")
    page, field = alice.page, alice.page.locator("#composer-text")
    alice.message("frist").hover()
    page.locator(".actions [data-do=more]").click()
    page.locator("#message-menu [data-do=edit]").click()
    page.locator(".edit-form textarea").fill("first")
    page.keyboard.press("Enter")
    alice.sees("first")
    expect(field).to_be_focused()
    page.keyboard.press("Shift+Tab")
    alice.message("first").focus()
    page.keyboard.press("e")
    page.locator(".edit-form textarea").fill("the first")
    page.keyboard.press("Enter")
    alice.sees("the first")
    expect(alice.message("the first")).to_be_focused()
