"""A phone: a finger that rests on a message, and what the small window does with it."""

import pytest
from playwright.sync_api import expect

from .conftest import ARTIFACTS
from .page_audit import STILL, barriers

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


class Finger:
    """A finger on a page, down to the browser's own events; Playwright's taps have no length."""

    def __init__(self, one):
        self._devtools = one.context.new_cdp_session(one.page)

    def down(self, found) -> "Finger":
        box = found.bounding_box()
        point = {"x": box["x"] + min(60, box["width"] / 2), "y": box["y"] + box["height"] / 2}
        self._devtools.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
        return self

    def up(self) -> None:
        self._devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.fixture
def alice(person, room):
    alice = person("alice", **PHONE).open(f"/chat/{room}/")
    for text in ("the first", "the second"):
        alice.say(text)
        alice.sees(text)
    return alice


def test_a_finger_that_rests_shows_what_can_be_done_in_words(alice):
    bar, menu, finger = alice.page.locator(".actions"), alice.page.locator("#message-menu"), Finger(alice)
    alice.message("the first").locator(".text").tap()
    expect(bar).to_have_count(0)  # a tap reads on
    alice.page.keyboard.press("ArrowDown")  # a tablet may have keys, too
    expect(bar).to_be_visible()
    finger.down(alice.message("the first").locator(".text"))
    expect(menu).to_be_visible()
    finger.up()
    expect(menu).to_be_visible()
    expect(menu).to_be_in_viewport(ratio=1)
    expect(menu.locator("button:visible")).to_have_text(
        ["👍", "❤️", "✅", "", "Reply R", "Copy text", "Copy link", "Forward…", "Pin to the room", "Edit E", "Delete"]
    )
    heights = menu.locator("button:visible").evaluate_all("(all) => all.map((each) => each.offsetHeight)")
    assert min(heights) >= 48
    alice.picture(ARTIFACTS / "messages" / "sheet.png")
    assert barriers(alice.page) == []
    assert alice.page.evaluate("String(getSelection())") == ""
    menu.locator("[data-do=reply]").tap()
    expect(menu).to_be_hidden()
    alice.say("an answer")
    expect(alice.sees("an answer").locator(".quote")).to_contain_text("the first")
    finger.down(alice.message("the second").locator(".text"))
    expect(menu.locator("[data-do=delete]")).to_be_visible()
    finger.up()
    alice.page.touchscreen.tap(200, 120)
    expect(menu).to_be_hidden()  # a tap beside it puts it away


def test_a_finger_that_rests_on_a_reaction_shows_who_it_was(alice):
    finger, message = Finger(alice), alice.message("the first")
    finger.down(message.locator(".text"))
    expect(alice.page.locator("#message-menu")).to_be_visible()
    finger.up()
    alice.page.locator("#message-menu [data-emoji='👍']").tap()
    expect(message.locator(".reaction")).to_contain_text("👍")
    finger.down(message.locator(".reaction"))
    expect(alice.page.locator("#toast")).to_have_text("👍 you")
    finger.up()
    alice.say("afterwards")
    alice.sees("afterwards")
    expect(message.locator(".reaction b")).to_have_text("1")  # it was no tap
    message.locator(".reaction").tap()
    expect(message.locator(".reaction")).to_have_count(0)


def test_a_finger_that_rests_on_a_room_of_the_first_list_opens_its_menu(alice, room):
    page, menu, finger = alice.page, alice.page.locator("#room-menu"), Finger(alice)
    page.goto("/chat/")
    card = page.locator(f".my-cards li[data-room='{room}'] > a")
    finger.down(card)
    expect(menu).to_be_visible()
    finger.up()
    assert barriers(page) == []
    menu.locator("[data-do=star]").tap()
    expect(menu).to_be_hidden()
    expect(page.locator(f"#side-starred li[data-room='{room}']")).to_be_attached()
    assert page.url.endswith("/chat/")  # it was no tap
    finger.down(card)
    expect(menu.locator("[data-do=leave]")).to_be_visible()
    finger.up()
    menu.locator("[data-do=leave]").tap()
    page.locator("#confirm [value=yes]").tap()
    expect(card).to_have_count(0)


def test_enter_breaks_the_line_and_the_button_sends(alice):
    field = alice.page.locator("#composer-text")
    assert field.get_attribute("enterkeyhint") == "enter"
    field.tap()
    field.press_sequentially("one")
    field.press("Enter")
    field.press_sequentially("two")
    expect(field).to_have_value("one\ntwo")
    alice.page.locator("#composer .send").tap()
    alice.sees("one")
    expect(field).to_be_focused()  # the keyboard of the phone stays


def test_a_finger_moves_the_list_of_rooms_in_and_out(alice):
    side = alice.page.locator("#side")

    def swipe(x: int, by: int) -> None:
        alice.page.evaluate(STILL)  # or the finger would meet what is on its way
        for type, points in (
            ("touchStart", [{"x": x, "y": 400}]),
            *(("touchMove", [{"x": x + by * part / 4, "y": 400}]) for part in range(1, 5)),
            ("touchEnd", []),
        ):
            devtools.send("Input.dispatchTouchEvent", {"type": type, "touchPoints": points})

    devtools = alice.context.new_cdp_session(alice.page)
    expect(side).not_to_contain_class("open")
    swipe(120, 200)
    expect(side).to_contain_class("open")
    swipe(300, -200)
    expect(side).not_to_contain_class("open")
    expect(alice.page.locator("#open-side")).to_be_focused()
    swipe(120, 200)
    expect(side).to_contain_class("open")
    alice.page.keyboard.press("Escape")
    expect(side).not_to_contain_class("open")
