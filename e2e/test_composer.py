"""The composer: formatting by buttons and keys, links by pasting, and what is said of the text while it is written."""

import re

import pytest
from playwright.sync_api import expect

from .page_audit import barriers, sticking_out

PASTE = """(field, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def select(page, text: str) -> None:
    page.locator("#composer-text").evaluate(
        "(field, text) => field.setSelectionRange(field.value.indexOf(text), field.value.indexOf(text) + text.length)",
        text,
    )


def test_words_are_formatted_by_buttons_and_the_tools_stay_open(person, room, size):
    alice = person("alice", **size).open(f"/chat/{room}/")
    page, field = alice.page, alice.page.locator("#composer-text")
    field.fill("so very bold")
    expect(page.get_by_role("button", name="Bold")).to_be_hidden()
    page.get_by_role("button", name="Format").click()
    select(page, "bold")
    page.get_by_role("button", name="Bold").click()
    expect(field).to_have_value("so very **bold**")
    expect(field).to_be_focused()
    assert not barriers(page) + sticking_out(page)
    page.keyboard.press("Control+z")
    expect(field).to_have_value("so very bold")
    page.reload()
    expect(page.get_by_role("button", name="Bold")).to_be_visible()


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("Control+b", "a **word** b"),
        ("Control+i", "a *word* b"),
        ("Control+e", "a `word` b"),
        ("Control+Shift+X", "a ~~word~~ b"),
        ("Control+Shift+Digit8", "- a word b"),
        ("Control+Shift+Digit7", "1. a word b"),
        ("Control+Shift+Digit9", "> a word b"),
        ("Control+Shift+L", "a [word](https://) b"),
        ("Control+Shift+E", "```\na word b\n```"),
    ],
)
def test_words_are_formatted_by_keys(person, room, keys, expected):
    alice = person("alice").open(f"/chat/{room}/")
    alice.page.fill("#composer-text", "a word b")
    select(alice.page, "word")
    alice.page.keyboard.press(keys)
    expect(alice.page.locator("#composer-text")).to_have_value(expected)


def test_an_address_pasted_over_a_word_makes_a_link(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    field = alice.page.locator("#composer-text")
    field.fill("read this now")
    select(alice.page, "this")
    field.evaluate(PASTE, "https://example.org/a")
    expect(field).to_have_value("read [this](https://example.org/a) now")
    alice.say("read [this](https://example.org/a) now")
    expect(alice.sees("read this").locator(".text a")).to_have_attribute("href", "https://example.org/a")


def test_signs_open_the_lists(person, room, size):
    alice = person("alice", **size).open(f"/chat/{room}/")
    field, options = alice.page.locator("#composer-text"), alice.page.locator("#completion [role=option]")
    field.fill("hello")
    alice.page.get_by_role("button", name="Mention someone").click()
    expect(field).to_have_value("hello @")
    expect(options.filter(has_text="bot")).to_be_visible()
    field.fill("")
    alice.page.get_by_role("button", name="Commands", exact=True).click()
    expect(options.first).to_contain_text("/me")
    expect(options).to_have_count(5)


def test_how_one_sends_is_said_until_three_messages_were_sent(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    hint = alice.page.locator("#composer-hint")
    for number in range(3):
        expect(hint).to_be_visible()
        alice.say(f"message {number}")
        alice.sees(f"message {number}")
    expect(hint).to_be_hidden()
    alice.page.reload()
    alice.is_live()
    expect(hint).to_be_hidden()


def test_near_the_limit_it_is_said_how_much_is_left(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    left = alice.page.locator("#composer-left")
    alice.page.fill("#composer-text", "é" * 7000)
    expect(left).to_be_empty()
    alice.page.fill("#composer-text", "é" * 7990)
    expect(left).to_have_text("10 characters left")
    alice.page.fill("#composer-text", "é" * 8001)
    expect(alice.page.locator("#composer-problem")).to_have_text("1 character too long.")
    expect(left).to_be_empty()


def test_the_toast_stands_above_the_composer(person, room, size):
    alice = person("alice", **size).open(f"/chat/{room}/")
    alice.say("/nothing")
    toast, card = alice.page.locator("#toast"), alice.page.locator(".composer-card")
    expect(toast).to_be_visible()
    above, below = toast.bounding_box(), card.bounding_box()
    assert above["y"] + above["height"] <= below["y"]
    assert above["x"] - below["x"] < 8


def test_there_are_no_tools_in_an_archived_room(person, stack, room):
    alice = person("alice").open(f"/chat/{room}/")
    expect(alice.page.locator(".composer-tools")).to_be_visible()
    stack.run(f"""
