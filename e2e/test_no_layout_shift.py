"""What comes in moves nothing that is being read: a reply that streams and is then formatted, a quote that changes."""

import threading

import pytest
from playwright.sync_api import expect

from .test_scrolling import top_of

PIECES = [
    "Here is a list:\n\n",
    "1. **one**\n2. two\n\n",
    "```python\nprint(1)\n```\n\n",
    "| a | b |\n|---|---|\n| 1 | 2 |\n",
]
WATCH = """() => {
    const text = document.querySelector(".message.is-bot .text");
    window.seen = [];
    new MutationObserver(() => window.seen.push(text.textContent.length)).observe(text, {
        childList: true, characterData: true, subtree: true,
    });
}"""


@pytest.fixture
def gates():
    found = threading.Event()
    yield found
    found.set()


def test_a_reply_that_is_formatted_moves_nothing(person, room, size, model, gates, history):  # noqa: F811
    alice, bob = person("alice", **size), person("bob")
    history(room, "bob", 60)
    alice.open(f"/chat/{room}/")
    bob.open(f"/chat/{room}/")
    model.say(PIECES, hold=gates, hold_after=3)
    bob.say("@bot a list, please")
    reply = alice.page.locator(".message.is-bot")
    expect(reply.locator(".text pre")).to_contain_text("print(1)")
    alice.page.evaluate(WATCH)
    alice.page.evaluate("document.getElementById('timeline').scrollTop = -500")
    expect(alice.page.locator("#to-newest")).to_be_visible()
    message, top = top_of(alice.page)
    gates.set()
    expect(reply).to_have_attribute("data-state", "complete")
    expect(reply.locator("table")).to_be_attached()
    now, there = top_of(alice.page)
    assert (now, abs(there - top) <= 1) == (message, True)  # lines are no whole pixels high
    assert 0 not in alice.page.evaluate("window.seen")  # never empty on the way: no flicker
    bob_sees = bob.page.locator(".message.is-bot")
    expect(bob_sees.locator("pre code")).to_be_visible()
    expect(bob_sees.locator("table")).to_be_in_viewport()  # who is at the end stays there


def test_a_quote_follows_what_becomes_of_the_message(person, room):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    alice.say("at ten")
    bob.sees("at ten")
    bob.message("at ten").hover()
    bob.page.click(".actions [data-do=reply]")
    bob.say("I will be there")
    quote = bob.sees("I will be there").locator(".quote")
    expect(quote).to_contain_text("at ten")
    alice.choose("at ten", "edit")
    alice.edit_to("at eleven")
    expect(quote).to_contain_text("at eleven")


def test_who_missed_much_begins_at_the_first_of_it(person, room, size, history):  # noqa: F811
    bob = person("bob", **size).open(f"/chat/{room}/")
    history(room, "bob", 0)
    bob.say("read this")
    bob.sees("read this")
    bob.open("/chat/")
    person("alice")
    history(room, "alice", 130)
    bob.open(f"/chat/{room}/")
    expect(bob.page.locator(".new-line + .message .text")).to_have_text("line 0")
    expect(bob.page.locator(".new-line")).to_be_in_viewport()
    expect(bob.page.locator("#to-newest .count")).to_have_text("130")
    bob.page.click("#to-newest")
    expect(bob.message("line 129")).to_be_in_viewport()
