"""The overload notice: told once when a room is crowded, and once when it is no more."""

from playwright.sync_api import expect


def test_everyone_is_told_when_a_room_is_crowded_and_when_it_is_not(person, make_stack, room):
    stack = make_stack(OVERLOAD_ROOM_USERS=2, BOT_WORKERS=0)
    alice, bob = (person(name, stack).open(f"/chat/{room}/") for name in ("alice", "bob"))
    for one in (alice, bob):
        expect(one.page.locator("#overload")).to_be_hidden()
    charlie = person("charlie", stack).open(f"/chat/{room}/")
    for one in (alice, bob, charlie):
        expect(one.page.locator("#overload")).to_be_visible()
    alice.say("still heard")
    bob.sees("still heard")
    charlie.page.close()
    bob.page.close()
    expect(alice.page.locator("#overload")).to_be_hidden(timeout=60_000)
