"""Searching in the browser: words, from whom, when; in one room and in all; from a hit to the message."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from files.tests.documents import pdf

from .files import send_files, snap
from .page_audit import barriers

SEED = """
from accounts.models import User
from rooms.services import membership
from rooms.services.posting import Post, post_many
alice, bob = User.objects.get(username="alice"), User.objects.get(username="bob")
room, other = membership.get_or_create_and_join(alice, "{room}"), membership.get_or_create_and_join(bob, "{room}-other")
membership.get_or_create_and_join(bob, "{room}")
post_many([Post(alice, room.id, "a {word} of **alice**")])
post_many([Post(bob, room.id, "line %s" % number) for number in range(150)])
post_many([Post(bob, room.id, "a `{word}` of bob"), Post(bob, other.id, "{word} in another room")])
post_many([Post(bob, room.id, "more %s" % number) for number in range(60)])
"""


@pytest.fixture
def word(person, stack, room) -> str:
    """A word that is in three messages: two of bob in two rooms, one of alice."""
    person("alice"), person("bob")
    word = f"z{room.partition('-')[2]}ebra"
    stack.run(SEED.format(room=room, word=word))
    return word


def test_words_people_and_days_narrow_the_search(person, room, word, size):
    alice = person("alice", **size).open(f"/chat/{room}/")
    alice.page.get_by_role("link", name="Search", exact=True).click()
    page, hits = alice.page, alice.page.locator(".hits li")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type(word[:-1])
    page.keyboard.press("Enter")
    expect(hits).to_have_count(2)  # in this room
    expect(hits.first).to_contain_text(re.compile(rf"a {word} of bob"))  # as people read it, without Markdown
    expect(hits.first.locator("mark")).to_have_text(word)
    alice.expect_fault("status of 503")
    page.route("**/search/?*", lambda route: route.fulfill(status=503, body="busy"))
    page.locator("#q").press("Enter")
    expect(page.locator(".panel-problem [role=alert]")).to_contain_text("The server did not answer")
    expect(hits).to_have_count(2)  # what was there stands
    page.unroute("**/search/?*")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".panel-problem")).to_have_count(0)
    expect(hits).to_have_count(2)
    page.get_by_role("link", name="Search all rooms instead").click()
    expect(hits).to_have_count(3)
    page.get_by_text("Filters", exact=True).click()
    page.fill("#sender", "@bob")
    page.keyboard.press("Enter")
    expect(hits).to_have_count(2)
    expect(page.locator(".hit-head b")).to_have_text(["bob", "bob"])
    expect(page.locator(".search-filters[open] > summary")).to_have_text("Filters (1)")
    page.fill("#sender", "alice")
    page.fill("#since", (date.today() - timedelta(days=2)).isoformat())
    page.keyboard.press("Enter")
    expect(hits).to_have_text([re.compile(f"a {word} of alice")])
    page.fill("#since", "")
    page.fill("#until", (date.today() - timedelta(days=2)).isoformat())
    page.keyboard.press("Enter")
    expect(hits).to_have_count(0)
    page.fill("#until", "")
    page.fill("#q", f"{word} nowhere")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("No messages found")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_hit_opens_the_message_and_marks_it(person, room, word, size, script):
    alice = person("alice", java_script_enabled=script, **size)
    page = alice.page
    page.goto(f"/search/?q={word}&room={room}&sender=bob")
    page.locator(".hits a").click()
    found = page.locator(".message", has_text=f"a {word} of bob")
    expect(found).to_be_in_viewport()
    if script:
        alice.is_live()
        expect(found).to_be_focused()
        expect(page.locator(".message", has_text="more 0").first).to_be_attached()
        page.click("#to-newest")
        expect(page.locator(".message", has_text="more 59")).to_be_in_viewport()
    else:
        assert found.evaluate("(node) => node.matches(':target')")
        page.get_by_role("link", name="Newer messages").click()
        expect(page.locator(".message", has_text="more 59")).to_be_visible()
        page.get_by_role("link", name="Older messages").click()
        expect(found).to_be_visible()


def test_what_is_wrong_stands_at_the_field(person):
    alice = person("alice")
    alice.expect_fault("status of 40[04]")
    alice.page.goto("/search/?q=" + "x" * 201 + "&since=soon")
    field = alice.page.get_by_role("searchbox", name="Words")
    expect(field).to_have_accessible_description("The search is too long: 201 characters, of at most 200.")
    expect(alice.page.get_by_label("Since")).to_have_accessible_description("Enter a valid date.")
    field.fill("x")
    alice.page.fill("#sender", "nobody.at.all")
    alice.page.press("#sender", "Enter")
    expect(alice.page.get_by_role("alert")).to_have_text("There is no person with this name.")


def test_a_word_in_a_pdf_leads_to_its_message(person, stack, room, size):
    alice, bob = person("alice", **size).open(f"/chat/{room}/"), person("bob", **size)
    word = f"quay{room.partition('-')[2]}s"
    report = pdf("The harbour in 2026", f"Two new {word} were built")
    sent = send_files(alice, room, ("Yearly report.pdf", "application/pdf", report), text="as promised")
    stack.run("from rooms.services.file_words import index_others; index_others.call()")
    bob.open(f"/chat/{room}/")
    page = bob.page
    page.get_by_role("link", name="Search", exact=True).click()
    expect(page.get_by_text("has:file")).to_be_visible()
    snap(bob, "search-help", size)
    page.fill("#q", f"{word[:-1]} filename:report")
    page.keyboard.press("Enter")
    hit = page.locator(".hits li")
    expect(hit).to_contain_text("Yearly report.pdf")
    expect(hit.locator(".hit-text mark")).to_have_text(word)
    expect(hit).to_contain_text("page 2")
    snap(bob, "search-file", size)
    assert barriers(page) == []
    hit.get_by_role("link").click()
    expect(page.locator(f"#m{sent['id']}")).to_be_in_viewport()
    expect(page.locator(f"#m{sent['id']} .file-page")).to_have_js_property("naturalWidth", 764)
