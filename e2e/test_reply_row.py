"""The row under an answer: stop it, ask again, earlier answers, sources, and what one thinks of it."""

import re

import pytest
from playwright.sync_api import expect

from .keyboard import Keys
from .model_server import Reply
from .page_audit import barriers, sticking_out
from .test_bot import WORDS, gate, is_complete, reply_of  # noqa: F401


@pytest.fixture
def size(size):
    """A phone is touched, so that what is touched is as large as a finger."""
    return {**size, "has_touch": size["viewport"]["width"] < 900}


def row_of(person):
    return reply_of(person).locator(".reply-row")


def test_escape_in_an_empty_field_stops_the_answer_to_me(person, room, model, gate):  # noqa: F811
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    model.say(WORDS, hold=gate, hold_after=2)
    alice.say("@bot tell me a long story")
    for one in (alice, bob):
        expect(row_of(one).get_by_role("button", name="Stop")).to_be_visible()
        expect(reply_of(one).locator(".text")).to_have_text("Grüße an")
    bob.page.locator("#composer-text").press("Escape")  # it is not bob's
    alice.page.locator("#composer-text").fill("half a sentence")
    alice.page.locator("#composer-text").press("Escape")
    expect(reply_of(alice)).to_have_attribute("data-state", "streaming")
    alice.page.locator("#composer-text").fill("")
    alice.page.locator("#composer-text").press("Escape")
    for one in (alice, bob):
        expect(reply_of(one)).to_have_attribute("data-state", "stopped")
        expect(row_of(one).get_by_role("button", name="Stop")).to_be_hidden()


def test_earlier_answers_can_be_seen(person, room, model, size):
    alice, bob = person("alice", **size).open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    model.say("The **first** answer.")
    alice.say("@bot one question")
    is_complete(alice, "The first answer.")
    expect(row_of(alice).locator(".versions")).to_be_hidden()
    model.say("The *second* answer.")
    row_of(alice).get_by_role("button", name="Ask again").click()
    for one in (alice, bob):
        is_complete(one, "The second answer.")
        expect(row_of(one).locator(".versions")).to_contain_text("2/2")
    row_of(alice).get_by_role("button", name="Earlier answer").click()
    expect(reply_of(alice).locator(".text strong")).to_have_text("first")
    expect(row_of(alice).locator(".versions")).to_contain_text("1/2")
    expect(row_of(alice).get_by_role("button", name="Earlier answer")).to_be_disabled()
    expect(reply_of(bob).locator(".text")).to_have_text("The second answer.")
    row_of(alice).get_by_role("button", name="Later answer").click()
    expect(reply_of(alice).locator(".text em")).to_have_text("second")
    expect(row_of(alice).locator(".versions")).to_contain_text("2/2")
    assert alice.page.evaluate("document.documentElement.scrollWidth") <= alice.page.viewport_size["width"]
    assert row_of(alice).bounding_box()["height"] < 40  # one line


def test_answers_are_chosen_by_keys(person, room, model):
    alice = person("alice").open(f"/chat/{room}/")
    keys = Keys(alice.page)
    model.say("The first answer.")
    keys.is_at("#composer-text")
    keys.type("@bot one question").press("Enter")
    is_complete(alice, "The first answer.")
    model.say("The second answer.")
    keys.to(".message", by="Shift+Tab", within=1).to("[data-do=again]", within=8).press("Enter")
    is_complete(alice, "The second answer.")
    expect(row_of(alice).locator(".versions")).to_contain_text("2/2")
    alice.page.focus("#composer-text")
    keys.to(".message", by="Shift+Tab", within=1).to("[data-do=older]", within=12).press("Enter")
    is_complete(alice, "The first answer.")
    keys.is_at("[data-do=newer]")
    keys.press("Enter")
    is_complete(alice, "The second answer.")
    keys.is_at("[data-do=older]")


