"""Who writes in a room, and how often: what the message field says, as it is decided and on a page that is opened."""

import pytest
from playwright.sync_api import expect

from .conftest import ARTIFACTS
from .german_pages import GERMAN, look_at
from .page_audit import AXE

STAFF = """
from accounts.models import User
from accounts.role_changes import change_role
from accounts.roles import ServerRole
change_role(User.objects.get(username="{name}"), ServerRole.ADMIN, None)
"""
ANNOUNCEMENT = "Only moderators can write in this room."


def decide(moderator, room: str, section: str, choice: str) -> None:
    moderator.page.goto(f"/chat/{room}/about/")
    moderator.page.get_by_text("Manage this room", exact=True).click()
    form = moderator.page.locator(f"section[aria-labelledby={section}]")
    form.get_by_role("combobox").select_option(choice)
    form.get_by_role("button", name="Save", exact=True).click()
    expect(moderator.page.get_by_text("Saved.", exact=True)).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_message_field_says_why_it_is_closed(person, room, width, scheme):
    size = {"viewport": {"width": width, "height": 800}}
    alice = person("alice", **size, color_scheme=scheme).open(f"/chat/{room}/")
    bob = person("bob", **size, color_scheme=scheme).open(f"/chat/{room}/")
    note, field = bob.page.locator("#write-note"), bob.page.locator("#composer-text")
    expect(note).to_be_hidden()
    decide(alice, room, "posting-title", "moderators")
    alice.picture(ARTIFACTS / f"posting-limits-{width}-{scheme}.png")
    for _opened_anew in range(2):
        expect(note).to_have_text(ANNOUNCEMENT)
        expect(field).to_have_js_property("readOnly", True)
        bob.picture(ARTIFACTS / f"announcements-{width}-{scheme}.png")
        bob.page.reload()
        bob.is_live()
    decide(alice, room, "posting-title", "everyone")
    expect(note).to_be_hidden()
    bob.say("again")
    decide(alice, room, "slow-mode-title", "3600")
    bob.say("and now slowly")
    expect(note).to_contain_text("59:5")
    field.fill("too soon")
    expect(bob.page.locator("#composer .send")).to_be_disabled()
    bob.picture(ARTIFACTS / f"slow-mode-{width}-{scheme}.png")
    decide(alice, room, "slow-mode-title", "0")
    expect(note).to_be_hidden()
    expect(bob.page.locator("#composer .send")).to_be_enabled()


def test_without_a_script_the_page_says_so_too(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    bob = person("bob", java_script_enabled=False)
    bob.page.goto(f"/chat/{room}/")
    decide(alice, room, "slow-mode-title", "3600")
    for text, status in (("first", None), ("second", "status of 429")):
        if status:
            bob.expect_fault(status)
        bob.page.fill("#composer-text", text)
        bob.page.click("#composer .send")
    expect(bob.page.get_by_role("alert")).to_contain_text("Slow mode: one message every 3600 s.")
    expect(bob.page.locator("#composer-text")).to_have_value("second")
    decide(alice, room, "posting-title", "moderators")
    bob.page.goto(f"/chat/{room}/")
    expect(bob.page.locator("#write-note")).to_have_text(ANNOUNCEMENT)
    bob.picture(ARTIFACTS / "announcements-without-script.png")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (390, "light")])
def test_a_moderator_times_somebody_out_and_lifts_it(person, room, width, scheme):
    size = {"viewport": {"width": width, "height": 800}}
    alice = person("alice", **size, color_scheme=scheme).open(f"/chat/{room}/")
    bob = person("bob", **size, color_scheme=scheme).open(f"/chat/{room}/")
    page, note = alice.page, bob.page.locator("#write-note")
    page.goto(f"/chat/{room}/people/?whom=bob")
    form = page.locator("section[aria-labelledby=time-out] form")
    expect(form.get_by_label("User name", exact=True)).to_have_value("bob")
    form.get_by_label("For how long", exact=True).select_option("86400")
    form.get_by_label("Reason", exact=True).fill("Please calm down")
    form.scroll_into_view_if_needed()
    alice.picture(ARTIFACTS / f"time-out-{width}-{scheme}.png")
    form.get_by_role("button", name="Time out", exact=True).click()
    expect(page.get_by_text("bob cannot write for now.", exact=True)).to_be_visible()
    expect(note).to_contain_text("You cannot write in this room until")
    expect(note).to_contain_text("Reason: Please calm down")
    bob.picture(ARTIFACTS / f"timed-out-{width}-{scheme}.png")
    running = page.locator("section[aria-labelledby=running]")
    expect(running).to_contain_text("Please calm down")
    running.scroll_into_view_if_needed()
    alice.picture(ARTIFACTS / f"timeouts-{width}-{scheme}.png")
    running.get_by_role("button", name="Lift bob", exact=True).click()
    expect(note).to_be_hidden()
    bob.say("thank you")


def test_staff_time_somebody_out_on_the_server(person, stack, size):
    otto = person("otto-times-out", **size, **GERMAN)
    ines = person("ines-timed-out").open("/chat/lobby/")
    stack.run(STAFF.format(name=otto.name))
    otto.add_init_script(AXE)
    page = otto.page
    page.goto(f"/server/timeouts/?whom={ines.name}")
    page.get_by_label("Grund", exact=True).fill("Werbung")
    look_at(otto, "the form of timeouts on the server")
    page.get_by_role("button", name="Auszeit geben", exact=True).click()
    expect(page.locator("section[aria-labelledby=running]")).to_contain_text("Werbung")
    look_at(otto, "timeouts that run")
    expect(ines.page.locator("#write-note")).to_contain_text("You cannot write on this server until")
    otto.picture(ARTIFACTS / f"server-timeouts-{size['viewport']['width']}.png")
    page.get_by_role("button", name=f"Beenden {ines.name}", exact=True).click()
    expect(page.get_by_text("Niemand.", exact=True)).to_be_visible()
    expect(ines.page.locator("#write-note")).to_be_hidden()
