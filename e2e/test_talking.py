"""Two people, one room, two web processes."""

import re

from playwright.sync_api import expect


def test_two_people_talk(person, room):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    alice.say("Hello **bob**")
    expect(bob.sees("Hello bob").locator("strong")).to_have_text("bob")
    expect(bob.sees("Hello bob").locator(".author")).to_have_text("alice")
    bob.say("Hello alice, ünïcödé 👋")
    alice.sees("Hello alice, ünïcödé 👋")
    assert alice.texts() == bob.texts() == ["Hello bob", "Hello alice, ünïcödé 👋"]
    for one in (alice, bob):
        expect(one.page.locator("#people-list .name")).to_have_text(["alice", "bob", "bot"])


def test_the_history_is_there_after_a_reload(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    for number in range(3):
        alice.say(f"line {number}")
        alice.sees(f"line {number}")
    # What goes on has room for the time of day beside it, not for "a minute ago".
    expect(alice.page.locator(".message.follows time")).to_have_text([re.compile(r"^\d\d?:\d\d")] * 2)
    alice.page.reload()
    alice.is_live()
    assert alice.texts() == ["line 0", "line 1", "line 2"]


def test_a_room_is_opened_by_the_name_as_typed(person, room):
    alice = person("alice").open("/new-room/")
    alice.page.fill("[name=title]", f"Café Döner {room}")
    alice.page.press("[name=title]", "Enter")
    alice.page.wait_for_url(f"**/chat/cafe-doner-{room}/")
    expect(alice.page.locator("h1")).to_have_text(f"Café Döner {room}")
    alice.is_live()


def test_a_private_direct_message_is_seen_by_two_and_nobody_else(person):
    alice, bob, charlie = person("alice"), person("bob"), person("charlie")
    alice.open("/dm/bob/").say("just between us")
    bob.open("/dm/alice/").sees("just between us")
    name = bob.page.evaluate("JSON.parse(document.getElementById('boot').textContent).room.name")
    charlie.expect_fault("404")
    for path in (f"/chat/{name}/", f"/api/rooms/{name}/messages"):
        assert charlie.page.goto(path).status == 404
        assert "just between us" not in charlie.page.content()
    charlie.open("/chat/")
    expect(charlie.page.locator("body")).not_to_contain_text("alice")


def test_the_dot_at_direct_messages_follows_who_comes_and_goes(person, room):
    """Waits for what the server and the page wait for: 3 s for people who come back, 5 s between two questions."""
    alice, bob = person("alice"), person("bob")
    alice.open(f"/chat/{room}/").open("/dm/bob/")
    bob.open(f"/chat/{room}/")
    dot = bob.page.locator("#side-direct-messages li", has_text="alice").locator(".avatar.here")
    expect(dot).to_be_attached()
    alice.open(f"/chat/{room}/")
    alice.page.goto("about:blank")
    expect(dot).not_to_be_attached()
    alice.open(f"/chat/{room}/")
    expect(dot).to_be_attached()


def test_who_was_away_sees_what_was_missed_once(person, room):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    alice.say("before")
    bob.sees("before")
    bob.context.set_offline(True)  # new connections fail from now on …
    restart_the_web(alice.stack)  # … and the open one is cut
    expect(bob.page.locator("#banner")).to_contain_text("lost")
    for number in range(3):
        alice.say(f"missed {number}")
        alice.sees(f"missed {number}")
    assert bob.texts() == ["before"]
    bob.context.set_offline(False)
    for number in range(3):
        bob.sees(f"missed {number}", timeout=60_000)
    assert bob.texts() == alice.texts() == ["before", "missed 0", "missed 1", "missed 2"]


def test_what_is_said_while_a_web_process_dies_arrives_once(person, room):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    alice.say("first")
    bob.sees("first")
    for one in (alice, bob):  # what was asked of a process as it died
        one.expect_fault(r"net::ERR_(EMPTY_RESPONSE|CONNECTION_\w+) \(\S+/api/rooms\)$")
    restart_the_web(alice.stack)
    alice.say("second")
    bob.sees("second")
    bob.say("third")
    alice.sees("third")
    assert alice.texts() == bob.texts() == ["first", "second", "third"]


def test_a_message_from_outside_reaches_the_room(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    alice.stack.manage("say", room, "The **build** is green", "--as", "alice")
    expect(alice.sees("The build is green").locator("strong")).to_have_text("build")
    alice.page.reload()
    alice.sees(re.compile("build is green"))


def restart_the_web(stack):
    """Kill every web process, one after the other; others take their place."""
    for _each in stack.pids("web"):
        old = stack.kill("web")
        stack.wait_for_new("web", old, count=2)
