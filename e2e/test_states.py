"""Each state of a room's page and of the pages of the sidebar, as people with other eyes, fingers and windows have it:
no barrier in any colours, nothing cut, and everything large enough for a finger. Pages by themselves: test_every_page.
"""

import pytest
from playwright.sync_api import expect

from .page_audit import STILL, barriers, small_targets, sticking_out
from .person import Person

# A phone and a laptop, with the smaller windows that only what sticks out is looked for in: a small phone, and a laptop
# at 200 %.
SIZES = {390: (844, (320, 640)), 1280: (800, (640, 400))}
SEED = """
from accounts.models import User
from rooms.services import direct_messages, levels, membership, messages
alice, quentin = (User.objects.get(username=name) for name in ("alice", "quentin"))
for name in ("{room}", "{room}-b"):
    for person in (alice, quentin):
        membership.get_or_create_and_join(person, name)
direct_messages.get_or_create_direct_message(alice, "quentin")
direct_messages.get_or_create_direct_message(alice, "bot")
levels.set_reactions(alice, True)
mine = messages.post(alice, "{room}", "Shall we take the **green** kettle?").message_id
messages.react(quentin, "{room}", mine, "👍")
messages.post(quentin, "{room}", "```python\\nprint('no')\\n```")
messages.post(quentin, "{room}", "| a | b |\\n|---|---|\\n| 1 | 2 |", reply_to=mine)
for number in range(3):
    messages.post(quentin, "{room}-b", f"Number {{number}} for @alice")
"""
AT = {
    "room": "/chat/{room}/",
    "unread room": "/chat/{room}-b/",
    "direct": "/dm/quentin/",
    "bot": "/dm/bot/",
    "rooms": "/chat/",
    "inbox": "/inbox/",
    "unread": "/unread/",
    "drafts": "/drafts/",
    "people": "/people/",
    "invitations": "/invitations/",
    "status": "/accounts/status/",
    "settings": "/settings/",
}


def tab(name: str):
    def open_tab(page) -> None:
        page.keyboard.press("Control+.")
        page.locator(f".panel-tabs [data-panel={name}]").click()
        expect(page.locator(f"#panel[data-tab={name}] #panel-body .panel-content")).to_be_visible()
        expect(page.locator("#panel-body")).to_have_attribute("aria-busy", "false")

    return open_tab


def side(page) -> None:
    if page.viewport_size["width"] < 720:
        page.click("#open-side")
    expect(page.locator("#side")).to_be_in_viewport()


def menu_of_message(page) -> None:
    page.locator(".message").first.click(button="right")
    expect(page.locator("#message-menu")).to_be_visible()


def edit(page) -> None:
    page.locator("#composer-text").press("ArrowUp")
    expect(page.locator(".edit-form textarea")).to_be_focused()


def card(page) -> None:
    page.locator(".author").last.evaluate("(link) => link.click()")  # a mouse would bring the bar over it
    expect(page.locator("#card").get_by_role("link", name="Message")).to_be_visible()


def emoji(page) -> None:
    page.click("#composer-emoji")
    expect(page.locator(".emoji-group").first).to_be_visible()


def confirm(page) -> None:
    tab("about")(page)
    page.locator("#panel-body [data-confirm]").first.click()
    expect(page.locator("dialog[open]")).to_be_visible()


def server_menu(page) -> None:
    side(page)
    page.locator("[popovertarget=server-menu]").click()
    expect(page.locator("#server-menu")).to_be_visible()


def my_menu(page) -> None:
    side(page)
    page.locator("[popovertarget=my-menu]").click()
    expect(page.locator("#my-menu")).to_be_visible()


def typed(text: str, shown: str):
    def type_it(page) -> None:
        page.locator("#composer-text").press_sequentially(text)
        expect(page.locator(shown).first).to_be_visible()

    return type_it


