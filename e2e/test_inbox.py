"""The inbox: what calls for me, by keys and at once; its count agrees with what is read in the rooms."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import ARTIFACTS
from .page_audit import barriers, sticking_out
from .person import Person

SEED = """
from accounts.models import User
from rooms.services import levels, membership, messages
alice, bob = (User.objects.get(username=name) for name in ("alice", "bob"))
for person in (alice, bob):
    membership.get_or_create_and_join(person, "{room}")
levels.set_reactions(bob, True)
mine = messages.post(bob, "{room}", "Shall we take the **green** kettle?").message_id
messages.post(alice, "{room}", "Yes, the green one", reply_to=mine)
messages.react(alice, "{room}", mine, "👍")
for number in range(3):
    messages.post(alice, "{room}", f"Number {{number}} for @bob, who should look at it when there is time")
"""
MORE = """
from accounts.models import User
from rooms.services import messages
messages.post(User.objects.get(username="alice"), "{room}", "One more for @bob")
"""


@pytest.fixture
def bob(person, stack, room, size):
    person("alice")
    one = person("bob", **size, has_touch=size["viewport"]["width"] < 900)
    stack.run("from rooms.models import Notification\nNotification.objects.all().delete()")
    stack.run(SEED.format(room=room))
    return one


def rows(one: Person):
    return one.page.locator("#inbox-rows > li")


def count(one: Person):
    return one.page.locator("#side-inbox a[href='/inbox/'] .badge")


def test_a_key_that_is_pressed_before_the_script_is_there_is_not_lost(bob):
    page, held = bob.page, []
    page.route(re.compile(r"joined/inbox\."), lambda route: held.append(route))
    with page.expect_request(re.compile(r"joined/inbox\.")):
        page.goto("/inbox/")
    page.keyboard.press("j")
    held[0].continue_()
    expect(rows(bob).nth(0).locator("a")).to_be_focused()


def test_rows_are_done_by_key_and_undone(bob):
    page = bob.page
    page.goto("/inbox/")
    expect(rows(bob)).to_have_count(5)
    expect(count(bob)).to_have_text("5")
    page.screenshot(path=ARTIFACTS / f"inbox-{page.viewport_size['width']}.png")
    page.keyboard.press("j")
    expect(rows(bob).nth(0).locator("a")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(rows(bob).nth(0)).to_contain_text("Number 2")
    page.keyboard.press("e")
    expect(rows(bob)).to_have_count(4)
    expect(rows(bob).nth(0).locator("a")).to_be_focused()
    expect(count(bob)).to_have_text("4")
    page.keyboard.press("z")
    expect(rows(bob)).to_have_count(5)
    expect(rows(bob).nth(0)).to_contain_text("Number 2")
    expect(page.locator("#inbox-said")).to_be_hidden()
    page.get_by_role("button", name="Mark all done").click()
    expect(page.locator("#inbox-empty")).to_be_visible()
    expect(count(bob)).to_have_text("")
    page.locator("#inbox-said button").click()
    expect(rows(bob)).to_have_count(5)
    page.reload()
    expect(rows(bob)).to_have_count(5)


def test_only_what_has_come_since_is_said_to_be_new(bob, stack, room):
    page, news = bob.page, bob.page.locator("#inbox-news")
    page.goto("/inbox/?kind=replies")  # of five
    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(count(bob)).to_have_text("4")
    expect(rows(bob)).to_have_count(0)
    expect(news).to_be_hidden()
    page.keyboard.press("z")
    expect(rows(bob)).to_have_count(1)
    expect(count(bob)).to_have_text("5")
    expect(news).to_be_hidden()
    stack.run(MORE.format(room=room))
    expect(news).to_be_visible()
    assert barriers(page) == []
    news.locator("a").click()
    expect(rows(bob)).to_have_count(6)
    expect(news).to_be_hidden()


def test_the_filters_are_one_line_whose_end_is_in_sight(bob):
    page = bob.page
    page.goto("/inbox/")
    tabs = page.locator(".activity-tabs")
    assert tabs.bounding_box()["height"] < 60
    done = tabs.get_by_role("link", name="Done")
    expect(done).to_be_in_viewport(ratio=1)
    tabs.get_by_role("link", name="Other").focus()
    expect(tabs.get_by_role("link", name="Other")).to_be_in_viewport(ratio=1)
    done.click()
    expect(page.get_by_role("link", name="Done")).to_have_attribute("aria-current", "page")


def test_enter_opens_the_message_which_is_read_then(bob):
    page = bob.page
    page.goto("/inbox/?kind=replies")
    expect(rows(bob)).to_have_count(1)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/chat/*/?around=*")
    expect(bob.message("Yes, the green one")).to_be_in_viewport()
    page.goto("/inbox/?kind=replies")
    expect(rows(bob).first).not_to_have_class("unread")


def test_the_count_is_live_and_falls_with_reading(bob, person, room):
    alice = person("alice").open(f"/chat/{room}/")
    page = bob.open("/chat/lobby/").page
    expect(count(bob)).to_have_text("5")
    alice.say("One more for @bob")
    expect(count(bob)).to_have_text("6")
    other = bob.context.new_page()
    other.goto(f"/chat/{room}/")
    other.bring_to_front()
    expect(other.locator("#side-inbox a[href='/inbox/'] .badge")).to_have_text("")
    expect(count(bob)).to_have_text("")
    page.goto("/inbox/")
    expect(rows(bob)).to_have_count(6)
    expect(page.locator("#inbox-rows .unread")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_has_no_barrier(bob, scheme):
    bob.page.emulate_media(color_scheme=scheme)
    bob.page.goto("/inbox/")
    expect(rows(bob)).to_have_count(5)
    assert barriers(bob.page) == []
    assert sticking_out(bob.page) == []
    bob.page.screenshot(path=ARTIFACTS / f"inbox-{scheme}-{bob.page.viewport_size['width']}.png")
