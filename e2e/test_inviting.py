"""Being asked before somebody puts one into a room: live, on both sizes, and without a script."""

import itertools
import re

from playwright.sync_api import expect

from .page_audit import barriers, sticking_out
from .test_blocking import picture

_numbers = itertools.count(1)
# Two people who share no room, and a private room of the first.
SEED = """
from accounts.models import User
from rooms.services import membership
from rooms.models import Membership
host, guest = User.objects.get(username="{host}"), User.objects.get(username="{guest}")
Membership.objects.filter(user=guest, room__kind="public").delete()
print("room", membership.create_room(host, "Garden party", "private").name)
"""


def strangers(person, stack, **options) -> tuple:
    """(host, guest, the name of the host's private room)."""
    number = next(_numbers)
    host, guest = person(f"host{number}"), person(f"guest{number}", **options)
    said = stack.run(SEED.format(host=host.name, guest=guest.name))
    return host, guest, re.search(r"room (\S+)", said)[1]


def invite(host, guest, garden: str) -> None:
    host.page.goto(f"/chat/{garden}/people/")
    host.page.fill("#username", guest.name)
    host.page.press("#username", "Enter")
    expect(host.page.get_by_text(f"{guest.name} is invited.")).to_be_visible()


def test_an_invitation_comes_while_the_page_is_open_and_is_accepted(person, stack, room, size):
    host, guest, garden = strangers(person, stack, **size)
    guest.open(f"/chat/{room}/")
    invite(host, guest, garden)
    expect(host.page.get_by_text(f"invited by {host.name}")).to_be_visible()
    expect(guest.page.locator("#toast")).to_have_text(f"{host.name} invites you to the room Garden party.")
    expect(guest.page.locator("#side-invitations .badge")).to_have_text("1")
    expect(guest.page).to_have_title(re.compile(r"^\(1\) "))
    guest.page.goto("/chat/")
    picture(guest, "invited-list", size)
    if size["viewport"]["width"] > 900:
        guest.page.locator("#side-invitations a").click()
    else:
        guest.page.goto("/invitations/")
    picture(guest, "invitations", size)
    assert sticking_out(guest.page) == []
    assert barriers(guest.page) == []
    guest.page.get_by_role("button", name="Accept").click()
    guest.is_live()
    expect(guest.page.locator("h1")).to_have_text("Garden party")
    expect(guest.page.locator("#side-invitations")).to_be_hidden()
    host.page.reload()
    expect(host.page.get_by_text(f"invited by {host.name}")).to_have_count(0)


def test_declining_without_a_script_is_not_told(person, stack, size):
    host, guest, garden = strangers(person, stack, java_script_enabled=False, **size)
    invite(host, guest, garden)
    picture(host, "about-with-an-invitation", {"viewport": {"width": 1280}})
    guest.page.goto("/chat/")
    guest.page.get_by_role("button", name="Decline").click()
    expect(guest.page.get_by_text("You declined the invitation.")).to_be_visible()
    expect(guest.page.get_by_text("You have no pending invitations")).to_be_visible()
    guest.expect_fault("404")
    assert guest.page.goto(f"/chat/{garden}/").status == 404
    host.page.reload()
    expect(host.page.get_by_text(f"invited by {host.name}")).to_be_visible()
    host.page.get_by_role("button", name="Withdraw").click()
    expect(host.page.get_by_text(f"{guest.name} is no longer invited.")).to_be_visible()


def test_the_settings_that_say_who_may_do_what(person, size):
    guest = person("gina", **size)
    guest.page.goto("/privacy/")
    guest.page.get_by_label("Ask me before anybody adds me to a room").check()
    guest.page.get_by_role("button", name="Save").click()
    expect(guest.page.get_by_text("Saved.")).to_be_visible()
    expect(guest.page.get_by_label("Ask me before anybody adds me to a room")).to_be_checked()
    picture(guest, "privacy-settings", size)
    assert sticking_out(guest.page) == []
    assert barriers(guest.page) == []
    guest.page.get_by_label("Ask me before anybody adds me to a room").uncheck()
    guest.page.get_by_role("button", name="Save").click()


def test_a_link_that_is_made_in_the_panel_can_be_copied(person, stack):
    host, guest, garden = strangers(person, stack)
    host.context.grant_permissions(["clipboard-write"])  # a browser without windows cannot ask
    host.open(f"/chat/{garden}/")
    for _ in range(2):  # the script is loaded once, and starts each button
        host.page.click(".face-pile")
        host.page.click("#panel-body [value=make_link]")
        copy = host.page.locator("#panel-body [data-copies]")
        copy.click()
        expect(copy).to_have_text("Copied")
        host.page.click("#close-panel")
        expect(host.page.locator("#panel.open")).to_have_count(0)


def test_enter_takes_the_first_person_who_is_offered(person, room):
    host = person("alice").open(f"/chat/{room}/")
    guest = person(f"{room}zelda")
    host.page.goto(f"/chat/{room}/people/")
    field = host.page.locator("#username")
    field.press_sequentially(f"{room}zel")
    expect(host.page.locator("#whom-to-invite option")).to_have_attribute("value", guest.name)
    field.press("Enter")
    expect(field).to_have_value(guest.name)
    field.press("Enter")
    expect(host.page.get_by_text(f"{guest.name} is invited.")).to_be_visible()
