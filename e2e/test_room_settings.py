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
    panel.get_by_text("Edit topic and description").click()
    panel.locator("#description").fill("All about tea.")
    panel.get_by_role("button", name="Save").click()
    expect(bob.page.locator(".beginning")).to_contain_text("All about tea.")


SEED_UNREAD = """
from accounts.models import User
from rooms.services import membership, messages
bob = User.objects.get(username="bob")
membership.get_or_create_and_join(bob, "{room}-b")
messages.post(User.objects.get(username="alice"), "{room}-b", "Is there tea?")
"""


@pytest.fixture
def two_rooms(person, stack, room):
    """bob's page in one room, with something unread in another."""
    person("alice")

    def come(**options):
        bob = person("bob", **options).open(f"/chat/{room}-a/")
        stack.run(SEED_UNREAD.format(room=room))
        row = bob.page.locator(f'#side li[data-room="{room}-b"]')
        expect(row.locator(".badge")).to_have_text("1")
        return bob, row

    return come


def test_the_menu_of_a_room_by_pointer(two_rooms, room):
    bob, row = two_rooms(**WIDE)
    menu, item = bob.page.locator("#room-menu"), lambda name: bob.page.locator(f"#room-menu [data-do={name}]")
    row.hover()
    expect(row.locator(".side-more")).to_be_visible()
    row.click(button="right")
    expect(menu).to_be_visible()
    expect(item("read")).to_be_focused()
    bob.page.screenshot(path=ARTIFACTS / "room-menu.png")
    item("read").click()
    expect(row).not_to_have_class(re.compile("unread"))
    row.hover()
    row.locator(".side-more").click()
    expect(item("read")).to_be_hidden()
    item("star").click()
    expect(bob.page.locator(f'#side-starred li[data-room="{room}-b"]')).to_be_visible()
    row.click(button="right")
    item("mute").click()
    expect(row).to_have_class(re.compile("is-muted"))
    row.click(button="right")
    expect(item("mute")).to_be_hidden()
    item("leave").click()
    agree(bob, f"Leave {room}-b?")
    expect(row).to_have_count(0)


def test_the_menu_of_a_room_by_keys(two_rooms, room):
    bob, row = two_rooms(**WIDE)
    keyboard, item = bob.page.keyboard, lambda name: bob.page.locator(f"#room-menu [data-do={name}]")
    row.locator("a").focus()
    expect(row.locator(".side-more")).to_be_attached()
    keyboard.press("Tab")
    expect(bob.page.get_by_role("button", name=f"Actions for {room}-b")).to_be_focused()
    keyboard.press("Enter")
    expect(item("read")).to_be_focused()
    keyboard.press("ArrowDown")
    expect(item("star")).to_be_focused()
    keyboard.press("Escape")
    expect(bob.page.locator("#room-menu")).to_be_hidden()
    expect(row.locator(".side-more")).to_be_focused()
    keyboard.press("Enter")
    keyboard.press("Enter")
    expect(row).not_to_have_class(re.compile("unread"))


def test_the_first_finger_that_rests_on_a_room_opens_its_menu(two_rooms):
    """On a device that tells of it by no `contextmenu`, and before anything was loaded for the sidebar."""
    bob, row = two_rooms(has_touch=True, **WIDE)
    link, menu = row.locator("a"), bob.page.locator("#room-menu")
    touch = {"pointerType": "touch", "isPrimary": True}
    link.dispatch_event("pointerover", touch)
    link.dispatch_event("pointerdown", touch)
    expect(menu).to_be_visible()
    link.dispatch_event("pointerup", touch)
    link.dispatch_event("click", {"detail": 1})  # it was no tap
    expect(menu.locator("[data-do=read]")).to_be_in_viewport()
    expect(row).to_have_class(re.compile("unread"))


def test_the_menu_of_a_room_by_a_finger(two_rooms):
    bob, row = two_rooms(viewport={"width": 390, "height": 800}, has_touch=True)
    bob.page.click("#open-side")
    link = row.locator("a")
    link.tap(trial=True)  # when the drawer stands still
    box = link.bounding_box()
    at = {"x": box["x"] + 60, "y": box["y"] + 10}
    cdp = bob.context.new_cdp_session(bob.page)
    cdp.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at]})
    expect(bob.page.locator("#room-menu")).to_be_visible()
    cdp.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(bob.page.locator("#room-menu")).to_be_visible()
    bob.page.screenshot(path=ARTIFACTS / "room-menu-390.png")
    bob.page.locator("#room-menu [data-do=read]").tap()
    expect(row).not_to_have_class(re.compile("unread"))
    expect(bob.page.locator("#room-menu")).to_be_hidden()


def test_starring_and_muting_move_nothing_and_are_said(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    page = alice.page
    about(alice, room)
    leave = page.locator("#panel").get_by_role("button", name="Leave the room")
    leave.scroll_into_view_if_needed()
    place = leave.bounding_box()
    for press, after in (("Star the room", "Unstar the room"), ("Mute the room", "Unmute the room")):
        page.locator("#panel").get_by_role("button", name=press, exact=True).click()
        expect(page.locator("#panel").get_by_role("button", name=after, exact=True)).to_be_focused()
        assert leave.bounding_box()["y"] == place["y"]
    expect(page.locator(f"#side-starred li[data-room='{room}'] a")).to_have_accessible_name(f"{room} 1 here muted")
    page.set_viewport_size({"width": 390, "height": 844})
    page.keyboard.press("Escape")
    expect(page.locator("#faces")).to_be_hidden()
