"""What one does with a message, and how messages look."""

from playwright.sync_api import expect

from .conftest import ARTIFACTS
from .page_audit import barriers


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
    bob.choose("two", "unread")
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
    avatar, words, rtl, table = boxes(alice, ".message > .avatar", ".text > p", ".text > [dir=rtl]", ".text table")
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
    alice.edit_to("a typo")
    for _ in range(2):  # as the page makes it, and as the server does
        mark = alice.sees("a typo").locator("p .edited")
        expect(mark).to_have_text("(edited)")
        assert mark.get_attribute("title")
        [line], [text] = boxes(alice, ".edited"), boxes(alice, ".text > p")
        assert line["y"] < text["y"] + text["height"]
        alice.page.reload()
        alice.is_live()


def test_what_was_deleted_leaves_one_small_line_where_somebody_replied(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    for text in ("one", "two", "three", "four"):
        alice.say(text)
        alice.sees(text)
    for text in ("two", "three"):
        alice.choose(text, "reply")
        alice.say(f"to {text}")
        alice.sees(f"to {text}")
    alice.page.evaluate(
        """async () => {
        for (const node of [...document.querySelectorAll(".message")].slice(0, 3)) {
            const fields = { message_id: Number(node.dataset.id) };
            document.dispatchEvent(new CustomEvent("rt:command", { detail: { type: "delete", fields } }));
        }
    }"""
    )
    for _ in range(2):  # as the page makes it, and as the server does
        expect(alice.page.locator(".message.deleted")).to_have_count(3)
        expect(alice.page.locator(".message.deleted:visible")).to_have_count(1)  # the two that stand together
        assert alice.page.locator(".message.deleted:visible").bounding_box()["height"] < 28
        alice.page.reload()
        alice.is_live()


def test_a_menu_by_right_click_and_a_reaction_by_one_click(person, room, history):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    history(room, "alice", 30)
    bob.sees("line 29").click(button="right")
    menu = bob.page.locator("#message-menu")
    expect(menu.locator("button:visible")).to_have_text(
        ["Reply R", "Copy text", "Copy link", "Forward…", "Mark unread from here", "Block alice", "Report…"]
    )
    expect(menu.locator("[data-do=reply]")).to_be_focused()
    for scheme in ("light", "dark"):
        bob.page.emulate_media(color_scheme=scheme)
        bob.picture(ARTIFACTS / "messages" / f"menu-{scheme}.png")
        assert barriers(bob.page) == []
    bob.page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    bob.message("line 28").hover()
    bob.page.locator(".actions [data-emoji='✅']").click()
    expect(alice.message("line 28").locator(".reaction")).to_contain_text("✅")
    bob.page.evaluate("document.getElementById('timeline').scrollTop -= 100")
    top = bob.page.locator(".message").nth(
        bob.page.evaluate("""() => {
        const edge = document.getElementById("timeline").getBoundingClientRect().top;
        return [...document.querySelectorAll(".message")].findIndex((n) => n.getBoundingClientRect().top >= edge);
    }""")
    )
    top.hover()
    expect(bob.page.locator(".actions")).to_be_in_viewport(ratio=1)
    box, header = bob.page.locator(".actions").bounding_box(), bob.page.locator(".room-head").bounding_box()
    assert box["y"] >= header["y"] + header["height"]


def test_what_is_focused_before_it_is_sent_gets_its_bar(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    alice.context.set_offline(True)
    expect(alice.page.locator("#banner")).to_be_visible()
    alice.say("thanks")
    line = alice.page.locator(".message[data-pending]")
    line.focus()
    expect(alice.page.locator(".actions")).to_have_count(0)
    alice.context.set_offline(False)
    expect(alice.sees("thanks").get_by_role("button", name="More")).to_be_visible()
    alice.choose("thanks", "reply")


def test_messages_by_single_keys(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    for text in ("first", "second", "third"):
        alice.say(text)
        alice.sees(text)
    page = alice.page
    page.locator("#timeline").focus()
    page.keyboard.press("ArrowUp")
    expect(alice.message("third")).to_be_focused()
    page.keyboard.press("k")
    expect(alice.message("second")).to_be_focused()
    page.keyboard.press("j")
    expect(alice.message("third")).to_be_focused()
    page.keyboard.press("r")
    expect(page.locator("#composer-text")).to_be_focused()
    expect(page.locator("#composer-about")).to_contain_text("third")
    page.keyboard.type("jk and r are letters here")
    expect(page.locator("#composer-text")).to_have_value("jk and r are letters here")


def test_what_concerns_others_is_asked_about_first(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    person("bob").open(f"/chat/{room}/")
    alice.page.goto(f"/chat/{room}/people/")
    alice.page.locator(".about-do summary").click()
    asks = alice.page.locator("#confirm")
    for answer, left in (("Cancel", 1), ("Ban from room", 0)):
        alice.page.locator(".about-do [value=ban]").click()
        expect(asks).to_contain_text("Ban bob from this room?")
        assert barriers(alice.page) == []
        asks.get_by_role("button", name=answer).click()
        expect(asks).to_be_hidden()
        expect(alice.page.locator("main a[data-card=profile]", has_text="bob")).to_have_count(left)


def test_a_message_is_edited_where_it_stands(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    for text in ("first", "second"):
        alice.say(text)
        alice.sees(text)
    page, field = alice.page, alice.page.locator(".edit-form textarea")
    page.fill("#composer-text", "a draft")
    alice.choose("first", "edit")
    expect(alice.page.locator(".message.editing .edit-form")).to_have_count(1)
    expect(field).to_be_focused()
    expect(field).to_have_value("first")
    alice.picture(ARTIFACTS / "messages" / "edit.png")
    assert barriers(page) == []
    page.keyboard.press("ArrowUp")  # stays in the text
    expect(field).to_be_focused()
    field.fill("not this")
    page.keyboard.press("Escape")
    expect(field).to_have_count(0)
    alice.sees("first")
    alice.message("second").focus()
    page.keyboard.press("e")
    field.fill("**third**")
    page.keyboard.press("Enter")
    expect(field).to_have_count(0)
    expect(alice.sees("third").locator("strong")).to_have_text("third")
    expect(page.locator("#composer-text")).to_have_value("a draft")
