"""Pictures of the pages, panels and states: `bin/test e2e e2e/pictures.py` puts them into artifacts/pictures/.

They are for people to look at. Tests compare nothing with them, so they are not collected with the others.
"""

import re

import pytest
from playwright.sync_api import expect

from .conftest import ARTIFACTS
from .faults.world import inside
from .files import PNG, picture, send_files
from .page_audit import STILL
from .page_seeds import SEED
from .person import Person
from .picture_seeds import CALLS, LAUNCH, TALK
from .stack import Stack

WIDTHS = {390: 844, 834: 1112, 1280: 800, 1440: 900}
LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"color_scheme": "light", "forced_colors": "active"},
    "german": {"color_scheme": "dark", "locale": "de-DE"},
}
PLACES = {
    "lobby": ("/chat/", None),
    "room": ("/chat/{room}/", None),
    "talk": ("/chat/{room}-talk/", None),
    "empty": ("/chat/{room}-empty/", None),
    "about": ("/chat/{room}/", "[data-panel=about]"),
    "people": ("/chat/{room}/", "[data-panel=people]"),
    "search": ("/chat/{room}/", "[data-panel=search]"),
    "direct": ("/dm/bob/", None),
    "profile": ("/dm/bob/", "[data-panel=profile]"),
    "bot": ("/dm/bot/", None),
    "bot-profile": ("/dm/bot/", "[data-panel=profile]"),
    "visiting": ("/chat/{room}-bobs/", None),
    "search-page": ("/search/?q=teapot", None),
    "about-page": ("/chat/{room}/about/", None),
    "invitations": ("/invitations/", None),
    "settings": ("/settings/", None),
    "settings-keys": ("/settings/keys/", None),
    "account-activity": ("/settings/activity/", None),
    "settings-notifications": ("/settings/notifications/", None),
    "inbox": ("/inbox/", None),
    "unread": ("/unread/", None),
    "drafts": ("/drafts/", None),
    "directory": ("/people/", None),
    "groups": ("/groups/", None),
    "group": ("/groups/{group}/", None),
    "group-panel": ("/chat/{room}-calls/", "[data-panel=people]"),
    "new-room": ("/new-room/", None),
    "status": ("/accounts/status/", None),
    "privacy": ("/privacy/", None),
    "my-data": ("/my-data/", None),
    "usage": ("/usage/", None),
    "share": ("/share/", None),
    "offline": ("/offline/", None),
    "server-invitations": ("/server/invitations/", None),
    "setup": ("/setup/", None),
    "mail-stop": ("/mail/{stop}", None),
    "profile-page": ("/accounts/profile/", None),
    "devices": ("/accounts/devices/", None),
    "passkeys": ("/accounts/2fa/", None),
    "not-found": ("/chat/no-such-room-here/", None),
}
# What is open in the room of "talk": by keys that are pressed, or what is typed into the message field.
STATES = {
    "palette": (["Control+k"], ""),
    "palette-hits": (["Control+k", "b", "o"], ""),
    "keys": (["Control+/"], ""),
    "completion-people": ([], "thanks @b"),
    "completion-emoji": ([], "done :part"),
    "completion-commands": ([], "/"),
}


@pytest.fixture(scope="session")
def _session_stack(tmp_path_factory, _session_model):
    """With a mail server, so that pages offer mails: none is sent, since nothing works on jobs."""
    settings = {"OPENAI_BASE_URL": _session_model.base_url, "OPENAI_API": "chat", "OPENAI_API_KEY": "test-key"}
    settings |= {"WEB_WORKERS": 2, "RATE_MESSAGES": 1000, "EMAIL_HOST": "127.0.0.1"} | inside("quick_passwords")
    with Stack(tmp_path_factory.mktemp("stack"), **settings) as running:
        yield running


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("width", WIDTHS)
def test_pictures(person, stack, room, width, look):
    alice = person("alice", viewport={"width": width, "height": WIDTHS[width]}, has_touch=width < 900, **LOOKS[look])
    person("bob"), person("erin")
    stack.run(SEED.format(room=room))
    stack.run(TALK.format(room=room))
    stop = stack.run(CALLS.format(room=room)).strip()
    alice.expect_fault("status of 404")
    for name, (address, opener) in PLACES.items():
        alice.page.goto(address.format(room=room, stop=stop, group="design" + room.rpartition("-")[2]))
        if opener:
            opened = alice.page.locator("#panel.open").count()  # it is kept when the same room is opened again
            alice.page.locator(f"{'.panel-tabs' if opened else '.room-tools'} {opener}").click()
            expect(alice.page.locator("#panel-body .panel-content")).to_be_visible()
        _take(alice, f"{name}-{width}-{look}")
        _take_the_rest(alice, f"{name}-{width}-{look}")
    _take_menus(alice, room, f"{width}-{look}")
    for name in STATES:
        _open_state(alice, room, *STATES[name])
        _take(alice, f"{name}-{width}-{look}")
    alice.page.goto(f"/chat/{room}-talk/")
    alice.page.click("#composer-format")
    alice.page.fill("#composer-text", "A list:\n- one\n- two")
    alice.page.click("#composer-emoji")
    expect(alice.page.locator(".emoji-group").first).to_be_visible()
    _take(alice, f"emoji-{width}-{look}")
    _take_files(alice, room, f"{width}-{look}")


