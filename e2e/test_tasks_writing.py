"""What people do all day, by keys alone and by mouse: answer, react, think again, and hold back a bot.

After every key, something has the focus, and shows it (keyboard.py).
"""

import pytest
from playwright.sync_api import expect

from .keyboard import MENU, Keys
from .test_bot import WORDS, gate, reply_of  # noqa: F401
from .test_tasks_reading import SEED


@pytest.fixture
def alice(at_her_desk):
    return at_her_desk(SEED)


def reaction(one):
    return one.message("third").locator(".reaction")


def test_a_reaction(alice):
    keys = Keys(alice.page)
    keys.to(".message", by="Shift+Tab", within=1).press("+").type("thumbs up").once_shown(".emoji-grid button")
    keys.press("Enter")
    expect(reaction(alice)).to_contain_text("👍")
    expect(reaction(alice)).to_have_attribute("aria-pressed", "true")
    keys.to("[data-emoji='👍']", within=12).press("Enter")  # and back
    expect(reaction(alice)).to_have_count(0)


def test_a_reaction_by_one_click(alice):
    alice.message("third").hover()
    alice.page.get_by_role("button", name="React with 👍").click()
    expect(reaction(alice)).to_have_attribute("aria-pressed", "true")


def test_a_reply(alice):
    keys = Keys(alice.page)
    keys.to(".message", by="Shift+Tab", within=1).press("k", "r").is_at("#composer-text")
    keys.type("to the second").press("Enter")
    expect(alice.sees("to the second").locator(".quote")).to_have_text("quentin second")


def test_think_again(alice):
    """Edit the last one, delete it, and take it back."""
    keys = Keys(alice.page)
    keys.type("a word").press("Enter")
    alice.sees("a word")
    keys.press("ArrowUp").type(" more").press("Enter")
    alice.sees("a word more")
    keys.is_at("#composer-text")
    keys.to(".message", by="Shift+Tab", within=1).open("m", MENU).to("[data-do=delete]", by="ArrowUp", within=3)
    keys.press("Enter").is_at("#undo button")
    keys.press("Enter")
    expect(alice.page.locator(".going, .deleted")).to_have_count(0)
    alice.sees("a word more")


@pytest.mark.parametrize("way", ["Escape", "s", "click"])
def test_a_bot_is_stopped_and_asked_again(alice, model, gate, way):  # noqa: F811
    page, keys = alice.page, Keys(alice.page)
    model.say(WORDS, hold=gate, hold_after=2)
    keys.type("@bot tell a long story").press("Enter")
    stop = page.get_by_role("button", name="Stop")
    expect(stop).to_be_visible()
    if way == "click":
        stop.click()
    else:
        if way == "s":
            keys.to(".message", by="Shift+Tab", within=1)
        keys.press(way)
    expect(reply_of(alice)).to_have_attribute("data-state", "stopped")
    expect(stop).to_be_hidden()
    expect(reply_of(alice)).to_contain_text("Stopped")
    model.say("A short one.")
    if way == "click":
        page.get_by_role("button", name="Ask again").click()
    else:
        page.focus("#composer-text")
        keys.to(".message", by="Shift+Tab", within=1).to("[data-do=again]", within=8).press("Enter")
    expect(reply_of(alice)).to_have_attribute("data-state", "complete")
    expect(reply_of(alice).locator(".text")).to_have_text("A short one.")
