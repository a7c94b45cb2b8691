"""Pinning in the browser: by the menu of a message, live for everyone, in the panel and on a page; without a script."""

import re

from playwright.sync_api import expect

from .conftest import ARTIFACTS
from .page_audit import barriers, sticking_out
from .sockets import wait_until


def open_pins(one, is_open: bool = False) -> None:
    """The tab of the panel, which may be open. On a phone the way leads through the panel's first tab."""
    if not is_open:
        one.page.locator(".room-tools [data-panel]:visible").last.click()
    one.page.locator(".panel-tabs [data-panel=pins]").click()
    expect(one.page.locator("#pins")).to_be_visible()


def picture(one, name: str, size: dict) -> None:
    for scheme in ("light", "dark"):
        one.page.emulate_media(color_scheme=scheme)
        one.picture(ARTIFACTS / "looks" / f"{name}-{size['viewport']['width']}-{scheme}.png")
    one.page.emulate_media(color_scheme="light")


def test_a_pin_shows_at_once_for_everyone_and_leads_to_the_message(person, room, size, history):
    alice, bob = person("alice", **size).open(f"/chat/{room}/"), person("bob", **size).open(f"/chat/{room}/")
    alice.say("the door code is 1234")
    said = bob.sees("the door code is 1234")
    history(room, "alice", 40)
    bob.sees("line 39")
    open_pins(bob)
    expect(bob.page.locator("#pins")).to_contain_text("Nothing is pinned")
    alice.sees("the door code is 1234")
    alice.choose("the door code is 1234", "pin")
    expect(alice.page.locator(".pin-mark:visible")).to_have_count(1)
    notice = alice.page.locator(".message.is-notice", has_text="pinned a message")
    expect(notice).to_contain_text("the door code is 1234")
    sentence, quote = notice.locator(".author").bounding_box(), notice.locator(".quote").bounding_box()
    assert quote["y"] >= sentence["y"] + sentence["height"] - 1  # on a line of its own
    row = bob.page.locator("#pins li")
    expect(row).to_contain_text("the door code is 1234")
    expect(row).to_contain_text("Pinned by alice")
    expect(row.get_by_role("button")).to_have_count(0)
    assert sticking_out(bob.page) == []
    assert barriers(bob.page) == []
    picture(bob, "pins-panel", size)
    row.get_by_role("link").click()
    expect(said).to_be_in_viewport()
    expect(said).to_be_focused()
    expect(said.locator(".pin-mark")).to_be_visible()
    picture(bob, "pins-message", size)
    notice.scroll_into_view_if_needed()
    picture(alice, "pins-notice", size)

    alice.choose("the door code is 1234", "unpin")
    expect(bob.page.locator(".pin-mark:visible")).to_have_count(0)
    open_pins(bob, is_open=size["viewport"]["width"] > 720)  # a phone has closed it, to show the message
    expect(bob.page.locator("#pins")).to_contain_text("Nothing is pinned")


def test_a_change_does_not_bring_back_what_the_panel_showed_before(person, room):
    """A list that has changed is loaded again a moment later. By then another page stands in the panel, and the list
    is asked for once more."""
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob")
    clock = bob.set_clock()
    bob.open(f"/chat/{room}/")
    alice.say("the door code is 1234")
    alice.sees("the door code is 1234")
    alice.choose("the door code is 1234", "pin")
    expect(bob.page.locator(".pin-mark:visible")).to_have_count(1)
    open_pins(bob)
    expect(bob.page.locator("#pins")).to_contain_text("the door code is 1234")
    clock.pause_at(bob.page.evaluate("Date.now()") / 1000 + 5)
    alice.choose("the door code is 1234", "unpin")
    wait_until(lambda: clock.run_for(20) or not bob.page.locator(".pin-mark:visible").count())
    bob.page.locator(".panel-tabs [data-panel=about]").click()
    expect(bob.page.locator("#about-level")).to_be_visible()
    held = []
    bob.page.route("**/pins/", lambda route: route.continue_() if held else held.append(route))
    with bob.page.expect_request("**/pins/"):
        bob.page.locator(".panel-tabs [data-panel=pins]").click()
    clock.run_for(1000)
    held[0].continue_()
    expect(bob.page.locator("#pins")).to_contain_text("Nothing is pinned")