def _take_the_rest(one: Person, name: str) -> None:
    """What is below, of a page of settings."""
    page = one.page.locator(".settings-content")
    for part in range(1, 5):
        if not page.count() or not page.evaluate(
            "(node) => node.scrollTop < node.scrollHeight - node.clientHeight - 1"
        ):
            return
        page.evaluate("(node) => node.scrollBy({ top: node.clientHeight - 40, behavior: 'instant' })")
        _take(one, f"{name}-{part}")


def _take_menus(one: Person, room: str, name: str) -> None:
    """Of a room in the sidebar, of a message, and my own."""
    one.page.goto(f"/chat/{room}-talk/")
    one.is_live()
    message = one.page.locator(".message").first
    message.focus()
    message.locator(".actions [data-do=more]").click()
    expect(one.page.locator("#message-menu [data-do=reply]")).to_be_visible()
    _take(one, f"menu-message-{name}")
    one.page.keyboard.press("Escape")
    one.open_side()
    _take(one, f"side-{name}")
    one.page.locator("#side-rooms li[data-room] > a").first.click(button="right")
    expect(one.page.locator("#room-menu")).to_be_visible()
    _take(one, f"menu-room-{name}")
    one.page.keyboard.press("Escape")
    for menu in ("my-menu", "server-menu"):
        one.page.locator(f"[popovertarget={menu}]").click()
        expect(one.page.locator(f"#{menu}")).to_be_visible()
        _take(one, f"{menu}-{name}")
        one.page.keyboard.press("Escape")


def _take_files(one: Person, room: str, name: str) -> None:
    """Pictures and a document in a message, in the panel, shown large, and before they are sent."""
    colours = {"harbour.png": "steelblue", "market.png": "sienna", "garden.png": "olivedrab"}
    pictures = [(each, PNG, picture(900 + 300 * at, 700, colour)) for at, (each, colour) in enumerate(colours.items())]
    paper = ("minutes of the meeting in november.pdf", "application/pdf", b"%PDF-1.7\n" * 900)
    one.open(f"/chat/{room}-files/")
    send_files(one, f"{room}-files", *pictures, paper, text="From today, with the minutes.")
    send_files(one, f"{room}-files", pictures[0], text="And the best one.")
    shown = one.sees("And the best one.").locator(".file-picture")
    expect(shown.locator(".file-image")).to_have_js_property("complete", True)
    _take(one, f"files-message-{name}")
    shown.click()
    expect(one.page.locator(".lightbox figure img")).to_have_js_property("complete", True)
    _take(one, f"files-lightbox-{name}")
    one.page.keyboard.press("Escape")
    chosen = [*pictures[:2], paper]
    buffers = [{"name": name, "mimeType": type, "buffer": data} for name, type, data in chosen]
    one.page.set_input_files("#composer-files", buffers)
    expect(one.page.locator(".tray li[data-status=there]")).to_have_count(3)
    _take(one, f"files-tray-{name}")
    one.page.locator(".room-tools [data-panel]:visible").last.click()
    one.page.locator(".panel-tabs [data-panel=files]").click()
    expect(one.page.locator("#files .file-name").first).to_be_visible()
    _take(one, f"files-panel-{name}")


def _open_state(one: Person, room: str, keys: list[str], typed: str) -> None:
    one.page.goto(f"/chat/{room}-talk/")
    one.is_live()
    for key in keys:
        one.page.keyboard.press(key)
    if len(keys) > 1:
        expect(one.page.locator("#palette-status")).not_to_be_empty()
    if typed:
        one.page.fill("#composer-text", "")  # of the draft
        one.page.locator("#composer-text").press_sequentially(typed)
        expect(one.page.locator("#completion")).to_be_visible()


def _take(one: Person, name: str) -> None:
    body = one.page.locator("body")
    if one.page.locator("#composer-text").count():
        expect(body).to_have_attribute("data-connection", re.compile("live|visiting"))
    one.page.evaluate(STILL)
    one.page.screenshot(path=ARTIFACTS / "pictures" / f"{name}.png")


def test_the_picture_of_the_readme(person, stack, model):
    """A room in which two people talk and the bot answers. Copy it to docs/room.png when the page has changed."""
    alice = person("alice", viewport={"width": 1280, "height": 760})
    bob = person("bob")
    said = [int(id) for id in stack.run(LAUNCH).split()]
    alice.open("/chat/website-launch/"), bob.open("/chat/website-launch/")
    model.say(
        [
            "Two things are open before Thursday:\n\n",
            f"1. **Alt texts** of the last six pictures; bob has the list. [#{said[1]}]\n",
            f"2. The **redirects** of the old addresses, tested but not switched on. [#{said[2]}]\n\n",
            "Everything else on the list is done.",
        ]
    )
    alice.say("@bot what is still open?")
    reply = alice.page.locator(".message.is-bot").last
    expect(reply).to_have_attribute("data-state", "complete")
    bob.page.locator(".message.is-bot").last.hover()
    bob.page.locator(".message.is-bot").last.get_by_role("button", name="👍").click()
    expect(reply.locator(".reactions")).to_contain_text("👍")
    alice.page.locator(".room-tools [data-panel=people]").click()
    expect(alice.page.locator("#panel-body .panel-content")).to_be_visible()
    _take(alice, "readme")
