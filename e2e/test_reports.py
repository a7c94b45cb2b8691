"""Somebody reports a message from its menu; a moderator is told, decides, and the reporter sees what came of it."""

import itertools

from playwright.sync_api import expect

from .conftest import ARTIFACTS
from .page_audit import barriers, sticking_out

_numbers = itertools.count(1)


def picture(one, name: str, size: dict) -> None:
    for scheme in ("light", "dark"):
        one.page.emulate_media(color_scheme=scheme)
        one.picture(ARTIFACTS / "looks" / f"{name}-{size['viewport']['width']}-{scheme}.png")
    one.page.emulate_media(color_scheme="light")


def test_a_message_is_reported_and_its_author_banned_for_a_while(person, room, size):
    number = next(_numbers)
    alice = person("alice", **size).open(f"/chat/{room}/")
    rude = person(f"rude{number}", **size).open(f"/chat/{room}/")
    bob = person("bob", **size).open(f"/chat/{room}/")
    rude.say("you fools")
    bob.sees("you fools")
    alice.sees("you fools")
    bob.choose("you fools", "report")
    expect(bob.page.get_by_role("heading", name="Report a message", exact=True)).to_be_visible()
    assert (barriers(bob.page), sticking_out(bob.page)) == ([], [])
    picture(bob, "report", size)
    bob.page.get_by_label("What is wrong?").select_option("harassment")
    bob.page.get_by_label("What should moderators know?").fill("Not the first time")
    bob.page.get_by_role("button", name="Send report", exact=True).click()
    expect(bob.page.locator("#panel, main").get_by_text("Thank you. Moderators will look").first).to_be_visible()

    expect(alice.page.locator("#side-inbox a[href='/inbox/'] .badge")).not_to_be_empty()  # she is told at once
    alice.page.goto("/reports/")
    report = alice.page.locator(".report", has_text="Not the first time").first
    expect(report).to_contain_text("you fools")
    expect(report).to_contain_text("reported by bob")
    report.get_by_text("Ban from room").first.click()
    assert (barriers(alice.page), sticking_out(alice.page)) == ([], [])
    picture(alice, "reports", size)
    report.get_by_label("Ban lasts").select_option("1d")
    report.get_by_label("Reason for the ban, which they read").fill("Insults")
    report.get_by_role("button", name="Ban from room", exact=True).click()
    expect(alice.page.get_by_text("The report is closed.")).to_be_visible()
    alice.page.goto(f"/chat/{room}/people/")
    expect(alice.page.locator(".about-ban")).to_contain_text("“Insults”")
    assert (barriers(alice.page), sticking_out(alice.page)) == ([], [])
    picture(alice, "bans", size)

    rude.expect_fault(r"status of 404 ")
    rude.page.goto(f"/chat/{room}/")
    expect(rude.page.locator("main")).to_contain_text("The reason: “Insults”")
    bob.page.goto("/reports/")
    expect(bob.page.locator(".report").first).to_contain_text("The person was banned from the room")


def test_without_a_script_a_person_is_reported_from_their_page(person):
    bob = person("bob", java_script_enabled=False)
    bob.page.goto("/people/bot/")
    bob.page.get_by_role("link", name="Report…", exact=True).click()
    bob.page.get_by_label("What is wrong?").select_option("spam")
    bob.page.get_by_role("button", name="Send report", exact=True).click()
    expect(bob.page.locator("main")).to_contain_text("Thank you. Moderators will look at your report.")
