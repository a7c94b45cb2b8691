"""What the owner of a room decides: who may invite people, and who may call everybody with @room."""

import pytest
from playwright.sync_api import expect

from .conftest import ARTIFACTS

WIDE = {"viewport": {"width": 1280, "height": 800}}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_owner_decides_who_invites_and_calls(person, room, scheme, width):
    size = {"viewport": {"width": width, "height": 800}}
    alice = person("alice", **size, color_scheme=scheme).open(f"/chat/{room}/")
    bob = person("bob", **WIDE).open(f"/chat/{room}/")
    alice.page.goto(f"/chat/{room}/about/")
    alice.page.get_by_text("Manage this room", exact=True).click()
    alice.page.get_by_label("Invite people", exact=True).select_option("moderators")
    alice.page.get_by_label("Call everybody with @room", exact=True).select_option("members")
    section = alice.page.locator("section[aria-labelledby=permissions]")
    section.scroll_into_view_if_needed()
    alice.picture(ARTIFACTS / f"permissions-{width}-{scheme}.png")
    section.get_by_role("button", name="Save", exact=True).click()
    for said in ("decided that only moderators may invite people", "decided that all members may use @room"):
        expect(bob.page.locator("#log")).to_contain_text(said)
    bob.page.locator("#composer-text").press_sequentially("@roo")
    expect(bob.page.get_by_role("option").filter(has_text="@room")).to_be_visible()
    bob.page.goto(f"/chat/{room}/people/")
    expect(bob.page.locator("#members")).to_be_visible()
    expect(bob.page.get_by_role("button", name="Invite", exact=True)).to_have_count(0)
