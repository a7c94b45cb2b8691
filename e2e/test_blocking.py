"""Blocking somebody in the browser: from a message, the list of people and direct messages; without a script too."""

import re

from playwright.sync_api import expect

from .conftest import ARTIFACTS
from .page_audit import barriers, sticking_out


def act(one, text: str, name: str) -> None:
    one.choose(text, name)


def test_blocking_from_a_message_folds_it_in_every_tab(person, room, size):
    alice, bob = person("alice", **size).open(f"/chat/{room}/"), person("bob", **size)
    alice.say("first")
    bob.open(f"/chat/{room}/").sees("first")
    tab = bob.another_tab(f"/chat/{room}/")
    act(bob, "first", "block")
    expect(bob.page.get_by_role("dialog")).to_contain_text("Block alice?")
    bob.page.get_by_role("button", name="Block", exact=True).click()
    for page in (bob.page, tab):
        expect(page.locator(".fold summary")).to_have_text(re.compile("1 message from a person you blocked"))
        expect(page.locator(".message .text", has_text="first")).to_be_hidden()
    alice.say("second")
    alice.sees("second")
    expect(bob.page.locator(".fold summary")).to_have_text(re.compile("2 messages from a person you blocked"))
    picture(bob, "blocked-folded", size)
    bob.page.locator(".fold summary").click()
    expect(bob.message("second")).to_be_visible()
    assert sticking_out(bob.page) == []
    assert barriers(bob.page) == []
    picture(bob, "blocked-shown", size)
    bob.page.reload()
    bob.is_live()
    expect(bob.page.locator(".fold summary")).to_have_count(1)
    expect(bob.message("second")).to_be_hidden()
    bob.page.locator(".fold summary").click()
    act(bob, "second", "block")
    for page in (bob.page, tab):
        expect(page.locator("#log .fold")).to_have_count(0)
        expect(page.locator(".message .text", has_text="second")).to_be_visible()


def test_a_link_to_a_folded_message_opens_it(person, room):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    alice.say("hidden treasure")
    id = bob.sees("hidden treasure").get_attribute("id")
    block(bob, "alice")
    bob.open(f"/chat/{room}/")
    expect(bob.message("hidden treasure")).to_be_hidden()
    bob.open(f"/chat/{room}/#{id}")
    expect(bob.message("hidden treasure")).to_be_visible()
    unblock(bob, "alice")


def test_direct_messages_of_a_blocked_person_make_no_sign(person, room, size):
    alice, bob = person("amelia", **size), person("boris", **size)  # whom no other test mentions or writes to
    alice.open("/dm/boris/").say(f"hello from {room}")
    alice.sees(f"hello from {room}")
    bob.open(f"/chat/{room}/")
    direct = bob.page.locator("#side-direct-messages li", has_text="amelia")
    expect(direct).to_have_count(1)
    block(bob, "amelia")
    expect(direct).to_have_count(0)
    alice.say(f"still in {room}?")
    alice.sees(f"still in {room}?")
    bob.open(f"/chat/{room}/")
    expect(direct).to_have_count(0)
    expect(bob.page).not_to_have_title(re.compile(r"^\("))
    bob.open("/dm/amelia/")
    expect(bob.page.locator("#blocked-note")).to_be_visible()
    expect(bob.message(f"still in {room}?")).to_be_hidden()
    expect(bob.page.locator("#people-list .name")).to_have_text(["boris"])
    picture(bob, "blocked-direct", size)
    assert sticking_out(bob.page) == []
    bob.page.get_by_role("button", name="Unblock").first.click()
    expect(bob.page.locator("#blocked-note")).to_be_hidden()
    expect(bob.message(f"still in {room}?")).to_be_visible()
    bob.say(f"I am, in {room}")
    alice.sees(f"I am, in {room}")


def test_blocking_in_the_list_of_people(person, room):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    bob.page.click("#open-people")
    expect(bob.page.locator("#panel-body .panel-content")).to_be_visible()
    them = bob.page.locator("#people-list li", has_text="alice")
    them.hover()
    them.get_by_role("button", name="Block alice").click()
    bob.page.get_by_role("button", name="Block", exact=True).click()
    expect(them).to_have_class(re.compile("blocked"))
    alice.page.fill("#composer-text", "typing")
    alice.say("unseen")
    alice.sees("unseen")
    expect(bob.page.locator(".fold summary")).to_have_count(1)
    expect(bob.page.locator("#typing")).to_have_text("")
    them.get_by_role("button", name="Unblock alice").click()
    expect(bob.page.locator("#log .fold")).to_have_count(0)
    assert "block" not in alice.page.locator("main").inner_text().lower()


def test_blocking_without_a_script(person, room, size):
    alice = person("alice").open(f"/chat/{room}/")
    alice.say("words of alice")
    alice.sees("words of alice")
    person("bob")
    bob = person("bob", java_script_enabled=False, **size)
    page = bob.page
    page.goto("/dm/alice/")
    page.get_by_role("link", name="About this person").click()
    page.get_by_role("button", name="Block", exact=True).click()
    expect(page.get_by_text("You blocked alice.")).to_be_visible()
    page.goto(f"/chat/{room}/")
    expect(page.get_by_text("words of alice")).to_be_hidden()
    page.locator(".fold summary").click()
    expect(page.get_by_text("words of alice")).to_be_visible()
    page.goto("/search/?q=words")
    expect(page.get_by_text("Message from a person you blocked").first).to_be_visible()
    page.goto("/accounts/profile/")
    page.get_by_role("link", name="Privacy").click()
    picture(bob, "privacy", size)
    page.get_by_role("button", name="Unblock alice").click()
    expect(page.get_by_text("You have not blocked anyone.")).to_be_visible()


def block(one, name: str) -> None:
    change(one, "block", name)


def unblock(one, name: str) -> None:
    change(one, "unblock", name)


def change(one, what: str, name: str) -> None:
    script = """async ([what, username]) => (await fetch(`/api/${what}`, {
        method: "POST", body: JSON.stringify({ username }),
        headers: { "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value },
    })).status"""
    assert one.page.evaluate(script, [what, name]) == 200


def picture(one, name: str, size: dict) -> None:
    for scheme in ("light", "dark"):
        one.page.emulate_media(color_scheme=scheme)
        one.picture(ARTIFACTS / "looks" / f"{name}-{size['viewport']['width']}-{scheme}.png")
    one.page.emulate_media(color_scheme="light")
