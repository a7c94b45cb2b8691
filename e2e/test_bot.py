"""@bot before everyone: words as they come, whoever leaves, joins or reloads meanwhile."""

import re
import threading

import pytest
from playwright.sync_api import expect

from .model_server import Reply

WORDS = ["Grüße", " an", " **alle**", ", 日本", "語", "."]


@pytest.fixture
def gate():
    """Held back until the test says `set()`; opened at the end, so that nothing waits for ever."""
    event = threading.Event()
    yield event
    event.set()


def reply_of(person):
    """The newest message of the bot on somebody's page."""
    return person.page.locator(".message.is-bot").last


def is_complete(person, text):
    expect(reply_of(person)).to_have_attribute("data-state", "complete")
    expect(reply_of(person).locator(".text")).to_have_text(text)


def test_a_reply_streams_to_all_and_to_who_joins_in_the_middle(person, room, model, gate):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    model.say(WORDS, hold=gate, hold_after=3)
    alice.say("@bot say hello to everyone")
    for one in (alice, bob):
        expect(reply_of(one).locator(".text")).to_have_text("Grüße an alle")
        expect(reply_of(one)).to_have_attribute("data-state", "streaming")
    charlie = person("charlie").open(f"/chat/{room}/")
    expect(reply_of(charlie).locator(".text")).to_have_text("Grüße an alle")
    alice.page.reload()
    alice.is_live()
    gate.set()
    for one in (alice, bob, charlie):
        is_complete(one, "Grüße an alle, 日本語.")
        expect(reply_of(one).locator(".text strong")).to_have_text("alle")
    asked = model.requests[-1].said
    assert "alice" in asked
    assert "say hello to everyone" in asked


def test_the_reply_goes_on_when_the_asker_leaves(person, room, model, gate):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    model.say(WORDS, hold=gate, hold_after=2)
    alice.say("@bot are you there?")
    expect(reply_of(bob).locator(".text")).to_have_text("Grüße an")
    alice.page.close()
    gate.set()
    is_complete(bob, "Grüße an alle, 日本語.")


def test_a_talk_with_the_bot_needs_no_mention_and_is_kept(person, model):
    alice = person("alice").open("/dm/bot/")
    model.say("I am here.")
    alice.say("good morning")
    is_complete(alice, "I am here.")
    alice.page.reload()
    alice.is_live()
    is_complete(alice, "I am here.")
    assert "good morning" in alice.texts()


def test_a_model_that_fails_is_said_and_can_be_asked_again(person, room, model):
    alice = person("alice").open(f"/chat/{room}/")
    model.answer_with(Reply.error(401, "Incorrect API key provided."))
    alice.say("@bot hello?")
    expect(reply_of(alice)).to_have_attribute("data-state", "failed")
    expect(reply_of(alice).locator(".note")).not_to_be_empty()
    expect(reply_of(alice)).not_to_contain_text("Traceback")
    model.say("Now it works.")
    reply_of(alice).get_by_text("Ask again").click()
    is_complete(alice, "Now it works.")


def test_anyone_present_can_stop_a_reply(person, room, model, gate):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    model.say(WORDS, hold=gate, hold_after=2)
    alice.say("@bot tell me a long story")
    expect(reply_of(bob).locator(".text")).to_have_text("Grüße an")
    reply_of(bob).get_by_role("button", name="Stop").click()
    for one in (alice, bob):
        expect(reply_of(one)).to_have_attribute("data-state", "stopped")
        expect(reply_of(one).locator(".text")).to_have_text("Grüße an")
    assert model.requests[-1].wait_closed()
    for one, may in ((alice, True), (bob, False)):  # to ask again is up to who asked
        reply_of(one).hover()
        expect(one.page.locator(".reply-row [data-do=receipt]")).to_be_visible()
        expect(one.page.locator(".reply-row [data-do=again]")).to_be_visible(visible=may)


def test_another_worker_finishes_what_a_killed_one_began(person, room, model, gate):
    alice = person("alice").open(f"/chat/{room}/")
    model.next(Reply(WORDS, hold=gate, hold_after=2))
    model.say("All of it.")
    alice.say("@bot hold on")
    expect(reply_of(alice).locator(".text")).to_have_text("Grüße an")
    old = alice.stack.kill("bot")
    alice.stack.wait_for_new("bot", old)
    # Less than a lease: the supervisor saw the death, and says so to the next worker.
    expect(reply_of(alice)).to_have_attribute("data-state", "complete", timeout=25_000)
    is_complete(alice, "All of it.")
    expect(alice.page.locator(".message.is-bot")).to_have_count(1)
    assert len(model.requests) == 2


def test_a_citation_leads_to_what_was_read_and_an_invented_one_is_gone(person, room, model):
    alice = person("alice").open(f"/chat/{room}/")
    alice.say("The printer is on the second floor.")
    number = alice.sees("The printer is on the second floor.").get_attribute("data-id")
    model.say(f"Second floor [#{number}], not the third [#99999999].")
    alice.say("@bot where is the printer?")
    expect(reply_of(alice)).to_have_attribute("data-state", "complete")
    links = reply_of(alice).locator(".text a")
    expect(links).to_have_count(1)
    links.click()
    alice.page.wait_for_url(f"**/chat/{room}/#m{number}")
    expect(alice.page.locator(f"#m{number}")).to_be_in_viewport()


def test_the_receipt_says_what_a_reply_was_made_of(person, room, model):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    model.say("First answer.")
    alice.say("@bot one question")
    is_complete(alice, "First answer.")
    model.say("Second answer.")
    reply_of(alice).hover()
    alice.page.locator(".reply-row [data-do=again]").click()
    is_complete(bob, "Second answer.")
    expect(bob.page.locator(".message.is-bot")).to_have_count(1)
    reply_of(bob).hover()
    bob.page.locator(".reply-row [data-do=receipt]").click()
    receipt = bob.page.locator("#panel-body .answer")
    expect(receipt).to_be_visible()
    expect(receipt).to_contain_text("gpt-5-mini")
    expect(receipt).to_contain_text("First answer.")
    bob.page.keyboard.press("Escape")
    expect(bob.page.locator("[data-do=receipt]:focus")).to_have_count(1)  # back where it was opened


def test_without_a_model_it_helps_and_says_how_to_connect_one(person, make_stack, room):
    stack = make_stack()
    alice = person("alice", stack).open(f"/chat/{room}/")
    alice.say("@bot help")
    expect(reply_of(alice)).to_have_attribute("data-state", "complete")
    expect(reply_of(alice)).to_contain_text(re.compile("OPENAI_"))
    assert "Traceback" not in stack.log
