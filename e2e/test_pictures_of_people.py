"""Pictures of people and rooms: chosen in the profile and on the page about a room, seen by others at once."""

from playwright.sync_api import expect

from .conftest import LAPTOP
from .files import PNG, picture, snap
from .page_audit import barriers, sticking_out

PHONE = {"viewport": {"width": 390, "height": 844}}
HERS = {"name": "me.png", "mimeType": PNG, "buffer": picture(300, 200, "tomato")}
ROOMS = {"name": "room.png", "mimeType": PNG, "buffer": picture(200, 200, "seagreen")}
NONE = """
from accounts.models import User
from rooms.services import pictures
user = User.objects.get(username="petra")
pictures.set_of_person(user, "petra", None)
"""


def drawn(image) -> None:
    expect(image).to_be_visible()
    expect(image).to_have_js_property("naturalWidth", 96)


def test_pictures_of_a_person_and_a_room_are_seen_at_once(stack, person, room):
    petra = person("petra", **LAPTOP)
    stack.run(NONE)  # of another run
    petra.open(f"/chat/{room}/")
    bob = person("bob", **PHONE).open(f"/chat/{room}/")
    petra.say("good morning")
    message = bob.sees("good morning")
    expect(message.locator(".avatar")).to_have_text("pe")

    page = petra.page
    page.goto("/accounts/profile/")
    page.set_input_files("#picture", HERS)
    page.get_by_role("button", name="Save picture").click()
    expect(page.locator(".who .avatar.large img")).to_have_js_property("naturalWidth", 256)
    snap(petra, "picture-profile", LAPTOP)
    assert barriers(page) == []
    drawn(message.locator(".avatar img"))

    petra.open(f"/chat/{room}/")
    page.locator(".room-head [data-panel=about]").click()
    page.get_by_text("Manage this room").click()
    page.set_input_files("#picture", ROOMS)
    page.get_by_role("button", name="Save picture").click()
    drawn(page.locator(".room-head .room-picture"))
    expect(page.locator(".about-head .room-picture")).to_have_js_property("naturalWidth", 256)
    drawn(page.locator(".side [aria-current] .room-picture"))
    drawn(bob.page.locator(".room-head .room-picture"))
    expect(bob.page.locator(".room-head .room-kind")).to_be_hidden()
    for one, size in ((petra, LAPTOP), (bob, PHONE)):
        snap(one, "pictures", size)
        assert sticking_out(one.page) == []
