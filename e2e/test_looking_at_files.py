"""Pictures shown large, by keys and fingers; the files of a room; what becomes of one's own."""

import re

from playwright.sync_api import expect

from .files import PNG, picture, send_files, snap
from .page_audit import barriers, sticking_out


def three_pictures(one, room: str) -> None:
    colours = {"one.png": "teal", "two.png": "sienna", "three.png": "olive"}
    files = [(name, PNG, picture(1600, 900, colour)) for name, colour in colours.items()]
    send_files(one, room, *files, alt="A plain colour")


def test_pictures_are_looked_at_by_keys(person, room, size):
    alice = person("alice", **size).open(f"/chat/{room}/")
    three_pictures(alice, room)
    alice.page.locator(".file-picture").nth(1).focus()
    alice.page.keyboard.press("Enter")
    box = alice.page.get_by_role("dialog", name="two.png")
    expect(box).to_be_visible()
    expect(box.locator("figure img")).to_have_js_property("complete", True)
    needed = "previews/1080" if size["viewport"]["width"] < 1080 else "/two.png"
    assert needed in box.locator("figure img").evaluate("image => image.currentSrc")
    expect(box).to_contain_text("alice · ")
    expect(box).to_contain_text("2/3")
    expect(box).to_contain_text("A plain colour")
    snap(alice, "lightbox", size)
    assert sticking_out(alice.page) == []
    assert barriers(alice.page) == []
    alice.page.keyboard.press("ArrowRight")
    expect(alice.page.get_by_role("dialog", name="three.png")).to_be_visible()
    alice.page.keyboard.press("ArrowRight")  # there is none
    for _ in range(2):
        alice.page.keyboard.press("ArrowLeft")
    box = alice.page.get_by_role("dialog", name="one.png")
    expect(box).to_be_visible()
    width = box.locator("figure img").bounding_box()["width"]
    alice.page.keyboard.press("+")
    expect(box.locator("figure img")).to_have_css("max-width", "none")
    expect(box.locator("figure img")).to_have_js_property("naturalWidth", 1600)
    assert box.locator("figure img").bounding_box()["width"] > width
    alice.page.keyboard.press("-")
    expect(box.get_by_role("link", name="Download")).to_have_attribute("download", "one.png")
    alice.page.keyboard.press("Escape")
    expect(alice.page.locator(".lightbox")).to_be_hidden()
    expect(alice.page.locator(".file-picture").nth(1)).to_be_focused()


def test_a_finger_goes_to_the_next_picture_and_away(person, room):
    alice = person("alice", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    alice.open(f"/chat/{room}/")
    three_pictures(alice, room)
    alice.page.locator(".file-picture").first.tap()
    expect(alice.page.get_by_role("dialog", name="one.png")).to_be_visible()
    swipe = """([x, y]) => {
        const stage = document.querySelector(".lightbox figure");
        const at = (clientX, clientY) => ({ pointerType: "touch", isPrimary: true, clientX, clientY, bubbles: true });
        stage.dispatchEvent(new PointerEvent("pointerdown", at(200, 300)));
        stage.dispatchEvent(new PointerEvent("pointerup", at(200 + x, 300 + y)));
    }"""
    alice.page.evaluate(swipe, [-150, 10])
    expect(alice.page.get_by_role("dialog", name="two.png")).to_be_visible()
    alice.page.evaluate(swipe, [0, 200])
    expect(alice.page.locator(".lightbox")).to_be_hidden()


def test_files_of_a_room_are_listed_in_the_panel(person, room, size):
    alice, bob = person("alice", **size).open(f"/chat/{room}/"), person("bob", **size).open(f"/chat/{room}/")
    three_pictures(alice, room)
    id = send_files(alice, room, ("report.pdf", "application/pdf", b"%PDF-1.7\n" * 99))["id"]
    bob.page.locator(".room-tools [data-panel]:visible").last.click()
    bob.page.locator(".panel-tabs [data-panel=files]").click()
    names = bob.page.locator("#files .file-name")
    expect(names).to_have_text(["report.pdf", "one.png", "two.png", "three.png"])
    expect(bob.page.locator("#files li").first).to_contain_text("alice · ")
    snap(bob, "files-panel", size)
    assert sticking_out(bob.page) == []
    assert barriers(bob.page) == []
    bob.page.locator("#files").get_by_role("link", name="Pictures").click()
    expect(names).to_have_text(["one.png", "two.png", "three.png"])
    names.first.click()
    expect(bob.page.get_by_role("dialog", name="one.png")).to_contain_text("alice · ")
    bob.page.keyboard.press("Escape")
    bob.page.locator("#files").get_by_role("link", name="Documents").click()
    expect(names).to_have_text(["report.pdf"])
    bob.page.get_by_role("link", name=re.compile("Show message")).click()
    expect(bob.page.locator(f"#m{id}")).to_be_focused()


def test_a_file_of_mine_is_described_and_deleted(person, room, size):
    alice, bob = person("alice", **size).open(f"/chat/{room}/"), person("bob", **size).open(f"/chat/{room}/")
    files = [("one.png", PNG, picture()), ("two.txt", "text/plain", b"two")]
    id = send_files(alice, room, *files, text="both of them")["id"]
    bob.sees("both of them")
    alice.sees("both of them")
    alice.choose("both of them", "files")
    dialog = alice.page.get_by_role("dialog", name="Files of your message")
    dialog.get_by_label("What it shows").fill("A blue box")
    alice.page.keyboard.press("Enter")
    expect(bob.page.get_by_role("img", name="A blue box")).to_be_visible()
    snap(alice, "files-dialog", size)
    assert barriers(alice.page) == []
    dialog.get_by_role("button", name=re.compile("Delete.*two.txt")).click()
    alice.page.locator("#confirm [value=yes]").click()
    expect(bob.page.locator(f"#m{id} .file")).to_have_count(1)
    dialog.get_by_role("button", name=re.compile("Delete.*one.png")).click()
    alice.page.locator("#confirm [value=yes]").click()
    expect(dialog).to_be_hidden()
    expect(bob.page.locator(f"#m{id} .file")).to_have_count(0)
    expect(bob.sees(re.compile("both of them"))).to_be_visible()
