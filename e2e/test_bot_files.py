"""What the bot sees of files: a picture as a picture, a text as a text; and how its answer leads back to them."""

import re

from playwright.sync_api import expect

from .files import PNG, picture, send_files
from .model_replies import Reply
from .page_audit import barriers, sticking_out
from .test_bot import is_complete, reply_of


def cite_both(request) -> Reply:
    id = re.findall(r"#(\d+)/2", request.said)[-1]  # the system text names one, too
    return Reply(f"Blue [#{id}/1], and on Friday [#{id}/2].")


def test_an_answer_about_a_picture_and_a_text_leads_to_them(person, room, model):
    alice = person("alice").open(f"/chat/{room}/")
    model.answer_with(cite_both)
    files = ("plan.png", PNG, picture(2400, 1500)), ("minutes.txt", "text/plain", b"The deploy is on Friday.\n")
    id = send_files(alice, room, *files, text="@bot what is in these?", alt="A plan of the quay")["id"]
    is_complete(alice, f"Blue #{id} plan.png, and on Friday #{id} minutes.txt.")
    parts = model.requests[-1].body["messages"][-1]["content"]
    assert [part["type"] for part in parts] == ["text", "text", "image_url"]
    assert parts[2]["image_url"]["url"].startswith("data:image/jpeg;base64,")
    for said in ("minutes.txt", "A plan of the quay", "The deploy is on Friday."):
        assert said in parts[0]["text"]
    link = reply_of(alice).get_by_role("link", name="minutes.txt")
    assert alice.context.request.get(link.get_attribute("href")).text() == "The deploy is on Friday.\n"
    expect(reply_of(alice).locator("a.cite").first).to_have_attribute("href", f"#m{id}")
    assert sticking_out(alice.page) == []
    assert barriers(alice.page) == []
    alice.page.goto(f"/chat/{room}/answers/{reply_of(alice).get_attribute('data-id')}/")
    expect(alice.page.locator(".answer")).to_contain_text("plan.png")
