"""Rooms with many messages: what one more costs, many at once, and the way through the history."""

import pytest
from playwright.sync_api import Page, expect

MOST_STYLED = 150  # elements that one more message may have styled; a message has some 16
_DRAWN = """async () => {
    for (let n = 0; n < 2; n++) await new Promise(requestAnimationFrame);
}"""
# How many messages are made in one frame at most.
WATCH_MADE = """() => {
    const log = document.getElementById("log");
    window.made = 0;
    new MutationObserver((changes) => {
        const nodes = changes.flatMap(({ addedNodes }) => [...addedNodes]);
        window.made = Math.max(window.made, nodes.filter((node) => node.matches?.(".message")).length);
    }).observe(log, { childList: true });
}"""
# Up or down so many frames. What stands in the middle moves by what was scrolled, and there is always something.
SCROLL = """async ([frames, by]) => {
    const box = document.getElementById("timeline");
    const { left, top, height } = box.getBoundingClientRect();
    const middle = () => document.elementFromPoint(left + 200, top + height / 2).closest("#log > *, .beginning");
    const seen = { jumps: [], empty: 0, most: 0 };
    for (let frame = 0; frame < frames; frame++) {
        const node = middle();
        const before = node?.getBoundingClientRect().top;
        const place = box.scrollTop;
        box.scrollTop += by;
        const moved = place - box.scrollTop;
        for (let n = 0; n < 2; n++) await new Promise(requestAnimationFrame);
        const off = node?.isConnected ? node.getBoundingClientRect().top - before - moved : 0;
        if (Math.abs(off) > 2) seen.jumps.push(off);
        if (!node) seen.empty += 1;
        seen.most = Math.max(seen.most, document.querySelectorAll("#log .message").length);
        if (!moved) await new Promise((later) => setTimeout(later, 20));
    }
    return seen;
}"""


def first_id(page: Page) -> int:
    return int(page.locator("#log .message").first.get_attribute("data-id"))


@pytest.fixture
def styled():
    """styled(page, act): how many elements were styled at once, at most, while `act` ran."""

    def measure(page: Page, act) -> int:
        events, ended = [], []
        devtools = page.context.new_cdp_session(page)
        devtools.on("Tracing.dataCollected", lambda data: events.extend(data["value"]))
        devtools.on("Tracing.tracingComplete", lambda _: ended.append(True))
        devtools.send(
            "Tracing.start",
            {"transferMode": "ReportEvents", "traceConfig": {"includedCategories": ["devtools.timeline"]}},
        )
        act()
        page.evaluate(_DRAWN)
        devtools.send("Tracing.end")
        while not ended:
            page.wait_for_timeout(20)
        counts = [event["args"].get("elementCount", 0) for event in events if event["name"] == "UpdateLayoutTree"]
        assert counts, "nothing was styled"
        return max(counts)

    return measure


def test_one_more_message_styles_nothing_anew(person, room, history, styled):
    alice = person("alice")
    person("bob")
    history(room, "bob", 310)
    alice.open(f"/chat/{room}/")
    for _ in range(5):
        before = first_id(alice.page)
        alice.page.evaluate("document.getElementById('timeline').scrollTop = -1e6")
        expect(alice.page.locator("#log .message").first).not_to_have_attribute("data-id", str(before))
    alice.page.evaluate("document.getElementById('timeline').scrollTop = 0")
    expect(alice.page.locator("#log .message")).to_have_count(300)

    def post(count: int):
        history(room, "bob", 1)
        expect(alice.page.locator("#log .message")).to_have_count(count)

    # The oldest go at once when the page is full: those that stay are not styled anew either.
    assert styled(alice.page, lambda: post(241)) < MOST_STYLED
    assert styled(alice.page, lambda: post(242)) < MOST_STYLED


def test_what_was_missed_is_made_in_several_frames(person, room, history):
    alice = person("alice")
    person("bob")
    history(room, "bob", 5)
    alice.open(f"/chat/{room}/")
    alice.context.set_offline(True)
    expect(alice.page.locator("body")).to_have_attribute("data-connection", "away")
    history(room, "bob", 190)
    alice.page.evaluate(WATCH_MADE)
    alice.context.set_offline(False)
    expect(alice.page.locator("#log .message")).to_have_count(195)
    assert 0 < alice.page.evaluate("made") <= 60
    expect(alice.sees("line 189")).to_be_in_viewport()


def test_scrolling_far_back_and_forward_moves_nothing_by_itself(person, room, history):
    alice = person("alice")
    person("bob")
    history(room, "bob", 2500)
    alice.open(f"/chat/{room}/")
    newest = first_id(alice.page)
    up = alice.page.evaluate(SCROLL, [160, -300])
    assert first_id(alice.page) < newest - 1000
    down = alice.page.evaluate(SCROLL, [60, 300])
    for seen in (up, down):
        assert (seen["jumps"], seen["empty"]) == ([], 0)
        assert seen["most"] <= 300
    alice.page.click("#to-newest")
    expect(alice.sees("line 2499")).to_be_in_viewport()
