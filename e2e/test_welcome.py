"""What a newcomer is told in their first rooms, until they dismiss it."""

from playwright.sync_api import expect

from .page_audit import barriers, sticking_out
from .person import Person


def test_a_newcomer_is_welcomed_until_they_dismiss_it(browser, stack, room, person, size):
    one = Person(f"new-{room}", stack, browser, **size).sign_up(welcome=True)
    try:
        one.open(f"/chat/{room}/")
        card, field = one.page.locator("#welcome"), one.page.locator("#composer-text")
        expect(card).to_contain_text(f"Welcome, new-{room}!")
        assert not barriers(one.page) and not sticking_out(one.page)
        card.get_by_role("button", name="Ask @bot").click()
        expect(field).to_have_value("@bot what can you do here?")
        field.fill("")
        other = one.context.new_page()
        other.goto(f"/chat/{room}/")
        expect(other.locator("#welcome")).to_be_visible()
        expect(other.locator("body")).to_have_attribute("data-connection", "live")
        card.get_by_role("button", name="Dismiss").click()
        for page in (one.page, other):
            expect(page.locator("#welcome")).to_be_hidden()
        one.page.reload()
        one.is_live()
        expect(card).to_have_count(0)
    finally:
        one.context.close()


def test_who_has_written_is_not_told_any_more_how_to_begin(browser, stack, room, size):
    one = Person(f"new-{room}", stack, browser, **size).sign_up(welcome=True)
    try:
        one.open(f"/chat/{room}/")
        card, ask = one.page.locator("#welcome"), one.page.locator(".to-do .ask")
        expect(card).to_be_visible()
        expect(ask).to_be_hidden()  # the welcome offers it
        card.get_by_role("button", name="Say hello").click()
        with one.page.expect_response("**/api/me/preferences"):
            one.page.keyboard.press("Enter")
        one.sees("Hello, everyone!")
        expect(card).to_be_hidden()
        one.page.reload()
        one.is_live()
        expect(card).to_have_count(0)
    finally:
        one.context.close()


def test_who_joins_by_writing_is_not_told_either(browser, stack, room, person):
    person("alice").open(f"/chat/{room}/")
    one = Person(f"guest-{room}", stack, browser).sign_up(welcome=True)
    try:
        one.page.goto(f"/chat/{room}/")
        one.is_visiting()
        one.say("hello from outside")
        one.is_live()
        one.sees("hello from outside")
        expect(one.page.locator("#welcome")).to_have_count(0)
    finally:
        one.context.close()


def test_without_script_writing_ends_it_too(browser, stack, room):
    one = Person(f"mute-{room}", stack, browser, java_script_enabled=False).sign_up(welcome=True)
    try:
        one._belong("chat", room)
        one.page.goto(f"/chat/{room}/")
        one.page.fill("#composer-text", "hello")
        one.page.click("#composer [type=submit]")
        expect(one.page.locator("#log")).to_contain_text("hello")
        expect(one.page.locator("#welcome")).to_have_count(0)
    finally:
        one.context.close()


def test_without_script_it_is_dismissed_by_its_form(browser, stack, room):
    one = Person(f"plain-{room}", stack, browser, java_script_enabled=False).sign_up(welcome=True)
    try:
        one._belong("chat", room)
        one.page.goto(f"/chat/{room}/")
        expect(one.page.locator("#welcome")).to_contain_text("Welcome")
        one.page.locator("#welcome button[type=submit]").first.click()
        expect(one.page.locator(".room-head h1")).to_have_text(room)
        expect(one.page.locator("#welcome")).to_have_count(0)
    finally:
        one.context.close()