def palette(page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("qu")
    expect(page.locator("#palette-status")).not_to_be_empty()


def keys(page) -> None:
    page.keyboard.press("Control+/")
    expect(page.locator("dialog[open]")).to_be_visible()


# While it completes, the message field is said to be one: a text area may be none by the letter, and readers know it.
COMBOBOX = 'aria-allowed-role: ARIA role should be appropriate for the element: <textarea id="composer-text"'
OPENED = {
    "about": tab("about"),
    "people tab": tab("people"),
    "search tab": tab("search"),
    "side": side,
    "menu of a message": menu_of_message,
    "editing": edit,
    "card": card,
    "emoji": emoji,
    "confirm": confirm,
    "server menu": server_menu,
    "my menu": my_menu,
    "completion": typed("ask @", "#completion [role=option]"),
    "commands": typed("/", "#completion [role=option]"),
    "format": lambda page: page.click("#composer-format"),
    "palette": palette,
    "keys": keys,
}


# What is open, by what it is.
OPEN = """() => [...document.querySelectorAll(
    ":popover-open, dialog[open], #panel.open, .side.open, .edit-form, #completion:has([role=option]), #composer-marks",
)].filter((each) => each.checkVisibility()).map((each) => each.id || each.className)"""


@pytest.fixture(params=SIZES)
def alice(person, stack, room, request) -> Person:
    width, is_phone = request.param, request.param == 390
    person("quentin")
    # What moves ends where it would anyway, and need not be drawn on its way.
    options = {"has_touch": is_phone, "is_mobile": is_phone, "reduced_motion": "reduce"}
    one = person("alice", viewport={"width": width, "height": SIZES[width][0]}, **options)
    stack.run(SEED.format(room=room))
    return one


def faults_of(one: Person, state: str) -> list[str]:
    one.page.evaluate(STILL)
    found = cut(one, state)
    for look in ({"color_scheme": "light"}, {"color_scheme": "dark"}, {"forced_colors": "active"}):
        one.page.emulate_media(**look)
        rules = [] if look == {"color_scheme": "light"} else ["color-contrast"]  # the others differ in colours alone
        faults = [each for each in barriers(one.page, *rules) if COMBOBOX not in each]
        found += [f"{state}: {list(look.values())[0]}: {each}" for each in faults]
    one.page.emulate_media(color_scheme="light", forced_colors="none")
    if one.touches:
        found += [f"{state}: small: {each}" for each in small_targets(one.page)]
    return found


def cut(one: Person, state: str) -> list[str]:
    one.page.evaluate(STILL)
    return [f"{state} at {one.page.viewport_size['width']}: cut: {each}" for each in sticking_out(one.page)]


def resize(page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")


@pytest.mark.long
def test_every_state(alice, room):
    width = alice.page.viewport_size["width"]
    height, smaller = SIZES[width]
    found = []
    for state, address in AT.items():
        alice.page.goto(address.format(room=room))
        if alice.page.locator("#people-list").count():
            alice.is_live()
        found += faults_of(alice, state)
        resize(alice.page, *smaller)
        found += cut(alice, state)
        resize(alice.page, width, height)
    assert not found, "\n".join(found)  # where a page is too wide, a click may miss what is to be opened
    for state, open_it in OPENED.items():
        resize(alice.page, *smaller)
        open_in_room(alice, room, open_it)
        found += cut(alice, state)
        was_open = alice.page.evaluate(OPEN)
        resize(alice.page, width, height)
        # In a window of twice the width, other things are beside each other. Some menus close when it changes.
        if not alice.touches or alice.page.evaluate(OPEN) != was_open:
            open_in_room(alice, room, open_it)
        found += faults_of(alice, state)
    assert not found, "\n".join(found)


def open_in_room(one: Person, room: str, open_it) -> None:
    one.page.evaluate("history.replaceState(null, '')")  # or a panel that was open is opened again
    one.page.goto(f"/chat/{room}/")
    one.is_live()
    one.page.fill("#composer-text", "")
    open_it(one.page)
