"""What calls for somebody who does not look: notifications, counts, the line above what is new, spoken words.

Where all that calls somebody is counted, these people have accounts of their own: others are called by other tests too.
"""

import re

import pytest
from playwright.sync_api import expect

SPY = """
window.notified = [];
window.Notification = class {
    static permission = "default";
    static async requestPermission() { return (this.permission = "granted"); }
    constructor(title, { body, tag }) {
        if (tag !== "probe") window.notified.push(Object.assign(this, { title, body }));
    }
    close() {}
};
"""

DOT = """async () => {
    const image = new Image();
    image.src = document.querySelector("link[rel=icon]").href;
    await image.decode();
    const pen = document.createElement("canvas").getContext("2d");
    pen.drawImage(image, 0, 0, 64, 64);
    return [...pen.getImageData(50, 14, 1, 1).data].slice(0, 3).join();
}"""


@pytest.fixture
def watcher(person, room, request):
    """Somebody who belongs to two rooms, shows one of them, and wants to be notified."""
    bob = person(f"bob-{room}", viewport={"width": request.param, "height": 844})
    bob.add_init_script(SPY)
    bob.open(f"/chat/{room}-too/").open(f"/chat/{room}/")
    assert bob.page.evaluate("Notification.permission") == "default"  # nothing is asked for until one clicks
    bob.page.click("#notify")
    expect(bob.page.locator("#notify")).to_have_attribute("aria-pressed", "true")
    return bob


QUIET_TITLE = re.compile(r"^[^(]")


def wait_for_notes(one, count: int) -> list[list[str]]:
    one.page.wait_for_function("(count) => window.notified.length >= count", arg=count)
    return one.page.evaluate("window.notified.map(({ title, body }) => [title, body])")


@pytest.mark.parametrize("watcher", [390], indirect=True)
def test_a_hidden_page_notifies_of_mentions_and_of_direct_messages(person, watcher, room):
    alice, bob = person(f"alice-{room}").open(f"/chat/{room}/"), watcher
    alice.say(f"seen @{bob.name}?")
    bob.sees(f"seen @{bob.name}?")
    bob.looks_away()
    alice.say("nothing of interest")
    alice.say(f"but @{bob.name} should see this")
    alice.message(f"seen @{bob.name}?").hover()
    alice.page.click(".actions [data-do=react]:not([data-emoji])")  # a change of an old mention is no news
    alice.page.click("#emoji-picker .emoji-grid button >> nth=0")
    expect(bob.message(f"seen @{bob.name}?").locator(".reaction")).to_be_attached()
    assert wait_for_notes(bob, 1) == [[f"{alice.name} in {room}", f"but @{bob.name} should see this"]]
    bob.page.evaluate("window.notified[0].onclick()")
    expect(bob.page.locator(".message:focus")).to_contain_text("should see this")
    alice.open(f"/dm/{bob.name}/").say("psst")
    assert wait_for_notes(bob, 2)[1] == [alice.name, "psst"]
    expect(bob.page.locator("#side-direct-messages li", has_text=alice.name).locator(".avatar.here")).to_be_attached()
    alice.open(f"/chat/{room}-too/").say(f"and @{bob.name} here")
    assert wait_for_notes(bob, 3)[2] == [f"{alice.name} in {room}-too", f"and @{bob.name} here"]


@pytest.mark.parametrize("watcher", [834], indirect=True)
def test_of_two_hidden_tabs_one_calls(person, watcher, room):
    alice, bob = person(f"alice-{room}").open(f"/chat/{room}/"), watcher
    other = bob.another_tab(f"/chat/{room}-too/")
    other.click("#notify")  # each page has a permission of its own here
    expect(other.locator("#notify")).to_have_attribute("aria-pressed", "true")
    for page in (bob.page, other):
        bob.looks_away(page)

    def told() -> list[str]:
        """In whichever tab."""
        shown = [page.evaluate("window.notified.map(({ body }) => body)") for page in (bob.page, other)]
        return sorted(sum(shown, []))

    texts = [f"@{bob.name} first", f"@{bob.name} second"]
    for place, text in zip((f"/chat/{room}/", f"/chat/{room}-too/"), texts, strict=True):
        alice.open(place).say(text)
        while text not in told():
            bob.page.wait_for_timeout(100)
    assert told() == texts


