"""What a text looks like on the page, whatever stands in it: measured in the browser, on a phone and a laptop."""

import pytest
from playwright.sync_api import expect

from .conftest import ARTIFACTS

TOWER = "a" + "\u0301" * 200
HEBREW = "- שלום\n- מה שלומך היום"

BOX = "node => { const box = node.getBoundingClientRect(); return [box.left, box.top, box.right, box.bottom]; }"


@pytest.fixture
def alice(person, room, size):
    return person("alice", **size).open(f"/chat/{room}/")


def pictures(one, name: str) -> None:
    for scheme in ("light", "dark"):
        one.page.emulate_media(color_scheme=scheme)
        width = one.page.viewport_size["width"]
        one.picture(ARTIFACTS / "text" / f"{name}-{width}-{scheme}.png")


def markers(message) -> list[dict]:
    """Of each list item: its number, how wide that is, and how much room the list has for it."""
    return message.locator("ol > li").evaluate_all("""items => items.map((item) => {
        const list = item.parentElement;
        const style = getComputedStyle(item);
        const pen = document.createElement("canvas").getContext("2d");
        pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
        const at = [...list.children].indexOf(item);
        const number = item.value || list.start + at;
        const { width } = pen.measureText(`${number}. `);
        return { room: parseFloat(getComputedStyle(list).paddingLeft), width, number };
    })""")


def test_numbers_of_any_length_stand_within_their_message(alice):
    for last in (9, 99, 999, 1995, 123456, 999999999):
        alice.say(f"{last - 1}. the one before {last}\n{last}. the last, {last}")
        alice.sees(f"the last, {last}")
    alice.say("> 1995. a year in a quote")
    alice.sees("a year in a quote")
    found = markers(alice.page.locator("#log"))
    assert len(found) == 13
    assert [each for each in found if each["width"] > each["room"]] == []
    pictures(alice, "numbers")


def test_numbers_are_those_that_were_written(alice):
    alice.say("2. yes\n5. no")
    message = alice.sees("yes")
    assert [each["number"] for each in markers(message)] == [2, 5]


def test_marks_that_tower_over_a_letter_stay_within_their_message(alice, room):
    alice.say("the message before")
    alice.say(TOWER + " tower")
    before, tower = alice.sees("the message before"), alice.sees("tower")
    left, top, right, _bottom = before.locator(".text").evaluate(BOX)
    above = {"x": left, "y": top, "width": right - left, "height": 12}
    painted = alice.page.screenshot(clip=above)
    tower.evaluate("node => (node.style.visibility = 'hidden')")
    assert alice.page.screenshot(clip=above) == painted
    tower.evaluate("node => (node.style.visibility = '')")
    pictures(alice, "tower")


def test_lists_quotes_and_tables_run_in_the_direction_of_their_letters(alice):
    alice.say(HEBREW)
    alice.say("> שלום לכולם")
    alice.say("| שם | גיל |\n|---|---|\n| דנה | 7 |")
    alice.say("- hello\n- there")
    hebrew, english = alice.sees("מה שלומך"), alice.sees("there")
    item = hebrew.locator("li").first
    assert item.evaluate("node => getComputedStyle(node).direction") == "rtl"
    assert english.locator("li").first.evaluate("node => getComputedStyle(node).direction") == "ltr"
    # The words end where the room for the markers begins, at the right.
    list_right = hebrew.locator(".text ul").evaluate("node => node.getBoundingClientRect().right")
    words_right = item.evaluate("""node => {
        const range = document.createRange();
        range.selectNodeContents(node);
        return range.getBoundingClientRect().right;
    }""")
    room_for_markers = hebrew.locator(".text ul").evaluate("node => parseFloat(getComputedStyle(node).paddingRight)")
    assert abs(list_right - room_for_markers - words_right) < 2 and room_for_markers > 10
    quote = alice.sees("שלום לכולם").locator("blockquote")
    assert quote.evaluate(
        "node => [getComputedStyle(node).borderRightWidth, getComputedStyle(node).borderLeftWidth]"
    ) == ["3px", "0px"]
    cells = (
        alice.sees("דנה").locator("td").evaluate_all("cells => cells.map((cell) => cell.getBoundingClientRect().left)")
    )
    assert cells[0] > cells[1]
    pictures(alice, "right-to-left")


