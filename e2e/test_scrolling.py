"""A long history in the browser: scrolling back, and links to a message."""

import re

from playwright.sync_api import expect


def top_of(page) -> tuple[str, int]:
    """The first message in view, and where it stands."""
    return page.evaluate("""() => {
        const edge = document.getElementById("timeline").getBoundingClientRect().top;
        const boxOf = (node) => node.getBoundingClientRect();
        const node = [...document.querySelectorAll("#log .message")].find((each) => boxOf(each).bottom > edge);
        return [node.id, Math.round(boxOf(node).top - edge)];
    }""")


def scroll(page, by: int) -> None:
    page.evaluate("(by) => { document.getElementById('timeline').scrollTop += by; }", by)


def test_scrolling_back_loads_all_of_the_history_and_moves_nothing(person, room, size, history):
    alice, bob = person("alice", **size), person("bob")
    history(room, "bob", 400)
    alice.open(f"/chat/{room}/")
    log = alice.page.locator("#log .message")
    expect(log).to_have_count(50)
    older, beginning = alice.page.locator("#older"), alice.page.locator(".beginning")
    expect(beginning).to_be_hidden()
    for _ in range(60):
        if alice.message(re.compile(r"^\s*line 0\s*$")).count():
            break
        before = alice.page.locator("#log .message").first.get_attribute("id")
        scroll(alice.page, -100_000)
        expect(alice.page.locator("#log .message").first).not_to_have_id(before)
    expect(log.first).to_contain_text("line 0")
    expect(older).to_be_hidden()
    expect(beginning).to_be_visible()
    assert log.count() <= 300
    scroll(alice.page, 600)
    seen = top_of(alice.page)
    bob.open(f"/chat/{room}/").say("one more")
    expect(alice.page.locator("#to-newest")).to_be_visible()
    expect(alice.page.locator("#to-newest .count")).not_to_be_empty()
    assert top_of(alice.page) == seen
    alice.page.click("#to-newest")
    expect(alice.sees("one more")).to_be_in_viewport()
    expect(alice.page.locator("#to-newest")).to_be_hidden()
    expect(beginning).to_be_hidden()


def test_a_link_to_a_message_opens_around_it(person, room, history):
    alice = person("alice")
    history(room, "alice", 200)
    alice.open(f"/chat/{room}/")
    first = int(alice.page.locator("#log .message").first.get_attribute("data-id"))
    held = []  # what scrolling asks for takes its time
    alice.page.route(re.compile("after="), lambda route: route.continue_() if held else held.append(route))
    with alice.page.expect_request(re.compile("after=")):  # at the place itself already, if the end is near
        alice.open("/chat/").open(f"/chat/{room}/#m{first - 100}")
        expect(alice.page.locator(f"#m{first - 100}")).to_be_in_viewport()
        expect(alice.page.locator(f"#m{first - 100}")).to_contain_text("line 50")
        scroll(alice.page, 100_000)
    alice.page.click("#to-newest")
    held[0].continue_()
    expect(alice.page.locator("#log .message").last).to_contain_text("line 199")
    expect(alice.page.locator("#log .message").last).to_be_in_viewport()
    assert alice.page.evaluate("location.hash") == ""  # a reload stays there
