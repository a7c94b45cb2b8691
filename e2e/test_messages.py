"""What one does with a message, and how messages look."""

from playwright.sync_api import expect


def unread_of(one, room: str) -> int:
    return one.context.request.get(f"/api/rooms/{room}").json()["unread"]


_ALL_READ = """async (room) => {
    while ((await (await fetch(`/api/rooms/${room}`)).json()).unread) await new Promise(requestAnimationFrame);
}"""


def has_read_all(one, room: str) -> None:
    one.page.evaluate(_ALL_READ, room)


def test_what_is_marked_unread_stays_unread_until_one_writes(person, room):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    for text in ("one", "two", "three"):
        alice.say(text)
        bob.sees(text)
    has_read_all(bob, room)
    tab = bob.context.new_page()
    tab.goto(f"/chat/{room}/")
    expect(tab.locator("body")).to_have_attribute("data-connection", "live")
    expect(tab.locator(".new-line")).to_have_count(0)
    bob.page.bring_to_front()
    bob.message("two").hover()
    bob.message("two").locator(".actions [data-do=unread]").click()
    for page in (bob.page, tab):  # the other one hears of it
        expect(page.locator(".new-line + .message")).to_contain_text("two")
    alice.say("four")
    bob.sees("four")
    bob.page.evaluate("dispatchEvent(new Event('focus'))")
    alice.say("five")
    bob.sees("five")
    assert unread_of(bob, room) == 4
    bob.say("an answer")
    bob.sees("an answer")
    expect(bob.page.locator(".new-line")).to_have_count(0)
    has_read_all(bob, room)


def boxes(one, *selectors: str) -> list[dict]:
    return [one.page.locator(selector).first.bounding_box() for selector in selectors]


TABLE = "| place | how many people came in the year before last |\n|---|---:|\n| Bern | 12 |"


def test_a_message_has_its_place(person, room):
    alice = person("alice", viewport={"width": 1600, "height": 800}).open(f"/chat/{room}/")
    alice.say("word " * 200)
    alice.sees("word word")
    alice.say("🎉")
    alice.say("\u05e9\u05dc\u05d5\u05dd " * 60)
    alice.sees("\u05e9\u05dc\u05d5\u05dd")
    alice.say(TABLE)
    alice.sees("Bern")
    avatar, words, rtl, table = boxes(alice, ".avatar:not(.small)", ".text > p", ".text > [dir=rtl]", ".text table")
    assert (avatar["width"], words["x"] - avatar["x"] - avatar["width"]) == (36, 12)
    assert words["width"] < 760 < rtl["width"]
    emoji = alice.message("🎉").locator(".emoji")
    assert emoji.evaluate("(node) => parseFloat(getComputedStyle(node).fontSize)") == 30
    cell = alice.page.locator("td").last
    assert cell.evaluate("(node) => getComputedStyle(node).textAlign") == "right"
    assert table["width"] < 700


def test_edited_stands_behind_the_last_word_and_says_when(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    alice.say("a tipo")
    alice.sees("a tipo")
    alice.page.press("#composer-text", "ArrowUp")
    alice.say("a typo")
    for _ in range(2):  # as the page makes it, and as the server does
        mark = alice.sees("a typo").locator("p .edited")
        expect(mark).to_have_text("(edited)")
        assert mark.get_attribute("title")
        [line], [text] = boxes(alice, ".edited"), boxes(alice, ".text > p")
        assert line["y"] < text["y"] + text["height"]
        alice.page.reload()
        alice.is_live()


def test_what_was_deleted_together_takes_one_small_line(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    for text in ("one", "two", "three"):
        alice.say(text)
        alice.sees(text)
    alice.page.evaluate(
        """async () => {
        for (const node of [...document.querySelectorAll(".message")].slice(0, 2)) {
            const fields = { message_id: Number(node.dataset.id) };
            document.dispatchEvent(new CustomEvent("rt:command", { detail: { type: "delete", fields } }));
        }
    }"""
    )
    expect(alice.page.locator(".message.deleted")).to_have_count(2)
    expect(alice.page.locator(".message.deleted:visible")).to_have_count(1)
    assert alice.page.locator(".message.deleted").first.bounding_box()["height"] < 28
