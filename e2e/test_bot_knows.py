"""What a bot knows and how one sees it: citations that jump, the receipt, the line, what is told to one alone."""

import re

from playwright.sync_api import expect

from .conftest import ARTIFACTS
from .model_server import Reply
from .page_audit import barriers
from .test_bot import gate, is_complete, reply_of  # noqa: F401 - gate is a fixture


def act(person, what):
    """Use one of the buttons of the bot's newest message."""
    reply_of(person).hover()
    person.page.locator(f".message-actions [data-do={what}], [data-do={what}]").first.click()


def test_a_citation_jumps_to_its_message(person, room, model, history):
    alice = person("alice").open(f"/chat/{room}/")
    alice.say("The deploy is on Friday.")
    said = alice.sees("The deploy is on Friday.")
    id = re.sub(r"\D", "", said.get_attribute("id") or said.get_attribute("data-id"))
    history(room, "alice", 30)
    alice.sees("line 29")
    model.say(f"On Friday [#{id}], not on Monday [#999999999].")
    alice.say("@bot when is the deploy?")
    is_complete(alice, f"On Friday #{id}, not on Monday.")
    expect(said).not_to_be_in_viewport()
    chip, card = reply_of(alice).locator(f'a[href="#m{id}"]'), alice.page.locator("#source-card")
    expect(chip).to_have_attribute("data-number", "1")
    chip.hover()
    expect(card).to_contain_text("The deploy is on Friday.")
    expect(card).to_contain_text("alice")
    alice.picture(ARTIFACTS / "messages" / "citation.png")
    assert barriers(alice.page) == []
    alice.page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    chip.click()
    expect(said).to_be_in_viewport()


def test_the_receipt_says_what_it_read_and_looked_up(person, room, model):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    bob.say("The deploy is on Friday.")
    alice.sees("The deploy is on Friday.")
    model.next(Reply("", calls=[("search_room", {"words": "deploy"})]), Reply("On Friday."), Reply("Still on Friday."))
    alice.say("@bot when is the deploy?")
    is_complete(alice, "On Friday.")
    expect(reply_of(bob).locator(".note")).to_contain_text("searched “deploy”")
    act(alice, "again")
    is_complete(bob, "Still on Friday.")
    act(bob, "receipt")
    receipt = bob.page.locator("#panel-body .answer")
    for part in ("gpt-5-mini", "The deploy is on Friday.", "On Friday."):
        expect(receipt).to_contain_text(part)


def test_who_waits_sees_their_place_in_the_line(person, room, model, gate):  # noqa: F811
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    model.next(Reply("one two", hold=gate, hold_after=1))
    model.say("Done.")
    alice.say("@bot first")
    expect(reply_of(alice)).to_have_attribute("data-state", "streaming")
    bob.say("@bot second")
    bob.say("@bot third")
    expect(reply_of(bob)).to_contain_text("2nd in line")
    assert len(model.requests) == 1
    gate.set()
    is_complete(bob, "Done.")


def test_catching_up_is_told_to_the_asker_alone(person, room, model):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    bob.say("There is cake at three.")
    alice.sees("There is cake at three.")
    model.say("Bob has CAKE.")
    alice.say("@bot catch me up")
    is_complete(bob, "That is only for you, so I am sending it as a direct message.")
    assert "CAKE" not in bob.page.locator("#log").inner_text()
    reply_of(alice).get_by_text("direct message").click()
    alice.is_live()
    is_complete(alice, "Bob has CAKE.")


def test_a_reply_to_the_bot_needs_no_mention(person, room, model):
    alice = person("alice").open(f"/chat/{room}/")
    model.next(Reply("Friday."), Reply("At noon."))
    alice.say("@bot when?")
    is_complete(alice, "Friday.")
    act(alice, "reply")
    alice.say("and at what time?")
    is_complete(alice, "At noon.")
    assert "Friday." in model.requests[-1].said


def test_what_was_missed_is_asked_and_told_in_private(person, room, model, history):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    alice.page.goto("/chat/")
    history(room, "bob", 9)
    alice.open(f"/chat/{room}/")
    offer = alice.page.get_by_role("button", name="Catch me up")
    expect(alice.page.locator(".new-line")).to_be_visible()
    expect(offer).to_be_hidden()  # nine are read sooner
    alice.page.goto("/chat/")
    bob.say("The party moved to Saturday.")
    bob.sees("The party moved to Saturday.")
    history(room, "bob", 9)
    alice.open(f"/chat/{room}/")
    model.say("The party is on Saturday now.")
    offer.click()
    alice.page.wait_for_url("**/dm/bot/")
    is_complete(alice, "The party is on Saturday now.")
    assert "The party moved to Saturday." in model.requests[-1].said
    expect(bob.page.locator(".message")).to_have_count(19)  # nothing was said in the room
    row = reply_of(alice).locator(".reply-row")
    row.get_by_role("button", name="About this answer").click()
    source = alice.page.locator("#panel .sources a", has_text="The party moved to Saturday.")
    expect(source).to_have_count(1)
    source.click()
    alice.page.wait_for_url(re.compile(f"/chat/{room}/.*#m"))


def test_the_same_as_a_command(person, room, model):
    alice = person("alice").open(f"/chat/{room}/")
    model.say("You have missed nothing.")
    alice.say("/catchup")
    alice.page.wait_for_url("**/dm/bot/")
    is_complete(alice, "You have missed nothing.")


def test_before_the_first_word_it_says_what_goes_on(person, room, model, gate):  # noqa: F811
    alice = person("alice").open(f"/chat/{room}/")
    model.say("At last.", hold=gate, hold_after=0)
    alice.say("@bot think")
    status = reply_of(alice).locator(".status")
    expect(status).to_have_text("Thinking…")
    expect(status).to_have_text(re.compile(r"Reading [\d,]+ tokens…"))
    expect(reply_of(alice).get_by_role("button", name="Stop")).to_be_visible()
    assert reply_of(alice).bounding_box()["height"] >= 40
    gate.set()
    is_complete(alice, "At last.")
    expect(status).to_be_empty()


def test_thoughts_are_folded_above_the_answer(person, make_stack, room, model, gate):  # noqa: F811
    stack = make_stack(OPENAI_BASE_URL=model.base_url, OPENAI_API="responses", OPENAI_API_KEY="test-key")
    alice = person("alice", stack).open(f"/chat/{room}/")
    model.say("On Friday.", summary=["Looking for the day."], hold=gate, hold_after=0)
    alice.say("@bot when?")
    thoughts = reply_of(alice).locator("details.thoughts")
    expect(thoughts.locator("summary")).to_have_text(re.compile(r"Thinking… \d+ s"))
    expect(thoughts.locator("div")).to_be_hidden()
    gate.set()
    is_complete(alice, "On Friday.")
    expect(thoughts.locator("summary")).to_have_text(re.compile(r"Thought for \d+ s"))
    thoughts.locator("summary").click()
    expect(thoughts.locator("div")).to_have_text("Looking for the day.")
    alice.page.reload()
    alice.is_live()
    is_complete(alice, "On Friday.")
    expect(thoughts).to_have_count(0)
