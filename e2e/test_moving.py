"""Moving between rooms without loading the page."""

import re

import pytest
from playwright.sync_api import expect

from .test_bot import is_complete
from .test_reply_row import row_of


def loaded_at(one) -> float:
    """Another time for each document that is loaded."""
    return one.page.evaluate("performance.timeOrigin")


def go(one, room: str) -> None:
    """By the sidebar, which a phone has to open first."""
    one.open_side()
    one.page.click(f'#side li[data-room="{room}"] > a')
    one.page.wait_for_url(re.compile(f"/chat/{room}/$"))
    one.is_live()


@pytest.fixture
def alice(person, room, size):
    one = person("alice", **size)
    one.open(f"/chat/{room}-b/").say(f"already in {room}-b")
    one.sees(f"already in {room}-b")
    one.open(f"/chat/{room}-a/")
    return one


def test_what_one_thought_of_answers_is_shown_in_each_room(alice, room, model):
    model.say("An answer.")
    for name in ("a", "b"):
        if name == "b":
            go(alice, f"{room}-b")
        alice.say("@bot a question")
        is_complete(alice, "An answer.")
        row_of(alice).get_by_role("button", name="Good answer").click()
        expect(row_of(alice).get_by_role("button", name="Good answer")).to_have_attribute("aria-pressed", "true")
    alice.page.reload()
    alice.is_live()
    for name in ("b", "a"):
        if name == "a":
            go(alice, f"{room}-a")
        expect(row_of(alice).get_by_role("button", name="Good answer")).to_have_attribute("aria-pressed", "true")


def test_the_next_room_comes_into_the_same_page(alice, person, room):
    before = loaded_at(alice)
    bob = person("bob").open(f"/chat/{room}-b/")
    go(alice, f"{room}-b")
    alice.sees(f"already in {room}-b")
    expect(alice.page).to_have_title(re.compile(f"{room}-b · Roundtable$"))
    expect(alice.page.locator('#side [aria-current="page"]')).to_have_attribute("href", f"/chat/{room}-b/")
    alice.say("hello from the same page")
    bob.sees("hello from the same page")
    bob.say("and back")
    alice.sees("and back")
    alice.page.go_back()
    expect(alice.page.locator(".room-head h1")).to_have_text(f"{room}-a")
    alice.is_live()
    alice.say("back in the first")
    alice.sees("back in the first")
    alice.page.go_forward()
    expect(alice.page.locator(".room-head h1")).to_have_text(f"{room}-b")
    alice.is_live()
    alice.has_texts(f"already in {room}-b", "hello from the same page", "and back")
    assert loaded_at(alice) == before
    alice.page.reload()
    alice.is_live()
    alice.has_texts(f"already in {room}-b", "hello from the same page", "and back")


def test_a_draft_and_the_place_in_a_room_are_kept(alice, stack, room):
    for number in range(40):
        alice.context.request.post(
            f"/api/rooms/{room}-a/messages",
            data={"id": f"00000000-0000-4000-8000-{number:012d}", "message": f"line {number} " + "of many words " * 20},
            headers={"X-CSRFToken": alice._csrf_token()},
        )
    alice.sees(re.compile("^line 39 "))
    timeline = alice.page.locator("#timeline")
    timeline.evaluate("(box) => { box.scrollTop = -box.scrollHeight / 2; }")
    alice.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    top = """() => {
        const box = document.getElementById("timeline").getBoundingClientRect();
        const first = [...document.querySelectorAll(".message")].find(
            (each) => each.getBoundingClientRect().bottom > box.top);
        return [first.id, Math.round(first.getBoundingClientRect().top - box.top)];
    }"""
    before = alice.page.evaluate(top)
    alice.page.fill("#composer-text", "half a thought")
    go(alice, f"{room}-b")
    expect(alice.page.locator("#composer-text")).to_have_value("")
    go(alice, f"{room}-a")
    expect(alice.page.locator("#composer-text")).to_have_value("half a thought")
    after = alice.page.evaluate(top)
    assert after[0] == before[0]
    assert abs(after[1] - before[1]) <= 2


def test_nothing_of_the_room_before_goes_on(alice, person, room):
    """What is said there is counted at the side, and read by nobody; what is sent goes to the room that is shown."""
    bob = person("bob").open(f"/chat/{room}-a/")
    for name in ("b", "a", "b", "a", "b"):
        go(alice, f"{room}-{name}")
    bob.say("only in a")
    expect(alice.page.locator(f'#side li[data-room="{room}-a"] .badge')).to_have_text("1")
    alice.say("only in b")
    alice.sees("only in b")
    alice.has_texts(f"already in {room}-b", "only in b")
    bob.say("again in a")
    expect(alice.page.locator(f'#side li[data-room="{room}-a"] .badge')).to_have_text("2")


