"""Who somebody is: a card at every name, one's display name and one's status, with and without a script."""

import itertools

from playwright.sync_api import expect

from .conftest import ARTIFACTS
from .page_audit import STILL, barriers, sticking_out
from .test_blocking import picture

_numbers = itertools.count(1)


def two(person, room, size) -> tuple:
    number = next(_numbers)
    return person(f"erin{number}", **size).open(f"/chat/{room}/"), person(f"frank{number}", **size)


def test_a_name_a_picture_and_a_mention_open_a_card(person, room, size):
    erin, frank = two(person, room, size)
    frank.open(f"/chat/{room}/").say(f"hello @{erin.name}")
    erin.say(f"hi @{frank.name}")
    said = erin.sees("hello")
    card = erin.page.locator("#card")
    said.locator(".author").click()
    expect(card.get_by_role("heading", name=frank.name)).to_be_visible()
    expect(card).to_contain_text(f"@{frank.name}")
    expect(card).to_contain_text("Here now")
    expect(card.get_by_role("link", name=room)).to_be_visible()  # in common
    expect(card).to_be_focused()
    erin.page.evaluate(STILL)
    picture(erin, "card", size)
    assert sticking_out(erin.page) == []
    assert barriers(erin.page) == []
    erin.page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(said.locator(".author")).to_be_focused()
    erin.page.click("#open-people")
    for names in ("#people-list", "#panel-body .about-people"):
        erin.page.locator(names).get_by_role("link", name=frank.name).click()
        expect(card.get_by_role("heading", name=frank.name)).to_be_visible()
        erin.page.keyboard.press("Escape")
        expect(card).to_be_hidden()
    erin.page.click("#close-panel")
    said.locator(".avatar").click()
    card.get_by_role("button", name="Mention").click()
    expect(erin.page.locator("#composer-text")).to_have_value(f"@{frank.name} ")
    mention = erin.sees("hi").locator(".mention")
    mention.focus()
    mention.press("Enter")
    expect(card.get_by_role("heading", name=frank.name)).to_be_visible()
    card.get_by_role("button", name="Block").click()
    expect(erin.page.get_by_role("dialog", name=f"Block {frank.name}?")).to_be_visible()


def test_the_card_of_a_bot_says_what_it_is_and_what_to_ask(person, room, size):
    erin, _frank = two(person, room, size)
    erin.say("hello @bot")
    # An answer that begins moves what is clicked.
    expect(erin.page.locator(".message.is-bot").last).to_have_attribute("data-state", "complete")
    erin.page.locator(".message.mine .mention").click()
    card = erin.page.locator("#card")
    expect(card).to_contain_text("Model:")
    expect(card.get_by_role("list", name="What you could ask").get_by_role("listitem")).to_have_count(4)
    erin.page.evaluate(STILL)
    picture(erin, "card-bot", size)
    assert barriers(erin.page) == []
    card.get_by_role("link", name="Message", exact=True).click()
    expect(erin.page).to_have_url(f"{erin.stack.base_url}/dm/bot/")


def test_a_display_name_and_a_status_are_seen_at_once(person, room, size):
    erin, frank = two(person, room, size)
    frank.open(f"/chat/{room}/").say("hello")
    said = erin.sees("hello")
    settings = frank.another_tab(f"/chat/{room}/")
    settings.goto("/accounts/profile/")
    settings.fill("#id_display_name", "Franka Müller-Lüdenscheidt")
    settings.get_by_role("button", name="Save", exact=True).click()
    expect(said.locator(".author")).to_have_text("Franka Müller-Lüdenscheidt")
    frank.say("again")
    expect(erin.sees("again").locator(".text")).to_be_visible()
    settings.goto("/accounts/status/")
    picture_of(settings, "status", size)
    assert barriers(settings) == []
    settings.get_by_role("button", name="On holiday").click()
    expect(settings.locator(".notice-box").first).to_be_visible()
    said.locator(".author").click(position={"x": 5, "y": 5})
    expect(erin.page.locator("#card")).to_contain_text("On holiday")
    expect(erin.page.locator("#card")).to_contain_text("until")
    erin.page.evaluate(STILL)
    picture(erin, "card-status", size)


def test_the_status_menu_at_the_foot_of_the_sidebar(person, room):
    erin, _frank = two(person, room, {})
    erin.page.locator(".side-me").click()
    erin.page.get_by_role("link", name="Set a status").click()
    card = erin.page.locator("#card")
    expect(card.get_by_label("Status")).to_be_visible()
    erin.page.evaluate(STILL)
    picture(erin, "status-menu", {"viewport": {"width": 1280}})
    assert barriers(erin.page) == []
    card.get_by_role("button", name="Choose an emoji").click()
    erin.page.get_by_role("searchbox", name="Find an emoji").fill("palm tree")
    expect(erin.page.locator("#emoji-picker .emoji-grid button")).to_have_count(1)
    picture(erin, "status-emoji", {"viewport": {"width": 1280}})
    erin.page.keyboard.press("Enter")
    expect(card.get_by_label("Emoji", exact=True)).to_have_value("🌴")
    expect(card.get_by_role("button", name="Choose an emoji")).to_be_focused()
    card.get_by_label("Status").fill("reading")
    card.get_by_label("Do not disturb").check()
    card.get_by_role("button", name="Save").click()
    expect(card).to_be_hidden()
    expect(erin.page.locator("#my-status")).to_have_text("🌴 reading")


def test_without_a_script_names_lead_to_pages(person, room):
    number = next(_numbers)
    person(f"frank-{number}x").open(f"/chat/{room}/").say("hello")
    erin = person(f"erin-{number}x", java_script_enabled=False)
    erin.page.goto(f"/chat/{room}/")
    erin.page.get_by_role("link", name=f"frank-{number}x").first.click()
    expect(erin.page.get_by_role("heading", name=f"frank-{number}x")).to_be_visible()
    erin.page.goto("/accounts/status/")
    erin.page.get_by_role("button", name="At lunch").click()
    expect(erin.page.get_by_text("At lunch").first).to_be_visible()


def picture_of(page, name: str, size) -> None:
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=ARTIFACTS / f"{name}-{size['viewport']['width']}.png")
