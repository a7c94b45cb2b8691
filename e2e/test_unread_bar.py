"""The bar of what is unread, and that nothing is read that was not on screen."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import ARTIFACTS
from .page_audit import barriers, sticking_out
from .person import Person
from .sockets import wait_until

SEED = """
from accounts.models import User
from rooms.services import membership, messages
alice, bob = (User.objects.get(username=name) for name in ("alice", "bob"))
for person in (alice, bob):
    membership.get_or_create_and_join(person, "{room}")
for number in range({read}):
    last = messages.post(alice, "{room}", f"old {{number}}")
    messages.mark_read(bob, "{room}", last.seq)
for number in range({unread}):
    messages.post(alice, "{room}", f"new {{number}}")
"""
LEFT = "-document.getElementById('timeline').scrollTop"  # pixels below what is on screen: it begins at its end
LATER = 3000  # ms; the page tells what it has read within one second


@pytest.fixture
def make_bob(person, stack, room):
    """make_bob(read, unread, height, width): bob's page, about to be opened; what he has read of the room, and not."""

    def make(read: int, unread: int, height: int = 800, width: int = 1280) -> Person:
        person("alice")
        bob = person("bob", viewport={"width": width, "height": height}, has_touch=width < 900)
        stack.run(SEED.format(room=room, read=read, unread=unread))
        bob.clock = bob.set_clock()
        return bob

    return make


def unread(one: Person, room: str) -> int:
    return one.context.request.get(f"/api/rooms/{room}").json()["unread"]


def reads_nothing(one: Person, room: str, left: int) -> None:
    one.clock.run_for(LATER)
    assert unread(one, room) == left


def comes_to_be_read(one: Person, room: str) -> None:
    one.clock.run_for(LATER)
    one.page.wait_for_function(
        "async (room) => (await (await fetch(`/api/rooms/${room}`)).json()).unread === 0", arg=room, polling=500
    )


def bar(one: Person):
    return one.page.locator("#unread-bar")


def test_it_says_how_much_is_new_and_a_jump_to_the_end_reads_nothing(make_bob, room):
    bob = make_bob(10, 97).open(f"/chat/{room}/")
    page = bob.page
    expect(bar(bob)).to_be_visible()
    expect(bar(bob).locator("[data-jump]")).to_have_text(re.compile(r"^97 new since \d{1,2}:\d\d"))
    page.screenshot(path=ARTIFACTS / "unread-bar-1280.png")
    page.click("#to-newest")
    expect(bob.message("new 96")).to_be_in_viewport()
    reads_nothing(bob, room, 97)
    bob.say("I have not read a word")
    bob.sees("I have not read a word")
    reads_nothing(bob, room, 97)
    expect(bar(bob)).to_be_visible()
    bar(bob).locator("[data-jump]").click()  # the first screenful was seen when the page opened
    expect(bob.page.locator(".message.marked")).to_be_in_viewport()
    expect(bob.page.locator(".message.marked .text")).to_have_text(re.compile(r"^\s*new [12]?\d\s*$"))
    reads_nothing(bob, room, 97)
    page.locator("#timeline").focus()
    page.keyboard.press("Escape")
    expect(bar(bob)).to_be_hidden()
    comes_to_be_read(bob, room)


def test_who_scrolls_through_it_reads_it(make_bob, room):
    bob = make_bob(10, 60, height=500).open(f"/chat/{room}/")
    expect(bar(bob)).to_be_visible()
    bob.page.locator("#timeline").hover()
    for _step in range(16):  # to the end of it
        before = bob.page.evaluate(LEFT)
        bob.page.mouse.wheel(0, 250)
        # Two steps in one frame would pass over what was never on screen.
        wait_until(lambda before=before: bob.clock.run_for(100) or bob.page.evaluate(LEFT) < max(before, 2))
    expect(bob.message("new 59")).to_be_in_viewport()
    expect(bar(bob)).to_be_hidden()
    comes_to_be_read(bob, room)


def test_what_fits_the_window_is_read_without_a_bar(make_bob, room):
    bob = make_bob(3, 3).open(f"/chat/{room}/")
    expect(bob.message("new 2")).to_be_in_viewport()
    expect(bar(bob)).to_be_hidden()
    comes_to_be_read(bob, room)


def test_in_a_short_window_only_what_was_in_it_is_read(make_bob, room):
    bob = make_bob(20, 30, height=330).open(f"/chat/{room}/")
    expect(bar(bob)).to_be_visible()
    reads_nothing(bob, room, 30)
    bob.page.click("#to-newest")
    expect(bob.message("new 29")).to_be_in_viewport()
    reads_nothing(bob, room, 30)


def test_a_hidden_page_reads_nothing_and_back_again_only_what_it_shows(make_bob, person, room):
    alice = person("alice").open(f"/chat/{room}/")
    bob = make_bob(5, 0, height=400).open(f"/chat/{room}/")
    bob.looks_away()
    for number in range(15):
        alice.say(f"meanwhile {number}")
    bob.sees("meanwhile 14")
    reads_nothing(bob, room, 15)
    bob.looks_back()
    expect(bar(bob)).to_be_visible()
    expect(bar(bob).locator("[data-jump]")).to_contain_text("15 new since")
    reads_nothing(bob, room, 15)
    bar(bob).locator("[data-read]").click()
    comes_to_be_read(bob, room)


def test_it_follows_what_is_marked_unread(make_bob, room):
    bob = make_bob(6, 0).open(f"/chat/{room}/")
    bob.context.request.get("/")  # nothing is unread yet
    expect(bar(bob)).to_be_hidden()
    row = bob.message("old 4")
    bob.page.evaluate(
        """(id) => document.dispatchEvent(new CustomEvent("rt:command",
            { detail: { type: "unread", fields: { message_id: id } } }))""",
        int(row.get_attribute("data-id")),
    )
    expect(bar(bob)).to_be_visible()
    expect(bar(bob).locator("[data-jump]")).to_contain_text("2 new")
    reads_nothing(bob, room, 2)
    bob.page.keyboard.press("Escape")  # the field is empty
    expect(bar(bob)).to_be_hidden()
    comes_to_be_read(bob, room)


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_and_has_no_barrier(make_bob, room, width, scheme):
    bob = make_bob(10, 40, width=width)
    bob.page.emulate_media(color_scheme=scheme)
    bob.open(f"/chat/{room}/")
    expect(bar(bob)).to_be_visible()
    assert barriers(bob.page) == []
    assert sticking_out(bob.page) == []
    bob.page.screenshot(path=ARTIFACTS / f"unread-bar-{scheme}-{width}.png")
