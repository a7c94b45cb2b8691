"""Files are chosen, pasted and dropped, and sent with a message: all of them, or none."""

import hashlib

import pytest
from playwright.sync_api import expect

from .files import PNG, picture, snap
from .page_audit import barriers, small_targets, sticking_out

PASTE = """([name, type, bytes]) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(bytes)], name, { type }));
    const init = { clipboardData: data, bubbles: true, cancelable: true };
    document.getElementById("composer-text").dispatchEvent(new ClipboardEvent("paste", init));
}"""
DROP = """([kind, names]) => {
    const data = new DataTransfer();
    for (const name of names) data.items.add(new File([`this is ${name}`], name, { type: "text/plain" }));
    const target = document.getElementById("timeline");
    target.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


def choose(one, *names: str) -> None:
    expect(one.page.locator("#composer-attach")).to_be_enabled()
    files = [{"name": name, "mimeType": "text/plain", "buffer": f"this is {name}".encode()} for name in names]
    one.page.set_input_files("#composer-files", files)


def send(one) -> None:
    one.page.click("#composer .send")


def rows(one):
    return one.page.locator(".tray-file")


def test_a_pasted_picture_goes_out_with_its_words(person, room, size):
    alice, bob = person("alice", **size).open(f"/chat/{room}/"), person("bob", **size).open(f"/chat/{room}/")
    expect(alice.page.locator("#composer-attach")).to_be_enabled()
    alice.page.evaluate(PASTE, ["image.png", PNG, list(picture(640, 400))])
    expect(rows(alice)).to_have_attribute("data-status", "there")
    alice.page.get_by_role("button", name="Describe the picture").click()
    alice.page.keyboard.type("Our harbour")
    snap(alice, "tray", size)
    assert sticking_out(alice.page) == []
    assert barriers(alice.page) == []
    alice.page.keyboard.press("Enter")
    expect(alice.page.locator("#composer-text")).to_be_focused()
    alice.page.keyboard.type("look at this")
    send(alice)
    for one in (alice, bob):
        expect(one.sees("look at this").get_by_role("img", name="Our harbour")).to_have_js_property("naturalWidth", 360)
    expect(rows(alice)).to_have_count(0)


def test_three_dropped_files_of_which_one_is_cancelled(person, room, size):
    alice, bob = person("alice", **size).open(f"/chat/{room}/"), person("bob", **size).open(f"/chat/{room}/")
    expect(alice.page.locator("#composer-attach")).to_be_enabled()
    held = []
    alice.page.route("**/files", lambda route: held.append(route))
    names = ["one.txt", "two.txt", "three.txt"]
    alice.page.evaluate(DROP, ["dragover", names])
    expect(alice.page.locator("#main[data-drop]")).to_be_visible()
    snap(alice, "drop", size)
    alice.page.evaluate(DROP, ["drop", names])
    expect(alice.page.locator("#main[data-drop]")).to_have_count(0)
    expect(rows(alice)).to_have_count(3)
    alice.page.get_by_role("button", name="Remove two.txt").click()
    expect(rows(alice)).to_have_count(2)
    send(alice)
    pending = alice.page.locator(".message[data-pending]")
    expect(pending.locator(".status")).to_contain_text("Sending files…")
    snap(alice, "uploading", size)
    alice.say("a text does not wait for files")
    bob.sees("a text does not wait for files")
    expect(bob.page.locator(".file")).to_have_count(0)
    for route in held:
        if b"two.txt" not in (route.request.post_data_buffer or b""):  # the page has given that one up
            route.continue_()
    alice.page.unroute("**/files")
    expect(bob.page.locator(".file-name")).to_have_text(["one.txt", "three.txt"])
    expect(alice.page.locator(".message[data-pending]")).to_have_count(0)
    expect(alice.page.locator(".file-name")).to_have_text(["one.txt", "three.txt"])


def test_what_is_too_large_or_too_many_is_said_before_it_goes_up(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    choose(alice, *[f"{number}.txt" for number in range(12)])
    expect(rows(alice)).to_have_count(10)
    error = alice.page.locator(".tray .error")
    expect(error).to_have_text("Send at most 10 files at once.")
    alice.page.evaluate(PASTE, ["film.mov", "video/quicktime", 51 * 1024 * 1024])  # a number: so many bytes of nothing
    expect(error).to_have_text("Too large, at most 50.0 MB: film.mov")
    expect(rows(alice)).to_have_count(10)


def test_files_wait_while_another_room_is_read_and_over_a_reload(person, room):
    alice = person("alice").open("/chat/lobby/").open(f"/chat/{room}/")
    choose(alice, "plan.txt")
    expect(rows(alice)).to_have_attribute("data-status", "there")
    alice.page.locator("#side a[href='/chat/lobby/']").click()
    expect(alice.page.locator("h1")).to_have_text("Lobby")
    expect(rows(alice)).to_have_count(0)
    expect(alice.page.locator("#side-drafts .badge")).to_have_text("1")
    alice.page.go_back()
    expect(rows(alice)).to_contain_text("plan.txt")
    alice.page.reload()
    alice.is_live()
    expect(rows(alice)).to_contain_text("plan.txt")
    expect(rows(alice)).to_have_attribute("data-status", "there")
    send(alice)
    expect(alice.page.locator(".message:not([data-pending]) .file-name")).to_have_text("plan.txt")
    expect(alice.page.locator("#side-drafts .badge")).to_have_text("")


def test_offline_files_wait_and_go_out_with_the_line(person, room):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    choose(alice, "first.txt")  # what shows files is loaded
    send(alice)
    expect(bob.page.locator(".file-name")).to_have_text("first.txt")
    alice.context.set_offline(True)
    expect(alice.page.locator("#banner")).to_be_visible()
    choose(alice, "kept.txt")
    expect(rows(alice)).to_contain_text("Waits for the connection")
    alice.page.fill("#composer-text", "written offline")
    send(alice)
    expect(alice.page.locator(".message[data-pending]")).to_contain_text("kept.txt")
    alice.context.set_offline(False)
    expect(bob.sees("written offline").locator(".file-name")).to_have_text("kept.txt")
    expect(alice.page.locator(".message", has_text="written offline")).to_have_count(1)


BUSY = {"code": "unavailable", "reason": "file_store_away", "message": "Not now."}


@pytest.mark.parametrize("way", ["by itself", "at once"])
def test_what_a_busy_server_does_not_take_goes_up_later_with_its_message(person, room, way):
    alice = person("alice").open(f"/chat/{room}/")
    alice.expect_fault("status of 503")
    clock = alice.set_clock() if way == "by itself" else None
    alice.page.reload()
    alice.is_live()
    alice.page.route("**/files", lambda route: route.fulfill(status=503, headers={"Retry-After": "30"}, json=BUSY))
    choose(alice, "a.txt")
    expect(rows(alice)).to_contain_text("The server is busy.")
    again = alice.page.get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    assert barriers(alice.page) == []
    alice.page.unroute("**/files")
    if clock:
        send(alice)
        expect(alice.page.locator(".message[data-pending]")).to_contain_text("a.txt")
        clock.fast_forward(45_000)
    else:
        again.click()
        expect(rows(alice)).to_have_attribute("data-status", "there")
        send(alice)
    expect(alice.page.locator(".message:not([data-pending]) .file-name")).to_have_text("a.txt")


def test_a_refused_file_can_be_tried_again(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    alice.expect_fault("status of 507")
    full = {"code": "storage_full", "reason": "storage_full", "message": "Not now."}
    alice.page.route("**/files", lambda route: route.fulfill(status=507, json=full))
    choose(alice, "a.txt")
    expect(rows(alice)).to_have_attribute("data-status", "failed")
    alice.page.unroute("**/files")
    alice.page.get_by_role("button", name="Try again").click()
    expect(rows(alice)).to_have_attribute("data-status", "there")


def test_fingers_reach_what_is_in_the_tray(person, room):
    alice = person("alice", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    alice.open(f"/chat/{room}/")
    expect(alice.page.locator("#composer-attach")).to_be_enabled()
    alice.page.evaluate(PASTE, ["image.png", PNG, list(picture(640, 400))])
    expect(rows(alice)).to_have_attribute("data-status", "there")
    assert small_targets(alice.page) == []


def test_a_large_file_goes_on_where_the_line_broke(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    data = hashlib.sha256(b"large").digest() * (12 * 2**20 // 32)
    asked = []

    def pass_on(route):
        request = route.request
        asked.append(f"{request.method} {request.headers.get('upload-offset', '')}".strip())
        if asked.count("PATCH 5242880") == 1 and asked[-1].startswith("PATCH 5"):
            route.abort("internetdisconnected")
        else:
            route.continue_()

    alice.page.route("**/api/uploads/*", pass_on)
    expect(alice.page.locator("#composer-attach")).to_be_enabled()
    file = {"name": "plans.bin", "mimeType": "application/octet-stream", "buffer": data}
    with alice.page.expect_event("requestfailed", lambda request: request.method == "PATCH"):
        alice.page.set_input_files("#composer-files", [file])
    expect(rows(alice)).to_have_attribute("data-status", "waiting")
    alice.page.evaluate("dispatchEvent(new Event('online'))")
    expect(rows(alice)).to_have_attribute("data-status", "there")
    assert asked == ["PATCH 0", "PATCH 5242880", "HEAD", "PATCH 5242880", "PATCH 10485760"]
    alice.page.fill("#composer-text", "the plans")
    send(alice)
    address = alice.sees("the plans").locator("a.file-card").get_attribute("href")
    arrived = alice.context.request.get(address).body()
    assert (len(arrived), hashlib.sha256(arrived).digest()) == (len(data), hashlib.sha256(data).digest())


def test_a_large_file_goes_up_whole_where_hosts_share_no_disk(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    alice.expect_fault("409")
    elsewhere = {"code": "conflict", "reason": "upload_elsewhere", "message": "It is not on this host."}

    def answer(route):
        route.fulfill(status=409, json=elsewhere) if route.request.method == "PATCH" else route.continue_()

    alice.page.route("**/api/uploads/*", answer)
    expect(alice.page.locator("#composer-attach")).to_be_enabled()
    file = {"name": "plans.bin", "mimeType": "application/octet-stream", "buffer": b"plan" * (9 * 2**18)}
    with alice.page.expect_response(lambda answer: answer.request.method == "DELETE") as given_up:
        alice.page.set_input_files("#composer-files", [file])
    assert given_up.value.status == 204
    expect(rows(alice)).to_have_attribute("data-status", "there")
