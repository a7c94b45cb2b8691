"""Settings in a browser: a choice counts at once, here and in other tabs, and the pages work by keyboard."""

import re

from playwright.sync_api import expect

# Choices go with the account: nobody else's tests have these people.

# The colour of the window's frame.
FRAME = """[...document.querySelectorAll("meta[name=theme-color]")].find(
    ({ media }) => !media || matchMedia(media).matches).content"""


def test_a_choice_is_shown_at_once_and_in_other_tabs(person, room):
    alice = person("chooser").open(f"/chat/{room}/")
    other = alice.context.new_page()
    other.goto("/settings/")
    html = other.locator("html")
    other.get_by_label("Dark").check()
    expect(html).to_have_attribute("data-theme", "dark")
    other.get_by_label("120 %").check()
    expect(html).to_have_attribute("data-text-size", "120")
    other.get_by_label("Compact, more on the screen").check()
    expect(other.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    room_html = alice.page.locator("html")
    expect(room_html).to_have_attribute("data-theme", "dark")
    expect(room_html).to_have_attribute("data-text-size", "120")
    expect(room_html).to_have_attribute("data-density", "compact")
    other.reload()
    expect(other.get_by_label("Compact, more on the screen")).to_be_checked()
    expect(html).to_have_attribute("data-theme", "dark")
    # Pictures give way, and the name stands in the line of the words.
    alice.say("short words")
    message = alice.page.locator(".message", has_text="short words").last
    expect(message.locator(".avatar")).to_be_hidden()


def test_the_theme_is_chosen_in_my_menu_too(person, room):
    alice = person("chooser").open(f"/chat/{room}/")
    other = alice.context.new_page()
    other.goto("/settings/")
    alice.page.locator("[popovertarget=my-menu]").click()
    theme = alice.page.locator("#my-menu").get_by_role("group", name="Theme")
    for name, value in (("Light", "light"), ("Dark", "dark")):
        theme.get_by_role("button", name=name).click()
        expect(alice.page.locator("html")).to_have_attribute("data-theme", value)
        expect(theme.locator("[aria-pressed=true]")).to_have_text(name)
        expect(other.locator("html")).to_have_attribute("data-theme", value)
        for page in (alice.page, other):  # the window's frame, too
            assert page.evaluate(FRAME) == {"dark": "#15181a", "light": "#ffffff"}[value]
        expect(other.locator("#look").get_by_label(name)).to_be_checked()
    other.reload()
    expect(other.locator("html")).to_have_attribute("data-theme", "dark")
    theme.get_by_role("button", name="System").click()
    expect(other.locator("html")).not_to_have_attribute("data-theme", re.compile("."))
    other.reload()
    expect(other.locator("#look").get_by_label("System")).to_be_checked()


def test_the_language_changes_the_page(person):
    alice = person("chooser").open("/settings/")
    alice.page.get_by_label("Language", exact=True).select_option("de")
    expect(alice.page.get_by_role("heading", name="Aussehen")).to_be_visible()
    alice.page.get_by_label("Sprache", exact=True).select_option("en")
    expect(alice.page.get_by_role("heading", name="Look")).to_be_visible()


def test_all_keys_are_listed_and_single_ones_turned_off(person, room):
    alice = person("keyless").open("/settings/keys/")
    page = alice.page
    expect(page.get_by_role("row", name="Next message")).to_be_visible()
    page.get_by_role("checkbox").uncheck()
    expect(page.locator("html")).to_have_attribute("data-keys", "off")
    alice.open(f"/chat/{room}/")
    page.locator("#timeline").focus()
    page.keyboard.press("?")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()
    expect(page.locator("#keys")).to_be_hidden()


def test_settings_are_found_by_key_and_by_palette(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    alice.page.keyboard.press("Control+,")
    expect(alice.page.get_by_role("heading", name="Look")).to_be_visible()
    alice.page.keyboard.press("Control+k")
    alice.page.keyboard.type(">settings")
    expect(alice.page.get_by_role("option", name=re.compile("Settings"))).to_be_visible()


def test_the_account_learns_the_time_zone_from_the_page(person, room, stack):
    alice = person("alice", timezone_id="Asia/Tokyo")
    with alice.page.expect_response("**/api/me/preferences") as told:
        alice.open(f"/chat/{room}/")
    assert told.value.json()["time_zone"] == "Asia/Tokyo"
    alice.page.reload()
    expect(alice.page.locator("html")).to_have_attribute("data-zone", "Asia/Tokyo")


def test_the_sidebar_is_made_wider_by_pointer_and_keys(person, room):
    alice = person("chooser").open(f"/chat/{room}/")
    page = alice.page
    side, edge = page.locator("#side"), page.get_by_role("separator", name="Width of the sidebar")

    def width() -> int:
        return round(side.bounding_box()["width"])

    assert width() == 256
    on_their_way: list = []
    page.route("**/joined/sidebar.*", lambda route: on_their_way.append(route), times=1)
    with page.expect_request("**/joined/sidebar.*"):
        edge.hover()
    page.mouse.down()
    on_their_way[0].continue_()
    expect(edge).to_contain_class("dragged")
    page.mouse.move(301, 300)
    page.mouse.move(303, 300)
    page.mouse.up()
    expect(edge).to_have_attribute("aria-valuenow", "300")
    assert width() == 300
    page.reload()
    alice.is_live()
    assert width() == 300
    edge.focus()
    expect(edge).to_contain_class("movable")
    page.keyboard.press("ArrowLeft")
    expect(edge).to_have_attribute("aria-valuenow", "290")
    page.keyboard.press("End")
    assert width() == 340
    page.keyboard.press("ArrowRight")
    assert width() == 340
    edge.dblclick()
    expect(edge).to_have_attribute("aria-valuenow", "256")
    assert width() == 256
