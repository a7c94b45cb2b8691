"""The whole site without JavaScript: signing in, finding a room, reading back, posting, signing out."""

from playwright.sync_api import expect

from .person import PASSWORD

SEED = """
from accounts.models import User
from rooms.services import membership
from rooms.services.posting import Post, post_many
user = User.objects.get(username="bob")
room = membership.get_or_create_and_join(user, "{room}")
post_many([Post(user, room.id, "line %s" % number) for number in range(120)])
"""


def test_a_visit_without_a_script(person, stack, room, size):
    person("bob"), person("charlie")
    stack.run(SEED.format(room=room))
    charlie = person("charlie", java_script_enabled=False, **size)
    page = charlie.page
    charlie.context.clear_cookies()
    page.goto(f"/chat/{room}/")
    page.fill("[name=login]", "charlie")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"**/chat/{room}/")
    expect(page.get_by_text("line 119", exact=True)).to_be_in_viewport()
    lines = page.locator("#log .message")
    expect(page.locator("#join")).to_be_visible()
    expect(lines).to_have_count(50)
    for first in (20, 0):
        page.get_by_role("link", name="Older messages").click()
        expect(lines.first).to_contain_text(f"line {first}")
    expect(page.get_by_role("link", name="Older messages")).to_have_count(0)
    page.get_by_role("link", name="Jump to latest").click()
    page.fill("#composer-text", "said **without** a script")
    page.click("#composer .send")
    expect(lines.last.locator("strong")).to_have_text("without")
    expect(page.locator("#join")).to_have_count(0)
    page.fill("#composer-text", "\u200b")
    charlie.expect_fault("status of 400")
    page.click("#composer .send")
    expect(page.get_by_role("alert")).to_contain_text("The message is empty.")
    expect(page.locator("#composer-text")).to_have_value("\u200b")
    page.goto("/chat/")
    page.get_by_placeholder("User name").fill("bob")
    page.get_by_role("button", name="Message", exact=True).click()
    page.wait_for_url("**/dm/bob/")
    page.fill("#composer-text", f"hello from {room}")
    page.click("#composer .send")
    expect(lines.last).to_contain_text(f"hello from {room}")
    page.goto("/accounts/profile/")
    page.get_by_role("button", name="Sign out of this browser").click()
    page.wait_for_url("**/accounts/login/**")


def test_files_are_sent_and_got_without_a_script(person, stack, room, tmp_path, size):
    person("bob")
    stack.run(SEED.format(room=room).replace("range(120)", "range(1)"))
    page = person("charlie", java_script_enabled=False, **size).page
    page.goto(f"/chat/{room}/")
    for name in ("plan.txt", "Größe.csv"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    page.set_input_files("#composer [name=file]", [tmp_path / "plan.txt", tmp_path / "Größe.csv"])
    page.fill("#composer-text", "two files")
    page.click("#composer .send")
    sent = page.locator("#log .message").last
    expect(sent).to_contain_text("two files")
    expect(sent).to_contain_text("plan.txt")
    with page.expect_download() as download:
        sent.locator("a.file-card").last.click()
    assert download.value.suggested_filename == "Größe.csv"
    assert download.value.path().read_text(encoding="utf-8") == "Größe.csv"
