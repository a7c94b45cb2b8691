"""Completing members who are away, and the palette: everybody, every public room, and nobody who does not exist."""

from playwright.sync_api import expect

from .page_audit import barriers

SEED = """
from accounts.models import User
from rooms.services import membership
room = membership.get_or_create_and_join(User.objects.get(username="alice"), "{room}")
for name in ("dana-{room}", "ann.dan-{room}", "danbot-{room}"):
    user = User(username=name, is_bot=name.startswith("danbot"))
    user.set_unusable_password()
    user.save()
    membership.add_member(room, user)
membership.get_or_create_and_join(user, "Secret of {room} club")
membership.create_room(user, "Secret of {room}, private", "private")
"""
# The line that leads to the invitations is no hit, whatever is typed.
INVITED = """
from rooms.services import personal_invitations
kettles = membership.create_room(User.objects.get(username="ann.dan-{room}"), "Kettles", "private")
personal_invitations.invite(User.objects.get(username="ann.dan-{room}"), kettles.name, "alice")
"""


def test_members_who_are_away_are_completed_people_before_bots(person, stack, room, size):
    alice = person("alice", **size).open(f"/chat/{room}/")
    stack.run(SEED.format(room=room))
    alice.page.locator("#composer-text").press_sequentially("ask @dan")
    options = alice.page.locator("#completion [role=option]")
    expect(options).to_have_count(3)
    expect(options.nth(0)).to_contain_text(f"dana-{room}")
    expect(options.nth(1)).to_contain_text(f"danbot-{room}")
    expect(options.nth(2)).to_contain_text(f"ann.dan-{room}")
    alice.page.keyboard.press("Escape")
    expect(alice.page.locator("#completion")).to_be_hidden()
    alice.page.keyboard.type("a")
    expect(options).to_have_count(1)
    alice.page.keyboard.press("Enter")
    expect(alice.page.locator("#composer-text")).to_have_value(f"ask @dana-{room} ")


def test_the_palette_finds_rooms_and_people_by_keyboard(person, stack, room, size):
    alice = person("alice", **size)
    stack.run(SEED.format(room=room) + INVITED.format(room=room))
    alice.open(f"/chat/{room}/")
    page, palette = alice.page, alice.page.locator("#palette")
    page.keyboard.press("Control+k")
    page.keyboard.type(f"secret of {room}")
    first = palette.get_by_role("option").first
    expect(first).to_contain_text(f"Secret of {room} club")
    expect(first.locator(".tag")).to_have_text("join")
    expect(first).to_have_attribute("aria-selected", "true")
    expect(palette).not_to_contain_text("private")
    expect(palette.get_by_role("combobox")).to_have_attribute("aria-activedescendant", f"palette-room-{slug(room)}")
    expect(palette.get_by_role("status")).to_have_text("3 results")  # the room, a search, a new room
    assert not barriers(page)
    with page.expect_navigation(url=f"**/chat/{slug(room)}/"):
        page.keyboard.press("Enter")
    alice.is_visiting()


def test_five_keys_lead_to_direct_messages_with_somebody_who_is_away(person, stack, room):
    alice = person("alice")
    stack.run(SEED.format(room=room).replace("ann.dan", "zoe"))
    alice.open(f"/chat/{room}/")
    with alice.page.expect_navigation(url=f"**/dm/zoe-{room}/"):
        for key in ("Control+k", "z", "o", "e", "Enter"):  # before the server has answered
            alice.page.keyboard.press(key)
    alice.is_visiting()


def test_the_palette_begins_with_where_one_was(person, room):
    alice = person("alice")
    for name in (f"{room}-b", f"{room}-a", room):
        alice.open(f"/chat/{name}/")
    alice.page.click("#open-palette")
    rows = alice.page.locator("#palette [role=option]")
    expect(rows.nth(0)).to_contain_text(f"{room}-a")
    expect(rows.nth(1)).to_contain_text(f"{room}-b")
    alice.page.keyboard.press("ArrowDown")
    with alice.page.expect_navigation(url=f"**/chat/{room}-b/"):
        alice.page.keyboard.press("Enter")


def test_a_typo_makes_nothing(person, room, size):
    alice = person("alice", **size).open(f"/chat/{room}/")
    page = alice.page
    page.keyboard.press("Control+k")
    page.keyboard.type(f"inc-{room}")
    rows = page.locator("#palette [role=option]")
    expect(rows).to_have_text([f"Search messages for “inc-{room}”", f"Create room “inc-{room}”"])
    expect(rows.first).to_have_attribute("aria-selected", "true")
    rows.last.click()
    page.wait_for_url("**/new-room/?title=*")
    expect(page.locator("[name=title]")).to_have_value(f"inc-{room}")
    expect(page.locator("[name=title]")).to_be_focused()
    page.keyboard.press("Enter")
    alice.is_live()


def test_escape_and_a_click_beside_it_close_the_palette_and_the_focus_goes_back(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    page, palette = alice.page, alice.page.locator("#palette")
    for leave in (lambda: page.keyboard.press("Escape"), lambda: page.mouse.click(5, 5)):
        page.locator("#composer-text").focus()
        page.keyboard.press("Control+k")
        expect(palette.get_by_role("combobox")).to_be_focused()
        leave()
        expect(palette).to_be_hidden()
        expect(page.locator("#composer-text")).to_be_focused()


def test_commands_are_found_by_name(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    alice.page.keyboard.press("Control+k")
    alice.page.keyboard.type(">short")
    alice.page.keyboard.press("Enter")
    expect(alice.page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    expect(alice.page.locator("#palette")).to_be_hidden()


def test_without_a_connection_what_the_page_knows_is_offered(person, room):
    person("bobby").open(f"/chat/{room}/").say("I am here")  # with whom alice has no direct messages
    alice = person("alice").open(f"/chat/{room}/")
    alice.sees("I am here")
    page = alice.page
    page.keyboard.press("Control+k")
    page.wait_for_function(
        "() => performance.getEntriesByType('resource').some(({ name }) => name.includes('joined/palette.'))"
    )
    alice.context.set_offline(True)
    page.keyboard.type("@bobb")
    expect(page.locator("#palette [role=option]").first).to_contain_text("bobby")
    page.keyboard.press("Escape")
    page.locator("#composer-text").press_sequentially("@bobb")
    expect(page.locator("#completion [role=option]").first).to_contain_text("bobby")
    expect(page.locator("#composer-text")).to_have_attribute("aria-activedescendant", "completion-0")
    alice.context.set_offline(False)


def slug(room: str) -> str:
    return f"secret-of-{room}-club"
