"""Forms that are answered where they stand: what was open stays open, and the focus where it was."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import ARTIFACTS
from .test_room_settings import about, agree

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
STATUS = """
from accounts.models import User
from rooms.services import profiles
profiles.set_status(User.objects.get(username="bob"), "On holiday", "🌴", "away", "30m")
"""


def test_managing_a_room_stays_open(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    panel = about(alice, room)
    panel.get_by_text("Manage this room").click()
    panel.locator("#title").fill(f"{room} anew")
    panel.get_by_role("button", name="Rename").click()
    expect(alice.page.locator(".room-head h1")).to_have_text(f"{room} anew")
    expect(panel.get_by_role("button", name="Rename")).to_be_focused()
    panel.get_by_role("button", name="Make private").click()
    expect(alice.page.locator("dialog[open]")).to_be_visible()
    # What others do draws the panel anew while the question stands there.
    alice.page.evaluate("document.querySelectorAll('#panel-body form').forEach(f => f.replaceWith(f.cloneNode(true)))")
    agree(alice, "Whoever is not a member loses it at once")
    expect(panel.get_by_role("button", name="Make public")).to_be_focused()
    alice.page.screenshot(path=ARTIFACTS / "managing-stays-open.png")


def test_a_page_without_a_room_answers_in_place(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    alice.page.goto(f"/chat/{room}/about/")
    alice.page.evaluate("window.same = true")
    alice.page.get_by_text("Manage this room").click()
    alice.page.locator("#title").fill(f"{room} anew")
    alice.page.get_by_role("button", name="Rename").click()
    expect(alice.page.locator("h1").first).to_contain_text(f"{room} anew")
    expect(alice.page.get_by_role("button", name="Rename")).to_be_focused()
    alice.page.goto("/people/")
    alice.page.evaluate("window.same = true")
    alice.page.get_by_role("main").get_by_role("searchbox").fill("ali")
    alice.page.keyboard.press("Enter")
    expect(alice.page).to_have_url(re.compile("[?]q=ali$"))
    expect(alice.page.locator("#directory")).to_contain_text("alice")
    assert alice.page.evaluate("window.same")
    alice.page.go_back()
    expect(alice.page).to_have_url(re.compile("/people/$"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_has_one_way_back_and_each_room_once(person, room, scheme):
    alice = person("alice", **PHONE, color_scheme=scheme).open(f"/chat/{room}/")
    alice.page.goto(f"/chat/{room}/about/")
    expect(alice.page.locator(".room-head .icon-button:visible")).to_have_count(1)
    alice.page.screenshot(path=ARTIFACTS / f"about-phone-{scheme}.png")
    alice.page.goto("/chat/")
    expect(alice.page.locator(f'main li[data-room="{room}"]:visible')).to_have_count(1)
    expect(alice.page.get_by_role("heading", name="Other rooms")).to_be_visible()
    alice.page.screenshot(path=ARTIFACTS / f"rooms-phone-{scheme}.png", full_page=True)


def test_an_empty_room_hints_at_the_bot_until_somebody_has_written(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    field = alice.page.locator("#composer-text")
    if alice.page.locator("#log .message").count() == 0:
        expect(field).to_have_attribute("placeholder", f"Message {room}, or ask @bot")
    alice.say("hello")
    alice.sees("hello")
    expect(field).to_have_attribute("placeholder", f"Message {room}")


def test_a_status_stands_beside_the_name_while_its_person_is_here(person, room, stack):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    bob.say("hello")
    bob.say("and how are you?")
    head = alice.sees("hello").locator(".head")
    stack.run(STATUS)
    expect(head.locator(".author-status")).to_have_text("🌴")
    expect(head.get_by_role("img", name="🌴 On holiday")).to_be_visible()
    follows = alice.sees("and how are you?")
    expect(follows).to_contain_class("follows")
    expect(follows.locator(".author-status")).to_be_hidden()  # it is said once
    alice.page.screenshot(path=ARTIFACTS / "author-status.png")
    bob.page.close()
    expect(head.locator(".author-status")).to_have_count(0)
