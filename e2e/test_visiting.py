"""Looking at a room before joining it, making one, and the first message to somebody."""

import re

from playwright.sync_api import expect


def test_a_room_is_looked_at_and_joined_by_writing(person, room, size):
    alice = person("alice").open(f"/chat/{room}/")
    alice.say("first")
    alice.sees("first")
    charlie = person("charlie", **size)
    charlie.page.goto(f"/chat/{room}/")
    charlie.is_visiting()
    charlie.sees("first")
    expect(charlie.page.locator("#people-list")).to_contain_text("alice")
    alice.say("second")
    alice.sees("second")
    charlie.looks_away()
    charlie.looks_back()  # looks at once for what is new
    charlie.sees("second")
    charlie.message("second").hover()
    expect(charlie.page.locator(".actions [data-do=reply]")).to_be_visible()
    expect(charlie.page.locator(".actions [data-do=react]:not([data-emoji])")).to_be_hidden()
    expect(alice.page.locator("#people-list")).not_to_contain_text("charlie")
    charlie.say("hello from outside")
    charlie.is_live()
    charlie.sees("hello from outside")
    expect(charlie.page.locator("#join")).to_have_count(0)
    alice.sees("hello from outside")
    expect(alice.page.locator("#people-list")).to_contain_text("charlie")


def test_what_is_said_while_the_page_is_still_loading_is_not_lost(person, room):
    person("alice").open(f"/chat/{room}/").say("come in")
    charlie, held = person("charlie"), []
    charlie.page.route("**/joined/timeline.*.js", lambda route: held.append(route))
    charlie.page.goto(f"/chat/{room}/")
    charlie.sees("come in")
    field = charlie.page.locator("#composer-text")
    field.fill("said early")
    field.press("Enter")
    expect(field).to_have_value("")
    held.pop().continue_()
    charlie.is_live()
    charlie.sees("said early")


def test_what_is_said_while_the_first_message_is_sent_stays_in_the_field(person, room):
    person("alice").open(f"/chat/{room}/").say("come in")
    charlie, held = person("charlie"), []
    charlie.page.goto(f"/chat/{room}/")
    charlie.is_visiting()
    charlie.page.route(f"**/api/rooms/{room}/messages", lambda route: held.append(route))
    field = charlie.page.locator("#composer-text")
    for text in ("one", "two"):
        field.fill(text)
        field.press("Enter")
    expect(field).to_have_value("two")
    held.pop().continue_()
    charlie.is_live()
    charlie.sees("one")
    expect(field).to_have_value("two")


def test_a_room_is_joined_by_its_button(person, room, size):
    person("alice").open(f"/chat/{room}/").say("come in")
    charlie = person("charlie", **size)
    charlie.page.goto(f"/chat/{room}/")
    charlie.page.fill("#composer-text", "a draft")
    text = charlie.page.locator(".join-bar p")
    assert text.bounding_box()["height"] < 3 * text.locator("b").bounding_box()["height"], "a sentence, not a column"
    charlie.page.click("#join")
    charlie.is_live()
    charlie.sees("come in")
    expect(charlie.page.locator("#composer-text")).to_have_value("a draft")
    expect(charlie.page.locator(f"#side-rooms li[data-room='{room}']")).to_have_count(1)


def test_a_message_that_cannot_leave_is_kept(person, room):
    person("alice").open(f"/chat/{room}/")
    charlie = person("charlie")
    charlie.page.goto(f"/chat/{room}/")
    charlie.is_visiting()
    charlie.context.set_offline(True)
    charlie.say("written in a tunnel")
    expect(charlie.page.locator("#toast")).to_be_visible()
    expect(charlie.page.locator("#composer-text")).to_have_value("written in a tunnel")
    expect(charlie.message("written in a tunnel")).to_have_count(0)
    charlie.context.set_offline(False)
    charlie.page.press("#composer-text", "Enter")
    charlie.is_live()
    charlie.sees("written in a tunnel")


def test_an_address_of_no_room_offers_to_create_it(person, room, size):
    alice = person("alice", **size)
    alice.expect_fault("status of 404")
    alice.page.goto(f"/chat/{room} C++/")
    expect(alice.page.get_by_role("heading", level=1)).to_contain_text(f"{room} C++")
    alice.page.click("#create-room")
    alice.is_live()
    expect(alice.page.get_by_role("heading", level=1)).to_have_text(f"{room} C++")
    alice.page.goto(f"/chat/{room} C%23/")
    expect(alice.page.locator("main").get_by_role("link", name=f"{room} C++", exact=True)).to_be_visible()
    alice.page.check("[name=private]")
    alice.page.click("#create-room")
    alice.is_live()
    expect(alice.page).to_have_url(re.compile("/chat/private--"))


def test_the_first_message_begins_direct_messages(person, room, size):
    name = f"new-{room}"
    person(name).open("/chat/")
    alice = person("alice", **size)
    alice.page.goto(f"/dm/{name}/")
    alice.is_visiting()
    expect(alice.page.locator(".beginning")).to_contain_text(name)
    alice.page.goto("/chat/")  # looking began nothing
    expect(alice.page.locator("#side-direct-messages")).not_to_contain_text(name)
    alice.page.goto(f"/dm/{name}/")
    alice.say("hello, are you new here?")
    alice.is_live()
    alice.sees("hello, are you new here?")
    other = person(name)
    other.page.goto("/dm/alice/")
    other.is_live()
    other.sees("hello, are you new here?")


def test_direct_messages_that_the_other_one_begins_appear_by_themselves(person, room):
    ours, theirs = person(f"ours-{room}").open("/chat/"), person(f"theirs-{room}")
    clock = theirs.set_clock()
    theirs.page.goto(f"/dm/{ours.name}/")
    theirs.is_visiting()
    ours.page.goto(f"/dm/{theirs.name}/")
    ours.say("I was faster")
    ours.sees("I was faster")
    clock.run_for(15_000)
    theirs.is_live()
    theirs.sees("I was faster")
