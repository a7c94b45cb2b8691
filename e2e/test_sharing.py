"""Files go out with the first words of a conversation, and are passed on to a room without being sent again."""

import re

from playwright.sync_api import expect

from .conftest import LAPTOP
from .files import snap
from .page_audit import barriers, sticking_out

PHONE = {"viewport": {"width": 390, "height": 844}}


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
    form.get_by_label("Where to?").select_option(label=room)
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