@pytest.mark.parametrize("watcher", [1280], indirect=True)
def test_what_is_muted_or_read_elsewhere_calls_nobody(person, watcher, room):
    alice, bob = person(f"alice-{room}").open(f"/chat/{room}/"), watcher
    bob.page.goto(f"/chat/{room}-too/about/")
    bob.page.get_by_role("button", name="Mute the room").click()
    expect(bob.page.get_by_role("button", name="Unmute")).to_be_visible()
    bob.open(f"/chat/{room}/").page.click("#notify")
    other = bob.another_tab(f"/chat/{room}/")
    bob.looks_away()
    alice.say(f"@{bob.name} reads this in another tab")
    expect(other.locator("#log .message")).to_have_count(1)
    alice.open(f"/chat/{room}-too/").say(f"@{bob.name} muted this")
    entry = bob.page.locator(f'#side li[data-room="{room}-too"]')
    expect(entry.locator(".badge")).to_have_text("1")  # counted, but quietly
    calls = bob.page.locator("#side-inbox li:first-child .badge")
    expect(calls).to_have_text("1")  # that which is muted: what was read there is read here
    expect(bob.page).to_have_title(re.compile(r"^\(1\) "))  # the same rows
    other.close()  # in sight, it would show what comes
    alice.open(f"/dm/{bob.name}/").say("and this one counts")  # after it, what was to call before has had its time
    assert [title for title, _ in wait_for_notes(bob, 1)] == [alice.name]
    bob.open(f"/chat/{room}-too/")
    expect(bob.page).to_have_title(re.compile(r"^\(1\) "))  # the direct message
    bob.looks_away()
    alice.open(f"/chat/{room}-too/").say("noise")
    bob.sees("noise")
    expect(bob.page).to_have_title(re.compile(r"^\(1\) "))  # a muted room is as quiet where it is open


def test_what_came_while_i_was_away_stands_under_a_line(person, room, size):
    alice, bob = person("alice").open(f"/chat/{room}/"), person(f"bob-{room}", **size).open(f"/chat/{room}/")
    icon, dotted = bob.page.locator("link[rel=icon]"), re.compile("^data:image/png")
    alice.say("while you look")
    bob.sees("while you look")
    expect(icon).not_to_have_attribute("href", dotted)
    bob.looks_away()
    for text in ("the first you miss", "the second"):
        alice.say(text)
        bob.sees(text)
    expect(icon).to_have_attribute("href", dotted)
    expect(bob.page).to_have_title(QUIET_TITLE)  # it counts what calls for him
    bob.looks_back()
    expect(icon).not_to_have_attribute("href", dotted)
    expect(bob.page.locator(".new-line + .message")).to_contain_text("the first you miss")
    bob.say("back again")
    expect(bob.page.locator(".new-line")).to_have_count(0)


def test_the_dot_of_a_hidden_page_tells_a_mention_from_other_words(person, room):
    alice, charlie = person("alice").open(f"/chat/{room}/"), person(f"charlie-{room}").open(f"/chat/{room}/")
    icon = charlie.page.locator("link[rel=icon]")
    charlie.looks_away()
    alice.say("for whom it may concern")
    expect(icon).to_have_attribute("href", re.compile("^data:image/png"))
    plain = icon.get_attribute("href")
    alice.say(f"for @{charlie.name}")
    expect(icon).not_to_have_attribute("href", plain)
    expect(charlie.page).to_have_title(re.compile(r"^\(1\) "))
    assert charlie.page.evaluate(DOT) == "217,119,6"


def test_new_messages_are_spoken_one_by_name_and_many_by_number(person, room):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    bob.page.evaluate("""() => {
        window.spoken = [];
        const region = document.getElementById("announcer");
        new MutationObserver(() => window.spoken.push(region.textContent)).observe(region, { childList: true });
    }""")
    alice.say("one by name")
    bob.page.wait_for_function("() => window.spoken.length === 1")
    for number in range(8):
        alice.say(f"one of many {number}")
    bob.page.wait_for_function("() => /^[2-8] new messages$/.test(window.spoken.at(-1))")
    assert bob.page.evaluate("window.spoken[0]") == "alice: one by name"
    assert bob.page.evaluate("window.spoken.length") < 6
    assert bob.page.locator("#log").get_attribute("aria-live") == "off"  # or each would be said twice
