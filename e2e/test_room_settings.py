"""What is decided about a room, beside it and in the sidebar: who sees what of it, and when."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import ARTIFACTS

WIDE = {"viewport": {"width": 1280, "height": 800}}


def about(one, room: str):
    """The panel about a room."""
    one.page.click(".room-tools [data-panel=about]")
    expect(one.page.locator("#panel-body h1")).to_be_visible()
    return one.page.locator("#panel-body")


def agree(one, says: str) -> None:
    expect(one.page.locator("#confirm")).to_contain_text(says)
    one.page.click("#confirm [value=yes]")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_owner_makes_a_room_private_and_others_lose_it(person, room, scheme):
    alice = person("alice", **WIDE, color_scheme=scheme).open(f"/chat/{room}/")
    visitor = person("bob")
    visitor.page.goto(f"/chat/{room}/")
    expect(visitor.page.locator("#join")).to_be_visible()
    panel = about(alice, room)
    panel.get_by_text("Manage this room").click()
    panel.get_by_role("button", name="Make private").click()
    alice.page.screenshot(path=ARTIFACTS / f"make-private-{scheme}.png")
    agree(alice, "Whoever is not a member loses it at once")
    expect(alice.page.locator("#log")).to_contain_text("made the room private")
    for place in (".room-head .room-kind use", f'#side li[data-room="{room}"] .icon use'):
        expect(alice.page.locator(place)).to_have_attribute("href", re.compile("#lock$"))
    expect(alice.page.locator(".beginning [data-kind=public]")).to_be_hidden()
    alice.page.screenshot(path=ARTIFACTS / f"made-private-{scheme}.png")
    visitor.expect_fault("404")
    visitor.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(visitor.page.locator("#banner")).to_contain_text("deleted or made private")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_owner_deletes_a_room_and_restores_it(person, room, scheme):
    alice, bob = (person(name, **WIDE, color_scheme=scheme).open(f"/chat/{room}/") for name in ("alice", "bob"))
    row = f'#side li[data-room="{room}"]'
    panel = about(alice, room)
    panel.get_by_text("Manage this room").click()
    panel.get_by_text("Delete room", exact=True).click()
    panel.get_by_label(f"Type “{room}” to confirm").fill("something else")
    panel.get_by_role("button", name="Delete this room").click()
    expect(panel).to_contain_text("This is not the name of the room.")
    panel.get_by_text("Manage this room").click()
    panel.get_by_text("Delete room", exact=True).click()
    panel.get_by_label(f"Type “{room}” to confirm").fill(room)
    alice.page.screenshot(path=ARTIFACTS / f"delete-room-{scheme}.png")
    panel.get_by_role("button", name="Delete this room").click()
    expect(alice.page).to_have_url(re.compile("/deleted-rooms/$"))
    expect(bob.page.locator("#banner")).to_contain_text("deleted or made private")
    for one in (alice, bob):
        expect(one.page.locator(row)).to_have_count(0)
    alice.page.screenshot(path=ARTIFACTS / f"deleted-rooms-{scheme}.png")
    alice.page.get_by_role("button", name=f"Restore {room}").click()
    expect(alice.page).to_have_url(re.compile(f"/chat/{room}/$"))
    expect(alice.page.locator("#log")).to_contain_text("restored the room")
    expect(bob.page.locator(row)).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_room_is_made_in_one_place(person, room, scheme, width):
    person("bob").open(f"/chat/{room}/")
    size = {"viewport": {"width": width, "height": 800}, "has_touch": width < 900}
    alice = person("alice", **size, color_scheme=scheme).open(f"/chat/{room}/")
    page = alice.page
    page.goto("/new-room/")
    expect(page.locator("#new-title")).to_be_focused()
    page.keyboard.type(f"tea {room} {width} {scheme}")
    page.get_by_label("Private").check()
    page.fill("#new-topic", "Which tea?")
    page.locator("#new-people").press_sequentially("charlie, bo")
    expect(page.locator('#new-people-list option[value="charlie, bob"]')).to_be_attached()
    page.locator("#new-people").fill("bob")
    alice.picture(ARTIFACTS / f"new-room-{width}-{scheme}.png")
    page.get_by_role("button", name="Create the room").click()
    alice.is_live()
    expect(page.locator(".room-head .room-kind use")).to_have_attribute("href", re.compile("#lock$"))
    expect(page.locator(".room-head .topic")).to_have_text("Which tea?")
    expect(page.locator("#people-list")).to_be_attached()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_topic_is_changed_in_place_and_the_description_beside_it(person, room, scheme):
    alice, bob = (person(name, **WIDE, color_scheme=scheme).open(f"/chat/{room}/") for name in ("alice", "bob"))
    topic, field = alice.page.locator(".room-head .topic"), alice.page.locator(".topic-field")
    topic.focus()
    alice.page.screenshot(path=ARTIFACTS / f"topic-empty-{scheme}.png")
    alice.page.keyboard.press("Enter")
    expect(field).to_be_focused()
    alice.page.keyboard.type("Tea? Or cake?")
    alice.page.keyboard.press("Escape")
    expect(topic).to_be_focused()
    expect(topic).to_have_text("")
    topic.click()
    alice.page.keyboard.type("Tea & <b>cake</b>")
    alice.page.screenshot(path=ARTIFACTS / f"topic-{scheme}.png")
    alice.page.keyboard.press("Enter")
    for one in (alice, bob):
        expect(one.page.locator(".room-head .topic")).to_have_text("Tea & <b>cake</b>")
    expect(topic).to_be_focused()
    panel = about(alice, room)
    panel.locator("#description").fill("All about tea.")
    panel.get_by_role("button", name="Save").click()
    expect(bob.page.locator(".beginning")).to_contain_text("All about tea.")
