"""One socket a page: pages without a room hear what is new as well, and a server of before is still understood."""

import re

import pytest
from playwright.sync_api import expect

from .test_phone import PHONE

# An old server answers 404 at the page's address, as this one does where there is nothing.
OLD_SERVER = """
window.WebSocket = class extends WebSocket {
    constructor(address, protocol) { super(address.replace("/ws/page/", "/ws/nothing/"), protocol); }
};
"""


def sockets_of(one) -> list:
    """The sockets that pages of this person open from now on."""
    found = []
    one.page.on("websocket", lambda socket: found.append(socket))
    return found


def paths(sockets) -> list[str]:
    return ["/" + socket.url.split("/", 3)[3].split("?")[0] for socket in sockets]


@pytest.mark.parametrize("options", [{"viewport": {"width": 1280, "height": 800}}, PHONE], ids=["wide", "phone"])
def test_the_list_of_rooms_counts_while_it_is_looked_at(person, room, options):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob", **options).open(f"/chat/{room}/")
    sockets = sockets_of(bob)
    bob.page.goto("/chat/")
    shown = bob.page.locator(f'main li[data-room="{room}"] .badge').locator("visible=true")
    expect(shown).to_have_count(0)
    for count in ("1", "2"):
        alice.say(f"news {count}")
        expect(shown.first).to_have_text(count)  # on a phone, in the list of mine and in that of all
    expect(bob.page.locator("link[rel=icon]")).to_have_attribute("href", re.compile("^data:image/png"))  # with a dot
    assert paths(sockets) == ["/ws/page/"]


def test_a_room_and_its_neighbours_come_over_one_socket(person, room):
    alice, bob = person("alice").open(f"/chat/{room}-too/"), person("bob").open(f"/chat/{room}-too/")
    sockets = sockets_of(bob)
    bob.open(f"/chat/{room}/")
    bob.say("hello")
    bob.sees("hello")
    alice.say("elsewhere")
    expect(bob.page.locator(f'#side li[data-room="{room}-too"] .badge')).to_have_text("1")
    assert paths(sockets) == ["/ws/page/"]


def test_who_comes_back_from_away_counts_at_once(person, room):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    bob.page.goto("/chat/")
    bob.context.set_offline(True)
    bob.page.evaluate("dispatchEvent(new Event('offline'))")
    alice.say("while you were away")
    alice.sees("while you were away")
    bob.context.set_offline(False)
    bob.page.evaluate("dispatchEvent(new Event('online'))")
    expect(bob.page.locator(f'#side li[data-room="{room}"] .badge')).to_have_text("1")


def test_a_room_works_at_a_server_of_before(person, room):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob")
    bob.expect_fault(r"WebSocket connection to .*/ws/nothing/")
    bob.expect_fault(r"status of 404")
    bob.add_init_script(OLD_SERVER)
    sockets = sockets_of(bob)
    bob.open(f"/chat/{room}/")
    bob.say("from the new page")
    alice.sees("from the new page")
    alice.say("to the new page")
    bob.sees("to the new page")
    assert paths(sockets)[-1] == f"/ws/chat/{room}/"
