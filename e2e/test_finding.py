"""Completing members who are away, and the jump box: everybody, every public room, and nobody who does not exist."""

from playwright.sync_api import expect

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


def test_the_jump_box_finds_people_and_rooms_by_keyboard(person, stack, room, size):
    alice = person("alice", **size)
    stack.run(SEED.format(room=room) + INVITED.format(room=room))
    alice.open(f"/chat/{room}/")
    page, first = alice.page, alice.page.locator("#side li.first-hit")
    page.keyboard.press("Control+k")
    page.keyboard.type(f"secret of {room}")
    expect(page.locator("#jump-more")).to_contain_text(f"Join Secret of {room} club")
    expect(page.locator("#jump-more")).not_to_contain_text("private")
    expect(first).to_have_count(1)
    expect(first).to_contain_text("Join Secret")
    expect(page.locator("#jump-status")).to_contain_text(f"Secret of {room} club")
    with page.expect_navigation(url=f"**/chat/secret-of-{room}-club/"):
        page.keyboard.press("Enter")
    alice.is_visiting()
    page.keyboard.press("Control+k")
    page.keyboard.type(f"@dan-{room}")  # Enter before the server has answered waits for the answer
    with page.expect_navigation(url=f"**/dm/ann.dan-{room}/"):
        page.keyboard.press("Enter")
    alice.is_visiting()


def test_a_typo_leads_to_no_page_that_is_missing(person, room, size):
    alice = person("alice", **size).open(f"/chat/{room}/")
    page = alice.page
    page.keyboard.press("Control+k")
    page.keyboard.type(f"inc-{room}")
    offers = page.locator("#jump-more li")
    expect(offers).to_have_text([f"Search messages for “inc-{room}”", f"Create the room “inc-{room}”"])
    page.locator("#jump-more a").last.click()
    page.wait_for_url("**/chat/?title=*")
    expect(page.locator("[name=title]")).to_have_value(f"inc-{room}")
    expect(page.locator("[name=title]")).to_be_focused()
    page.keyboard.press("Enter")
    alice.is_live()


def test_without_a_connection_what_the_page_knows_is_offered(person, room):
    person("bobby").open(f"/chat/{room}/").say("I am here")  # with whom alice has no direct messages
    alice = person("alice").open(f"/chat/{room}/")
    alice.sees("I am here")
    page = alice.page
    page.focus("#side-filter")
    page.wait_for_function(
        "() => performance.getEntriesByType('resource').some(({ name }) => name.includes('quick_switcher_matches'))"
    )
    alice.context.set_offline(True)
    page.keyboard.type("@bobb")
    expect(page.locator("#jump-more li").first).to_have_text("Message bobby")
    expect(page.locator("#jump-status")).to_have_text("Press Enter for: Message bobby")  # the request has failed
    page.locator("#composer-text").press_sequentially("@bobb")
    expect(page.locator("#completion [role=option]").first).to_contain_text("bobby")
    expect(page.locator("#composer-text")).to_have_attribute("aria-activedescendant", "completion-0")
    alice.context.set_offline(False)
