"""Staff invite somebody to the server, and see that they came; on both sizes, in German, and without a script."""

import itertools
import re

from playwright.sync_api import expect

from .conftest import ARTIFACTS
from .german_pages import GERMAN, look_at
from .page_audit import AXE
from .person import PASSWORD, Person

_numbers = itertools.count(1)
OWNER = """
from accounts.models import User
from accounts.role_changes import change_role
from accounts.roles import ServerRole
from rooms.services import membership
owner = User.objects.get(username="{name}")
change_role(owner, ServerRole.OWNER, None)
print("room", membership.create_room(owner, "{title}", "private").name)
"""


def owner_of_a_room(person, stack, **options) -> tuple[Person, str, str]:
    """The owner of the server, and the name and title of a private room of theirs."""
    number = next(_numbers)
    one, title = person(f"owner{number}", **options), f"Welcome {number}"
    said = stack.run(OWNER.format(name=one.name, title=title))
    return one, re.search(r"room (\S+)", said)[1], title


def picture(page, name: str, size: dict) -> None:
    width = size["viewport"]["width"]
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=ARTIFACTS / f"{name}-{width}-{scheme}.png", full_page=True)


def test_a_stranger_comes_by_a_link(person, stack, browser, size):
    staff, room, title = owner_of_a_room(person, stack, **size, **GERMAN)
    page = staff.page
    staff.add_init_script(AXE)
    page.goto("/server/invitations/")
    look_at(staff, "invitations")
    picture(page, "server-invitations", size)
    page.get_by_label(title).check()
    page.get_by_label("Notiz").fill("Für die Neuen")
    with page.expect_navigation():
        page.get_by_role("button", name="Link machen").click()
    link = page.locator("#link").input_value()
    look_at(staff, "an invitation")
    picture(page, "server-invitation", size)
    stranger = browser.new_context(base_url=stack.base_url, **size).new_page()
    stranger.goto(re.sub(r"^https?://[^/]+", stack.base_url, link))
    expect(stranger.locator("main")).to_contain_text(f"{staff.name} invites you to chat on")
    expect(stranger.locator("main p strong")).to_have_text([re.compile("127"), title])
    picture(stranger, "join", size)
    stranger.get_by_label("User name").fill(f"new-{staff.name}")
    stranger.get_by_label("Password", exact=True).fill(PASSWORD)
    stranger.get_by_label("Repeat password").fill(PASSWORD)
    stranger.get_by_role("button", name="Create account").click()
    expect(stranger).to_have_url(f"{stack.base_url}/chat/{room}/")
    expect(stranger.locator("h1")).to_have_text(title)
    page.reload()
    came = page.get_by_role("region", name="Wer damit kam")
    expect(came.get_by_role("link")).to_have_text([f"new-{staff.name}"])
    picture(page, "server-invitation-used", size)
    stranger.context.close()


def test_it_is_made_and_revoked_without_a_script(person, stack):
    staff, _room, _title = owner_of_a_room(person, stack, java_script_enabled=False)
    page = staff.page
    page.goto("/server/invitations/")
    page.get_by_label("Note").fill("For a while")
    page.get_by_role("button", name="Create link").click()
    link = page.locator("#link").input_value()
    assert re.fullmatch(r"http://\S+/join/[\w-]{43}/", link)
    page.get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("The invitation is revoked.")).to_be_visible()
    expect(page.locator("#link")).to_have_count(0)
    staff.expect_fault("status of 404")
    page.goto(re.sub(r"^https?://[^/]+", stack.base_url, link))
    expect(page.get_by_text("This invitation was withdrawn.")).to_be_visible()
