"""What somebody has in hand: nothing that comes in, and nothing that closes, takes it away."""

from playwright.sync_api import expect


def test_what_is_offered_at_a_failed_message_stays_while_others_speak(person, room):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    alice.say("a bell \a in it")
    again, discard = (alice.page.get_by_role("button", name=name) for name in ("Send again", "Discard"))
    again.focus()
    bob.say("meanwhile")
    alice.sees("meanwhile")
    expect(again).to_be_focused()
    discard.hover()
    alice.page.mouse.down()
    bob.say("between down and up")
    alice.sees("between down and up")
    discard.hover()
    alice.page.mouse.up()
    expect(discard).to_have_count(0)
