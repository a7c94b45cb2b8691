"""What people do all day, by keys alone and by mouse: what is new, what is marked, and how much a room may call.

After every key, something has the focus, and shows it (keyboard.py).
"""

import pytest
from playwright.sync_api import expect

from .keyboard import MENU, Keys

SEED = """
from accounts.models import User
from rooms.services import membership, messages
alice, quentin = (User.objects.get(username=name) for name in ("alice", "quentin"))
for name in ("{room}", "{room}-b", "{room}-c"):
    for person in (alice, quentin):
        membership.get_or_create_and_join(person, name)
for text in ("first", "second", "third"):
    messages.post(quentin, "{room}", text)
messages.post(quentin, "{room}-c", "Something new")
"""


@pytest.fixture
def alice(at_her_desk):
    """In a room where all is read; another one has something new."""
    return at_her_desk(SEED)


def unread(one):
    return one.page.locator("#side li[data-room].unread")


def test_from_unread_room_to_unread_room(alice, room):
    keys = Keys(alice.page)
    expect(unread(alice)).to_have_count(1)
    keys.press("Alt+Shift+ArrowDown")
    expect(alice.page).to_have_url(f"{alice.stack.base_url}/chat/{room}-c/")
    expect(alice.message("Something new")).to_be_visible()
    expect(unread(alice)).to_have_count(0)


def test_unread_from_here(alice, room):
    page, keys = alice.page, Keys(alice.page)
    keys.to(".message", by="Shift+Tab", within=1).press("k").open("m", MENU)
    keys.to("#message-menu [data-do=unread]", by="ArrowDown", within=5).press("Enter")
    expect(page.locator(".new-line + .message")).to_contain_text("second")
    keys.press("Control+k").type(f"{room}-b").press("Enter")
    expect(page).to_have_url(f"{alice.stack.base_url}/chat/{room}-b/")
    expect(page.locator(f'#side li[data-room="{room}"]')).to_contain_class("unread")


def test_unread_from_here_by_mouse(alice):
    page = alice.page
    alice.message("second").click(button="right")
    page.get_by_role("menuitem", name="Mark unread from here").click()
    expect(page.locator(".new-line + .message")).to_contain_text("second")


def test_all_is_read(alice):
    keys = Keys(alice.page)
    expect(unread(alice)).to_have_count(1)
    keys.press("Shift+Escape")
    expect(unread(alice)).to_have_count(0)
    expect(alice.page.get_by_role("status").filter(has_text="marked as read")).to_be_visible()


def test_the_first_right_click_opens_the_menu_of_a_room(person, room):
    """Also while what it does is on its way."""
    alice = person("alice").open(f"/chat/{room}/")
    page = alice.page
    on_their_way: list = []
    page.route("**/joined/sidebar.*", lambda route: on_their_way.append(route), times=1)
    with page.expect_request("**/joined/sidebar.*"):
        page.locator(f'#side-rooms li[data-room="{room}"] > a').click(button="right")
    alice.stack.wait_until(lambda: page.evaluate("true") and on_their_way)
    on_their_way[0].continue_()
    expect(page.locator("#room-menu").get_by_role("menuitem", name="Star")).to_be_visible()


def test_a_room_is_muted(alice, room):
    page, keys = alice.page, Keys(alice.page)
    keys.press("Control+.").once_shown("#panel-body .panel-content")
    keys.to("#panel-body [name=muted] ~ button", within=30).press("Enter")
    expect(page.locator("#panel-body")).to_contain_text("The room is muted.")
    page.reload()
    expect(page.locator(f'#side li[data-room="{room}"]')).to_contain_class("is-muted")
    sign = page.locator(f'#side li[data-room="{room}"] > a').evaluate("(a) => getComputedStyle(a, '::after').maskImage")
    assert "icons/mute." in sign


def test_a_room_is_renamed_and_archived(alice, room):
    page, keys = alice.page, Keys(alice.page)
    keys.press("Control+.").once_shown("#panel-body .panel-content")
    keys.to(".about-manage > summary", within=25).press("Enter")
    keys.to("#panel-body [name=title]", within=2).press("Control+a").type("Teapots").press("Enter")
    expect(page.locator(".room-head")).to_contain_text("Teapots")
    expect(page.locator(f'#side li[data-room="{room}"]')).to_contain_text("Teapots")
    keys.once_shown("#panel-body .panel-content:has([name=title][value=Teapots])")
    # It is still open, and the focus is where it was.
    keys.to("#panel-body [name=do][value=close]", within=25).open("Enter", "dialog[open]")
    expect(page.get_by_role("dialog", name="Archive this room?")).to_be_visible()
    keys.to("dialog[open] .danger", by="Shift+Tab", within=1).press("Enter")
    expect(page.locator("#composer-text")).not_to_be_editable()
