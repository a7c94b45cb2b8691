"""What somebody has in hand: nothing that comes in, and nothing that closes, takes it away."""

import pytest
from playwright.sync_api import expect

from .page_audit import barriers


def test_what_is_offered_at_a_failed_message_stays_while_others_speak(person, room):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    alice.say("\u200b")
    again, discard = (alice.page.get_by_role("button", name=name) for name in ("Send again", "Discard"))
    again.focus()
    bob.say("meanwhile")
    alice.sees("meanwhile")
    expect(again).to_be_focused()
    discard.hover()
    alice.page.mouse.down()
    bob.say("between down and up")
    alice.sees("between down and up")
    discard.hover()
    alice.page.mouse.up()
    expect(discard).to_have_count(0)


def test_an_emoji_leaves_the_focus_where_it_went(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    alice.page.fill("#composer-text", "hi ")
    alice.page.click("#composer-emoji")
    alice.page.evaluate("""() => {
        const picker = document.getElementById("emoji-picker");
        window.closed = new Promise((closed) => {
            picker.addEventListener("toggle", ({ newState }) => newState === "closed" && setTimeout(closed));
        });
    }""")
    alice.page.click("#emoji-picker [data-emoji='🎉']")
    alice.page.evaluate("window.closed")
    alice.page.keyboard.type("!")
    expect(alice.page.locator("#composer-text")).to_have_value("hi 🎉!")


TAKES = """(field, method) =>
    !field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, ...method }))"""


@pytest.mark.parametrize("method", [{"isComposing": True}, {"keyCode": 229}], ids=["composing", "the last key"])
def test_enter_belongs_to_the_input_method_while_it_composes(person, room, method):
    alice = person("alice").open(f"/chat/{room}/")
    alice.page.click("#open-palette")
    alice.page.fill("#palette-text", room)
    assert not alice.page.locator("#palette-text").evaluate(TAKES, method)
    alice.page.keyboard.press("Escape")
    alice.page.click("#composer-emoji")
    assert not alice.page.locator("#emoji-picker input").evaluate(TAKES, method)
    alice.page.keyboard.press("Escape")
    alice.page.locator("#composer-text").press_sequentially(":tad")
    expect(alice.page.locator("#completion")).to_be_visible()
    assert not alice.page.locator("#composer-text").evaluate(TAKES, method)
    expect(alice.page.locator("#completion")).to_be_visible()  # nothing was chosen


def test_the_focus_stays_in_the_list_whoever_comes_and_goes(person, room):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    alice.page.click("#open-people")
    expect(alice.page.locator("#panel-body .panel-content")).to_be_visible()
    link = alice.page.locator("#people-list li", has_text="bob").locator("a")
    link.focus()
    person("charlie").open(f"/chat/{room}/")
    names = alice.page.locator("#people-list .name")
    for place, name in enumerate(["alice", "bob", "charlie"]):  # bots follow, those of other tests too
        expect(names.nth(place)).to_have_text(name)
    expect(link).to_be_focused()
    bob.open("/chat/")
    expect(alice.page.locator("#people-list")).to_be_focused()


def test_a_text_is_copied_where_the_page_has_no_clipboard(person, room):
    alice = person("alice")
    alice.add_init_script("Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined })")
    alice.open(f"/chat/{room}/").say("copy me")
    alice.sees("copy me")
    alice.choose("copy me", "copy")
    expect(alice.page.locator("#toast")).to_have_text("Text copied.")
    expect(alice.page.locator(".actions [data-do=more]")).to_be_focused()
    alice.page.focus("#composer-text")
    alice.page.keyboard.press("Control+v")
    expect(alice.page.locator("#composer-text")).to_have_value("copy me")
    alice.page.evaluate("document.execCommand = () => false")  # nor by a field
    alice.choose("copy me", "copy")
    shown = alice.page.get_by_role("dialog", name="The browser did not allow copying")
    field = shown.get_by_role("textbox")
    expect(field).to_have_value("copy me")
    assert field.evaluate("(it) => it.value.slice(it.selectionStart, it.selectionEnd)") == "copy me"
    assert barriers(alice.page) == []
    alice.page.keyboard.press("Escape")
    expect(shown).to_have_count(0)


CLOCK = """(() => {
    const Real = Date;
    window.ahead = 0;
    window.Date = class extends Real {
        constructor(...given) { given.length ? super(...given) : super(Real.now() + window.ahead); }
        static now() { return Real.now() + window.ahead; }
    };
    window.beats = [];
    const every = window.setInterval;
    window.setInterval = (beat, pause) => { if (pause === 30_000) window.beats.push(beat); return every(beat, pause); };
})()"""


def test_at_midnight_today_becomes_yesterday(person, room):
    alice = person("alice")
    alice.add_init_script(CLOCK)
    alice.open(f"/chat/{room}/").say("good night")
    alice.sees("good night")
    alice.open(f"/chat/{room}/")  # nothing is on its way that would draw it anew
    expect(alice.page.locator("h2.day")).to_have_text("Today")
    assert (
        alice.page.evaluate("""() => {
        window.ahead = 86_400_000;
        for (const beat of window.beats) beat();
        return document.querySelector("h2.day").innerText; // at once: whatever draws the page anew says it, too
    }""")
        == "Yesterday"
    )


def test_long_names_and_hours_find_room_in_a_small_window(person, room):
    alice = person("alice", locale="en-US", viewport={"width": 320, "height": 568}).open(f"/chat/{room}/")
    for text in ("one", "two"):
        alice.say(text)
    head = alice.sees("two").locator(".head").bounding_box()
    hour = alice.message("two").locator(".when").bounding_box()
    assert head["x"] <= hour["x"] and hour["x"] + hour["width"] <= head["x"] + head["width"]  # or "01:40 PM" is cut off
    one_line = alice.page.locator("#composer-text").bounding_box()["height"]
    alice.open(f"/chat/{room}-{'of-many-words-' * 3}end/")
    assert alice.page.locator("#composer-text").bounding_box()["height"] == one_line
    alice.page.goto(f"{alice.page.url}people/")
    assert alice.page.locator(".page-title").bounding_box()["height"] < 32
