"""Files go out with the first words of a conversation, and are passed on to a room; a voice is recorded and played."""

import re

from playwright.sync_api import expect

from .conftest import LAPTOP
from .files import snap
from .page_audit import barriers, sticking_out

PHONE = {"viewport": {"width": 390, "height": 844}}
# A tone in place of a microphone: the browser of the tests has none to ask for, nor anybody who would allow it.
MICROPHONE = """() => {
    let allowed = false;
    addEventListener("microphone", () => allowed = true);
    navigator.mediaDevices.getUserMedia = async () => {
        if (!allowed) throw new DOMException("", "NotAllowedError");
        const context = new AudioContext(), out = context.createMediaStreamDestination();
        const tone = new OscillatorNode(context);
        tone.connect(out);
        tone.start();
        return out.stream;
    };
}"""
HAS_DURATION = "player => player.readyState > 0 && Number.isFinite(player.duration) && player.duration > 0"


def test_a_conversation_begins_with_a_file_that_is_forwarded(person, room):
    uwe = person("uwe", **PHONE).open(f"/chat/{room}/")
    tess = person("tess", **LAPTOP).open(f"/chat/{room}/")
    page = tess.page
    page.goto("/dm/uwe/")
    tess.is_visiting()
    expect(page.locator("#composer-attach")).to_be_enabled()
    page.set_input_files("#composer-files", {"name": "plan.txt", "mimeType": "text/plain", "buffer": b"a plan"})
    expect(page.locator(".tray-file")).to_contain_text("Goes out with the message")
    snap(tess, "first-file", LAPTOP)
    page.fill("#composer-text", "here is the plan")
    page.click("#composer .send")
    tess.is_live()
    expect(tess.sees("here is the plan").locator(".file")).to_contain_text("plan.txt")

    tess.choose("here is the plan", "forward")
    form = page.locator("#panel-body form")
    find = form.get_by_label("Find a room or a person")
    expect(find).to_be_focused()
    find.fill("#" + room[:4])
    expect(form.get_by_role("radio", name="uwe")).to_be_hidden()
    find.press("Enter")
    expect(form.get_by_role("radio", name=room)).to_be_checked()
    form.get_by_label("Message (optional)").fill("for all of us")
    snap(tess, "forward", LAPTOP)
    assert barriers(page) == []
    assert sticking_out(page) == []
    form.get_by_role("button", name="Forward").click()
    expect(page.locator("#panel-body")).to_contain_text(f"Forwarded to {room}.")
    forwarded = uwe.sees(re.compile("for all of us"))
    expect(forwarded.locator("blockquote")).to_have_text(re.compile(r"tess\s+here is the plan"))
    expect(forwarded.locator(".file")).to_contain_text("plan.txt")
    snap(uwe, "forwarded", PHONE)


def test_a_voice_message_is_recorded_listened_to_and_sent(person, room):
    uwe = person("uwe", **PHONE).open(f"/chat/{room}/")
    tess = person("tess", **LAPTOP).open(f"/chat/{room}/")
    page, button = tess.page, tess.page.get_by_role("button", name="Record a voice message")
    page.evaluate(MICROPHONE)
    button.click()
    expect(page.locator("#toast")).to_contain_text("does not allow this page to use the microphone")
    page.evaluate("dispatchEvent(new Event('microphone'))")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("timer")).not_to_have_text("0:00")  # something has been heard
    snap(tess, "recording", LAPTOP)
    assert barriers(page) == []
    page.get_by_role("button", name="Stop").click()
    expect(button).to_have_attribute("aria-pressed", "false")
    row = page.locator(".tray-file")
    expect(row).to_have_attribute("data-status", "there")
    page.wait_for_function(HAS_DURATION, arg=row.locator("audio").element_handle())
    snap(tess, "recorded", LAPTOP)
    page.click("#composer .send")
    expect(row).to_have_count(0)
    for one in (tess, uwe):
        player = one.page.locator(".file[data-kind=audio] audio")
        expect(player).to_be_visible()
        one.page.wait_for_function(HAS_DURATION, arg=player.element_handle())
        assert sticking_out(one.page) == []
    snap(uwe, "voice", PHONE)
    button.click()
    page.get_by_role("button", name="Discard").click()
    expect(row).to_have_count(0)
    expect(page.locator("#composer-text")).to_be_focused()