def test_a_moderator_unpins_in_the_panel_and_a_deleted_message_goes_from_it(person, room, size):
    alice = person("alice", **size).open(f"/chat/{room}/")
    for text in ("first", "second", "third"):
        alice.say(text)
        alice.sees(text)
        alice.choose(text, "pin")
    other = person("bob", **size).open(f"/chat/{room}/")
    open_pins(alice)
    rows, theirs = alice.page.locator("#pins li"), other.page.locator("#pins li")
    expect(rows.locator(".hit-text")).to_have_text(["third", "second", "first"])
    open_pins(other)
    rows.nth(1).get_by_role("button", name="Unpin").click()
    for page in (rows, theirs):
        expect(page.locator(".hit-text")).to_have_text(["third", "first"])
    assert barriers(alice.page) == []
    picture(alice, "pins-moderator", size)
    answer = alice.page.evaluate(
        """async ([room, id]) => {
            const headers = { "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value };
            const body = JSON.stringify({ type: "delete", id: crypto.randomUUID(), message_id: id });
            return (await fetch(`/api/rooms/${room}/commands`, { method: "POST", headers, body })).status;
        }""",
        [room, int(rows.nth(1).get_attribute("data-pin"))],
    )
    assert answer == 200
    for page in (rows, theirs):
        expect(page.locator(".hit-text")).to_have_text(["third"])


def test_members_are_not_offered_it_and_in_direct_messages_both_are(person, room):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    alice.say("hello")
    bob.sees("hello")
    menu = bob.page.locator("#message-menu")
    bob.message("hello").focus()
    bob.message("hello").locator("[data-do=more]").click()
    expect(menu.locator("[data-do=copy]")).to_be_visible()
    expect(menu.locator("[data-do=pin]")).to_be_hidden()
    bob.open("/dm/alice/")
    text = f"only for you in {room}"
    bob.say(text)
    bob.sees(text)
    bob.choose(text, "pin")
    expect(bob.message(text).locator(".pin-mark:visible").first).to_be_visible()
    alice.open("/dm/bob/")
    open_pins(alice)
    expect(alice.page.locator("#pins li").first).to_contain_text(text)
    expect(alice.page.locator("#pins li").first).to_contain_text("Pinned by bob")
    alice.page.locator("#pins li").first.get_by_role("button", name="Unpin").click()
    expect(bob.page.locator(".pin-mark:visible")).to_have_count(0)


def test_pinning_without_a_script(person, room, size):
    alice = person("alice").open(f"/chat/{room}/")
    alice.say("the door code is 1234")
    id = alice.sees("the door code is 1234").get_attribute("data-id")
    plain = person("alice", java_script_enabled=False, **size)
    page = plain.page
    page.goto(f"/chat/{room}/")
    page.get_by_role("link", name="Pinned messages").click()
    page.get_by_label("Pin a message").fill(f"{alice.page.url}#m{id}")
    page.get_by_role("button", name="Pin", exact=True).click()
    row = page.locator("#pins li")
    expect(row).to_contain_text("the door code is 1234")
    expect(alice.message("the door code is 1234").first.locator(".pin-mark")).to_be_visible()
    assert sticking_out(page) == []
    picture(plain, "pins-without-script", size)
    row.get_by_role("link").click()
    page.wait_for_url(re.compile(rf"around={id}#m{id}$"))
    expect(page.locator(f"#m{id}")).to_be_in_viewport()
    expect(page.locator(f"#m{id} .pin-mark")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="Unpin").click()
    expect(page.locator("#pins")).to_contain_text("Nothing is pinned")


def test_what_is_pinned_while_the_list_loads_is_in_it(person, room):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    alice.say("late")
    bob.sees("late")
    held = []
    bob.page.route("**/pins/", lambda route: held.append((route, route.fetch())), times=1)
    bob.page.locator(".room-tools [data-panel=about]").click()
    bob.page.locator(".panel-tabs [data-panel=pins]").click()
    while not held:
        bob.page.evaluate("1")  # lets the request be seen
    alice.choose("late", "pin")
    expect(bob.page.locator(".pin-mark:visible")).to_have_count(1)
    [(route, answer)] = held
    assert "Nothing is pinned" in answer.text()
    route.fulfill(response=answer)
    expect(bob.page.locator("#pins li")).to_contain_text("late")
