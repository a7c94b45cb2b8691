"""What one does with a message, and how messages look."""

from playwright.sync_api import expect


def unread_of(one, room: str) -> int:
    return one.context.request.get(f"/api/rooms/{room}").json()["unread"]


def has_read_all(one, room: str) -> None:
    asks = "async (room) => (await (await fetch(`/api/rooms/${room}`)).json()).unread === 0"
    one.page.wait_for_function(asks, arg=room)


def test_what_is_marked_unread_stays_unread_until_one_writes(person, room):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    for text in ("one", "two", "three"):
        alice.say(text)
        bob.sees(text)
    has_read_all(bob, room)
    assert unread_of(bob, room) == 0
    tab = bob.context.new_page()
    tab.goto(f"/chat/{room}/")
    expect(tab.locator("body")).to_have_attribute("data-connection", "live")
    expect(tab.locator(".new-line")).to_have_count(0)
    bob.page.bring_to_front()
    bob.message("two").hover()
    bob.message("two").locator(".actions [data-do=unread]").click()
    for page in (bob.page, tab):  # the other one hears of it
        expect(page.locator(".new-line + .message")).to_contain_text("two")
    alice.say("four")
    bob.sees("four")
    bob.page.evaluate("dispatchEvent(new Event('focus'))")
    alice.say("five")
    bob.sees("five")
    assert unread_of(bob, room) == 4
    bob.say("an answer")
    bob.sees("an answer")
    expect(bob.page.locator(".new-line")).to_have_count(0)
    has_read_all(bob, room)