def test_a_column_is_aligned_as_it_was_written(alice):
    alice.say("| item | price |\n|---|---:|\n| tea | 2 |\n| a whole pot of it | 1,000,000 |")
    cell = alice.sees("a whole pot").locator("td", has_text="2")
    assert cell.evaluate("node => getComputedStyle(node).textAlign") == "right"
    pictures(alice, "table")


def test_deep_lists_leave_room_for_words(alice):
    alice.say("\n".join("  " * level + f"- level {level}" for level in range(20)) + "\n\nand behind them")
    message = alice.sees("and behind them")
    for level in range(20):
        expect(message).to_contain_text(f"level {level}")
    narrowest = message.locator("li").evaluate_all("items => Math.min(...items.map((item) => item.clientWidth))")
    assert narrowest > 120
    pictures(alice, "deep")


def test_what_is_quoted_are_words_and_not_markdown(person, room, size):
    alice, bob = person("alice", **size).open(f"/chat/{room}/"), person("bob", **size).open(f"/chat/{room}/")
    alice.say("a question")
    asked = bob.sees("a question")
    bob.page.evaluate("id => document.getElementById(id).focus()", asked.get_attribute("id"))
    asked.locator("[data-do=reply]").click()
    bob.say("an answer")
    quote = bob.sees("an answer").locator(".quote span")
    expect(quote).to_have_text("a question")
    alice.page.press("#composer-text", "ArrowUp")
    alice.edit_to("a **better** question: `a < b`\n\n- [with](https://example.org) a list")
    words = "a better question: a < b with a list"
    for one in (alice, bob):
        expect(one.sees("an answer").locator(".quote span")).to_have_text(words)
    bob.page.reload()
    expect(bob.sees("an answer").locator(".quote span")).to_have_text(words)
    asked = bob.sees("a better question")
    bob.page.evaluate("id => document.getElementById(id).focus()", asked.get_attribute("id"))
    asked.locator("[data-do=reply]").click()
    expect(bob.page.locator("#composer-about q")).to_have_text(words)


def test_two_pages_of_a_room_have_a_draft_each(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    field = "#composer-text"
    alice.page.fill(field, "in the first")
    second = alice.another_tab(f"/chat/{room}/")
    expect(second.locator(field)).to_have_value("")
    second.fill(field, "in the second")
    alice.page.fill(field, "in the first, and more")
    alice.page.reload()
    expect(alice.page.locator(field)).to_have_value("in the first, and more")
    second.reload()
    expect(second.locator(field)).to_have_value("in the second")
    second.close()
    third = alice.another_tab(f"/chat/{room}/")
    expect(third.locator(field)).to_have_value("in the second")
    expect(alice.page.locator(field)).to_have_value("in the first, and more")
    third.press(field, "Enter")
    alice.sees("in the second")
    expect(alice.page.locator(field)).to_have_value("in the first, and more")


def test_a_wide_sign_calls_completes_and_finds(person, room, size):
    alice, bob = person("alice", **size).open(f"/chat/{room}/"), person("bob", **size).open(f"/chat/{room}/")
    bob.say("here I am")
    alice.sees("here I am")
    alice.page.locator("#composer-text").press_sequentially("请＠bob")
    expect(alice.page.locator("#completion [role=option]").first).to_contain_text("bob")
    alice.page.press("#composer-text", "Tab")
    expect(alice.page.locator("#composer-text")).to_have_value("请@bob ")
    alice.say("请＠bob看")
    expect(bob.sees("请＠bob看").locator(".mention.me")).to_have_text("＠bob")
    alice.page.locator("#composer-text").press_sequentially("：rocket")
    expect(alice.page.locator("#completion [role=option]").first).to_contain_text("🚀")
    alice.page.fill("#composer-text", "")
    alice.page.locator("#composer-text").press_sequentially("／to")
    expect(alice.page.locator("#completion [role=option]")).to_contain_text("/topic")


def test_what_is_pasted_loses_what_nobody_sees(person, room):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    alice.page.evaluate("""() => {
        const field = document.getElementById("composer-text");
        field.value = "red \\x1b[1mfish\\x07\\f\\u2028half \\ud83d of it";
        field.dispatchEvent(new InputEvent("input"));
    }""")
    alice.page.press("#composer-text", "Enter")
    bob.sees("red [1mfish")
    alice.sees("half")
    assert alice.texts() == bob.texts() == ["red [1mfish\nhalf of it"]
