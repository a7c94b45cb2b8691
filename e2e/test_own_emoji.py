"""The server's own emoji on the page: in messages, reactions, the picker and what completes names."""

import pytest
from playwright.sync_api import expect

from .conftest import ARTIFACTS

ADD = """
import io
from PIL import Image, ImageDraw
from accounts.models import User
from rooms.models import OwnEmoji
from rooms.services import own_emoji
root, _made = User.objects.get_or_create(username="root", defaults={"is_staff": True, "is_superuser": True})
for name, color in (("party_parrot", "limegreen"), ("gone", "crimson")):
    image = Image.new("RGBA", (64, 64))
    ImageDraw.Draw(image).ellipse((4, 4, 60, 60), fill=color)
    out = io.BytesIO()
    image.save(out, "PNG")
    OwnEmoji.objects.filter(name=name).delete()
    own_emoji.add(root, name, out.getvalue())
"""
DELETE = "from rooms.models import OwnEmoji; OwnEmoji.objects.filter(name='gone').delete()"
IS_DRAWN = "image => image.complete && image.naturalWidth > 0"


@pytest.fixture
def alice(stack, person, room, size):
    stack.run(ADD)
    return person("alice", **size).open(f"/chat/{room}/")


def drawn(where, name: str):
    image = where.locator(f'img.own-emoji[alt=":{name}:"]').first
    expect(image).to_be_visible()
    image.page.wait_for_function(IS_DRAWN, arg=image.element_handle())
    return image


def test_it_is_completed_sent_and_reacted_with(alice):
    page = alice.page
    page.locator("#composer-text").press_sequentially("hi :parr")
    option = page.get_by_role("option", name=":party_parrot:")
    drawn(option, "party_parrot")
    option.click()
    page.locator("#composer [type=submit]").click()
    drawn(alice.sees("hi"), "party_parrot")
    alice.say(":party_parrot::party_parrot:")
    large = page.locator(".text .emoji img").first
    expect(large).to_be_visible()
    assert large.bounding_box()["height"] > 36
    message = alice.sees("hi")
    alice.choose("hi", "react")
    picker = page.locator("#emoji-picker")
    expect(picker.get_by_role("group", name="This server").locator("img").first).to_be_visible()
    page.keyboard.type("parrot")
    found = picker.get_by_role("group", name="Found").get_by_role("button", name=":party_parrot:")
    drawn(found, "party_parrot")
    page.screenshot(path=ARTIFACTS / f"own-emoji-{page.viewport_size['width']}.png")
    found.click()
    drawn(message.locator(".reaction"), "party_parrot")
    page.reload()
    drawn(alice.page.locator(".reaction"), "party_parrot")
    page.emulate_media(color_scheme="dark")
    page.screenshot(path=ARTIFACTS / f"own-emoji-dark-{page.viewport_size['width']}.png")


def test_one_that_is_deleted_is_its_name(alice, stack):
    alice.say("bye :gone:")
    drawn(alice.sees("bye"), "gone")
    stack.run(DELETE)
    alice.expect_fault("status of 404")
    alice.page.route("**/emoji/*.webp", lambda route: route.fulfill(status=404))
    alice.page.reload()
    expect(alice.sees("bye")).to_contain_text("bye :gone:")


def test_a_name_sent_faster_than_the_emoji_are_loaded_becomes_one(alice):
    page, held = alice.page, []
    page.route("**/joined/lib_emoji.*.js", lambda route: held.append(route))
    field = page.locator("#composer-text")
    with page.expect_request("**/joined/lib_emoji.*.js"):
        field.press_sequentially("hooray :tada:")
        page.locator("#composer [type=submit]").click()
    expect(field).to_have_value("hooray :tada:")
    for route in held:
        route.continue_()
    alice.sees("hooray 🎉")
    expect(field).to_have_value("")