from accounts.models import User
from rooms.services import archiving
archiving.archive(User.objects.get(username="alice"), "{room}")
""")
    alice.page.reload()
    expect(alice.page.locator("#composer-text")).to_have_attribute("placeholder", "This room is archived.")
    expect(alice.page.locator(".composer-tools")).to_be_hidden()


def test_a_file_that_is_dropped_does_not_take_the_place_of_the_page(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    goes_on = alice.page.evaluate("""() => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File(["words"], "words.txt"));
        const drop = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
        return document.getElementById("timeline").dispatchEvent(drop);
    }""")
    assert not goes_on


def test_people_are_mentioned_by_the_name_that_is_shown(person, stack, room):
    alice = person("alice").open(f"/chat/{room}/")
    stack.run(f"""
from accounts.models import User
from rooms.services import membership
user = User(username="mira-{room}", display_name="Zoltana Quist")
user.set_unusable_password()
user.save()
membership.get_or_create_and_join(user, "{room}")
""")
    alice.page.locator("#composer-text").press_sequentially("ask @quis")
    option = alice.page.locator("#completion [aria-selected=true]")
    expect(option).to_contain_text("Zoltana Quist")
    expect(option).to_contain_text(f"@mira-{room}")
    alice.page.keyboard.press("Enter")
    expect(alice.page.locator("#composer-text")).to_have_value(f"ask @mira-{room} ")
    alice.page.keyboard.press("Control+k")
    alice.page.keyboard.type("zolta")
    expect(alice.page.locator("#palette [role=option]").first).to_contain_text(f"@mira-{room}")


@pytest.mark.parametrize("editing", [False, True])
def test_a_name_typed_before_the_tools_are_there_becomes_an_emoji(person, room, editing):
    alice = person("alice").open(f"/chat/{room}/")
    box = alice.page.locator("#composer-text")
    if editing:
        alice.say("thanks")
        alice.choose("thanks", "edit")
        box = alice.page.locator(".edit-form textarea")
        box.press_sequentially(" ")  # kept
    held = []
    alice.page.route(re.compile(r"joined/composer\."), lambda route: held.append(route))
    with alice.page.expect_request(re.compile(r"joined/composer\.")):
        alice.page.reload()
    box.press_sequentially(":tada:")
    for route in held:
        route.continue_()
    expect(box).to_have_value(re.compile("🎉$"))


def test_an_edit_completes_names_and_is_not_lost_when_the_room_is_left(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    person("bob").open(f"/chat/{room}/").say("here I am")
    alice.sees("here I am")
    alice.say("thanks")
    alice.choose("thanks", "edit")
    box = alice.page.locator(".edit-form textarea")
    box.press_sequentially(", @bo")
    alice.page.locator("#edit-completion").get_by_role("option", name="bob").click()
    expect(box).to_have_value("thanks, @bob ")
    alice.open(f"/chat/{room}-other/")
    alice.open(f"/chat/{room}/")
    expect(box).to_have_value("thanks, @bob ")
    box.press_sequentially(":tada:")
    expect(box).to_have_value("thanks, @bob 🎉")
    box.press("Enter")
    expect(alice.sees("thanks, @bob 🎉").locator(".mention")).to_have_text("@bob")
    alice.page.reload()
    alice.is_live()
    expect(box).to_have_count(0)