def test_what_was_about_to_be_deleted_is_deleted(alice, person, room):
    """Within the seconds in which it could be undone."""
    bob = person("bob").open(f"/chat/{room}-a/")
    alice.say("better not")
    bob.sees("better not")
    alice.choose("better not", "delete")
    expect(alice.page.locator("#undo")).to_be_visible()
    go(alice, f"{room}-b")
    expect(bob.message("better not")).to_have_count(0)


def test_without_a_network_the_room_stays(alice, room):
    alice.context.set_offline(True)
    alice.expect_fault("Failed to fetch|ERR_")
    alice.open_side()
    alice.page.click(f'#side li[data-room="{room}-b"] > a')
    expect(alice.page.locator("#toast")).to_be_visible()
    expect(alice.page.locator(".room-head h1")).to_have_text(f"{room}-a")
    alice.context.set_offline(False)


@pytest.mark.long
def test_many_moves_leave_nothing_in_memory(person, room):
    alice = person("alice").open(f"/chat/{room}-b/").open(f"/chat/{room}-a/")
    client = alice.context.new_cdp_session(alice.page)

    def used() -> int:
        client.send("HeapProfiler.collectGarbage")
        return alice.page.evaluate("performance.memory.usedJSHeapSize")

    for name in "baba":
        go(alice, f"{room}-{name}")
    before = used()
    for name in "ba" * 20:
        go(alice, f"{room}-{name}")
    assert used() - before < 4_000_000  # bytes; a page that keeps its rooms grows by some 300 kB with each


def to_page(one, address: str) -> None:
    one.open_side()
    one.page.click(f'#side a[href="{address}"]')
    one.page.wait_for_url(f"**{address}")


def test_the_inbox_unread_and_drafts_come_into_the_same_page(alice, person, room):
    bob = person("bob").open(f"/chat/{room}-b/")
    bob.say("@alice have a look")
    before = loaded_at(alice)
    to_page(alice, "/inbox/")
    row = alice.page.locator("#inbox-rows > li", has_text="have a look")
    expect(row).to_be_visible()
    expect(alice.page.locator('#side [aria-current="page"]')).to_have_attribute("href", "/inbox/")
    expect(alice.page.locator(".skip")).to_have_attribute("href", "#main")
    alice.page.keyboard.press("j")  # at once, as on a page that was loaded
    expect(alice.page.locator("#inbox-rows > li a:focus")).to_have_count(1)
    alice.page.get_by_role("link", name="Done", exact=True).click()
    alice.page.wait_for_url("**/inbox/?*done=1")
    to_page(alice, "/drafts/")
    expect(alice.page.get_by_role("heading", name="Drafts", exact=True).first).to_be_visible()
    to_page(alice, "/unread/")
    alice.page.go_back()
    expect(alice.page.get_by_role("heading", name="Drafts", exact=True).first).to_be_visible()
    go(alice, f"{room}-b")
    alice.sees("have a look")
    alice.say("I am back")
    bob.sees("I am back")
    alice.page.go_back()
    expect(alice.page.get_by_role("heading", name="Drafts", exact=True).first).to_be_visible()
    assert loaded_at(alice) == before


def test_the_connection_outlives_settings(alice, room):
    """A room is live again at once: on the socket that was open before."""
    before = loaded_at(alice)
    sockets = []
    alice.page.on("websocket", lambda socket: sockets.append(socket))
    alice.page.keyboard.press("Control+,")
    expect(alice.page.get_by_role("heading", name="Look")).to_be_visible()
    alice.page.get_by_role("link", name="Keys", exact=True).click()
    expect(alice.page.get_by_role("row", name="Next message")).to_be_visible()
    go(alice, f"{room}-b")
    alice.say("live")
    alice.sees("live")
    assert (loaded_at(alice), sockets) == (before, [])


def test_a_page_that_was_opened_first_leads_into_a_room(person, room, size):
    alice = person("alice", **size)
    alice.open(f"/chat/{room}/").say("words of the room")
    alice.page.goto("/drafts/")
    before = loaded_at(alice)
    go(alice, room)
    alice.sees("words of the room")
    alice.say("more of them")
    alice.sees("more of them")
    # It looks as it does when it is loaded: all of its styles came with it.
    box = "(log) => `${log.getBoundingClientRect().width} ${getComputedStyle(log.querySelector('.text')).fontSize}`"
    came = alice.page.locator("#log").evaluate(box)
    assert loaded_at(alice) == before
    alice.page.reload()
    alice.is_live()
    assert alice.page.locator("#log").evaluate(box) == came