def test_nothing_in_the_row_covers_anything_under_a_finger(person, room, model):
    alice = person("alice", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    alice.open(f"/chat/{room}/")
    model.say("One answer.")
    alice.say("@bot one question")
    is_complete(alice, "One answer.")
    row_of(alice).get_by_role("button", name="Ask again").tap()
    expect(row_of(alice).locator(".versions")).to_contain_text("2/2")
    is_complete(alice, "One answer.")
    things = row_of(alice).locator("button:visible, .versions > span")
    boxes = [box for box in (one.bounding_box() for one in things.all()) if box]
    assert len(boxes) == 7
    assert all(box["height"] < 60 for box in boxes)
    for number, one in enumerate(boxes):
        for other in boxes[number + 1 :]:
            beside = one["x"] + one["width"] <= other["x"] + 1 or other["x"] + other["width"] <= one["x"] + 1
            assert beside or one["y"] + one["height"] <= other["y"] + 1 or other["y"] + other["height"] <= one["y"] + 1
    assert sticking_out(alice.page) == []


def test_a_double_click_on_stop_does_not_ask_again(person, room, model, gate):  # noqa: F811
    alice = person("alice").open(f"/chat/{room}/")
    model.say(WORDS, hold=gate, hold_after=2)
    alice.say("@bot tell me a long story")
    row_of(alice).get_by_role("button", name="Stop").click()
    expect(reply_of(alice)).to_have_attribute("data-state", "stopped")
    row_of(alice).get_by_role("button", name="Ask again").dispatch_event("click", {"detail": 2})
    alice.say("meanwhile")
    alice.sees("meanwhile")
    expect(reply_of(alice)).to_have_attribute("data-state", "stopped")


@pytest.mark.parametrize("width", [390, 1280])
def test_a_stopped_answer_goes_on(person, room, model, gate, width):  # noqa: F811
    alice = person("alice").open(f"/chat/{room}/")
    bob = person("bob", viewport={"width": width, "height": 800}, has_touch=width < 900).open(f"/chat/{room}/")
    model.next(Reply(WORDS, hold=gate, hold_after=2))
    model.say("and to all others.")
    alice.say("@bot tell me a long story")
    expect(reply_of(bob).locator(".text")).to_have_text("Grüße an")
    expect(row_of(bob).get_by_role("button", name="Continue")).to_be_hidden()
    row_of(bob).get_by_role("button", name="Stop").click()
    expect(reply_of(bob)).to_have_attribute("data-state", "stopped")
    bob.page.fill("#composer-text", "half a sentence")
    row_of(bob).get_by_role("button", name="Continue").dispatch_event("click", {"detail": 2})  # of two on "Stop"
    assert sticking_out(bob.page) == []
    assert barriers(bob.page) == []
    row_of(bob).get_by_role("button", name="Continue").click()
    for one in (alice, bob):
        expect(one.sees("Please continue.").locator(".quote")).to_contain_text("Grüße an")
        is_complete(one, "and to all others.")
        expect(one.page.locator(".message.is-bot")).to_have_count(2)
        expect(row_of(one).get_by_role("button", name="Continue")).to_be_hidden()
    expect(bob.page.locator("#composer-text")).to_have_value("half a sentence")
    assert "Grüße an" in model.requests[-1].said


def test_what_one_thinks_of_an_answer_is_kept(person, room, model, size):
    alice = person("alice", **size).open(f"/chat/{room}/")
    model.say("An answer.")
    alice.say("@bot a question")
    is_complete(alice, "An answer.")
    good, bad = (row_of(alice).get_by_role("button", name=name) for name in ("Good answer", "Bad answer"))
    good.click()
    expect(good).to_have_attribute("aria-pressed", "true")
    bad.click()
    expect(bad).to_have_attribute("aria-pressed", "true")
    expect(good).to_have_attribute("aria-pressed", "false")
    why = reply_of(alice).get_by_placeholder("What was wrong?")
    why.fill("Too short.")
    why.press("Enter")
    expect(why).to_have_count(0)
    alice.page.reload()
    alice.is_live()
    expect(bad).to_have_attribute("aria-pressed", "true")
    bad.click()
    expect(bad).to_have_attribute("aria-pressed", "false")


def test_sources_say_who_and_what_and_lead_there_and_back(person, room, model, size, history):  # noqa: F811
    alice, bob = person("alice", **size), person("bob").open(f"/chat/{room}/")
    bob.say("The printer is on the **second** floor.")
    number = bob.sees("The printer is on the second floor.").get_attribute("data-id")
    history(room, "bob", 40)
    alice.open(f"/chat/{room}/")
    model.say(f"On the second floor [#{number}].")
    alice.say("@bot where is the printer?")
    expect(reply_of(alice)).to_have_attribute("data-state", "complete")
    row_of(alice).get_by_role("button", name="Sources 1").click()
    source = alice.page.locator("#panel .sources a")
    expect(source).to_have_text(re.compile(r"bob\s.*The printer is on the second floor\.", re.DOTALL))
    assert (barriers(alice.page), sticking_out(alice.page)) == ([], [])
    source.click()
    expect(alice.page.locator(f"#m{number}")).to_be_in_viewport()
    if size["viewport"]["width"] < 1100:
        expect(alice.page.locator("#panel")).not_to_have_class(re.compile("open"))
    expect(alice.page).to_have_url(re.compile(f"#m{number}$"))
    alice.page.get_by_role("button", name="Back to the answer").click()
    expect(reply_of(alice)).to_be_in_viewport()
    expect(alice.page.locator("#back-to-answer")).to_be_hidden()


def test_the_row_by_keyboard(person, room, model):
    alice = person("alice").open(f"/chat/{room}/")
    model.say("An answer.")
    alice.say("@bot a question")
    is_complete(alice, "An answer.")
    row_of(alice).get_by_role("button", name="Ask again").focus()
    for name in ("About this answer", "Good answer", "Bad answer", "Ask again"):
        alice.page.keyboard.press("ArrowRight")
        expect(row_of(alice).get_by_role("button", name=name)).to_be_focused()
    alice.page.keyboard.press("ArrowLeft")
    alice.page.keyboard.press("ArrowLeft")
    alice.page.keyboard.press("Enter")
    good = row_of(alice).get_by_role("button", name="Good answer")
    expect(good).to_have_attribute("aria-pressed", "true")
    expect(good).to_be_focused()
    alice.page.keyboard.press("Escape")
    expect(alice.page.locator("#composer-text")).to_be_focused()
