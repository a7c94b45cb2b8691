"""Files of messages on the page: by the server and over the socket alike, in their boxes from the beginning."""

import io
import wave

from playwright.sync_api import expect

from files.tests.documents import pdf

from .files import PNG, picture, send_files, snap
from .page_audit import barriers, sticking_out

REPORT = pdf("The harbour in 2026\n\nTwelve boats came, and eleven left.")


def sound() -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(16000))
    return buffer.getvalue()


def files_of(one) -> list[str]:
    """Each file's markup, without what a browser writes in another way."""
    return one.page.locator(".message .file").evaluate_all(
        """files => files.map((file) => {
            const all = [file, ...file.querySelectorAll("*")];
            const attributes = (node) => [...node.attributes].map(({ name, value }) => `${name}=${value}`).sort();
            return all.map((node) => [node.tagName, ...attributes(node)].join(" ")).join() + file.innerText.trim();
        })"""
    )


def test_files_look_the_same_from_the_server_and_over_the_socket(person, room, size):
    alice, bob = person("alice", **size).open(f"/chat/{room}/"), person("bob", **size).open(f"/chat/{room}/")
    send_files(alice, room, ("harbour.png", PNG, picture()), text="the harbour", alt="Boats at the quay")
    send_files(
        alice,
        room,
        ("one.png", PNG, picture(colour="teal")),
        ("two.png", PNG, picture(300, 900, "sienna")),
        ("three.png", PNG, picture(colour="olive")),
        ("a long name of a report about the year 2026, second edition.pdf", "application/pdf", REPORT),
        ("boats.py", "text/plain", b"def sail(boat):\n    return boat.go()\n" * 9),
        ("note", "text/plain", b""),
        ("tone.wav", "audio/wav", sound()),
    )
    expect(bob.page.locator(".message .file")).to_have_count(8)
    shown = bob.page.get_by_role("img", name="Boats at the quay")
    expect(shown).to_be_visible()
    expect(shown).to_have_js_property("naturalWidth", 360)
    live = files_of(bob)
    snap(bob, "files-live", size)
    assert sticking_out(bob.page) == []
    assert barriers(bob.page) == []
    bob.page.reload()
    bob.is_live()
    assert files_of(bob) == live
    expect(bob.page.locator(".message .file").first).to_be_visible()
    snap(bob, "files-served", size)
    bob.page.locator("a.file-read", has_text="boats.py").click()
    shown = bob.page.locator("#panel-body")
    expect(shown.get_by_role("heading", name="boats.py")).to_be_visible()
    expect(shown.locator("pre")).to_contain_text("return boat.go()\ndef sail(boat):")
    snap(bob, "file-text", size)
    assert sticking_out(bob.page) == []
    assert barriers(bob.page) == []
    bob.page.locator(".panel-tabs").get_by_role("link", name="Files").click()
    shown.get_by_role("searchbox").fill("report")
    shown.get_by_role("searchbox").press("Enter")
    expect(shown.get_by_text("No files found")).to_be_visible()
    snap(bob, "files-searched", size)


def test_a_reply_says_which_file_it_is_about(person, room):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    id = send_files(alice, room, ("plan.pdf", "application/pdf", b"%PDF-1.7\n"))["id"]
    expect(bob.page.locator(f"#m{id} .file-card")).to_contain_text("plan.pdf")
    bob.page.locator(f"#m{id}").focus()
    bob.page.keyboard.press("r")
    expect(bob.page.locator("#composer-about q")).to_have_text("📎 plan.pdf")
    bob.say("thank you")
    expect(alice.page.locator(".message .quote:visible")).to_contain_text("📎 plan.pdf")


def test_pictures_move_nothing_when_they_come(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    for number in range(4):
        send_files(alice, room, (f"{number}.png", PNG, picture()), text=f"picture {number}")
    bob = person("bob").open(f"/chat/{room}/")
    fresh = person("bob", cold=True)
    fresh.add_init_script("""
        window.shifted = 0;
        new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
        }).observe({ type: "layout-shift", buffered: true });
    """)
    fresh.open(f"/chat/{room}/")
    expect(fresh.page.locator(".file img").last).to_have_js_property("complete", True)
    assert fresh.page.evaluate("window.shifted") < 0.02
    bob.page.close()
