"""Downloading one's data and deleting one's account in the browser, with and without a script."""

import json
import re
from zipfile import ZipFile

from playwright.sync_api import expect

from .conftest import ARTIFACTS
from .page_audit import barriers, sticking_out
from .person import PASSWORD


def confirm(page) -> None:
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Continue").click()


def test_the_page_looks_right(person, room, size):
    one = person("bob", color_scheme="dark", **size)
    one.page.goto("/accounts/profile/")
    one.page.get_by_role("link", name="My data").click()
    assert sticking_out(one.page) == []
    assert barriers(one.page) == []
    one.page.screenshot(path=ARTIFACTS / f"my-data-{size['viewport']['width']}.png", full_page=True)


def test_somebody_downloads_their_data_and_deletes_their_account(person, stack, room, tmp_path):
    name = f"leaver-{room}"  # who exists for this test alone
    bob = person("bob").open(f"/chat/{room}/")
    gone = person(name, java_script_enabled=False)
    page = gone.page
    page.goto(f"/chat/{room}/")
    page.fill("#composer-text", "remember me")
    page.click("#composer .send")
    bob.sees("remember me").focus()
    bob.page.locator(".actions [data-do=reply]").click()
    bob.say("I shall")
    expect(bob.sees("I shall").locator(".quote")).to_contain_text(name)
    page.goto("/my-data/")
    page.get_by_role("button", name="Download my data").click()
    with page.expect_download() as download:
        confirm(page)
    download.value.save_as(tmp_path / "data.zip")
    with ZipFile(tmp_path / "data.zip") as zip:
        assert [each["text"] for each in json.loads(zip.read(f"{name}/data.json"))["messages"]] == ["remember me"]
    page.goto("/my-data/")
    page.get_by_label("Enter your user name to confirm").fill("somebody")
    gone.expect_fault("status of 400")
    page.get_by_role("button", name="Delete my account").click()
    expect(page.get_by_text("This is not your user name.")).to_be_visible()
    page.get_by_label("Enter your user name to confirm").fill(name)
    page.get_by_role("button", name="Delete my account").click()
    expect(page.get_by_text("Your account is deleted.")).to_be_visible()
    expect(page).to_have_url(re.compile("/accounts/login/$"))
    stack.run("from mysite.tidying import continue_erasures; continue_erasures.call()")  # as job workers do
    expect(bob.message("remember me")).to_have_count(0)
    expect(bob.page.locator("#log .message.deleted")).to_have_count(1)
    expect(bob.page.locator("#log")).not_to_contain_text(name)
