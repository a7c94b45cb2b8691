"""What a screen reader says of a room: names of messages, what the field is, and each piece of news once."""

import re

from playwright.sync_api import Page, expect

from .files import PNG, picture

LISTEN = """() => {
    window.spoken = [];
    const region = document.getElementById("announcer");
    new MutationObserver(() => region.textContent && window.spoken.push(region.textContent)).observe(
        region, { childList: true, characterData: true, subtree: true },
    );
}"""


def test_a_message_is_called_by_who_wrote_it_and_when(person, room):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    for text in ("the first", "the second"):
        alice.say(text)
        bob.sees(text)
    for _loaded in range(2):  # as the script and as the server render it
        for text in ("the first", "the second"):
            article = bob.page.get_by_role("article", name=re.compile(r"^alice (now|\d)")).filter(has_text=text)
            expect(article).to_have_count(1)
        bob.page.reload()
        bob.is_live()


def test_the_field_is_a_list_only_while_it_offers_something(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    page = alice.page
    field, spoken = page.locator("#composer-text"), "() => window.spoken.some((text) => /^\\d+ results?$/.test(text))"
    page.evaluate(LISTEN)
    expect(field).to_have_role("textbox")
    field.press_sequentially("/t")
    expect(field).to_have_role("combobox")
    expect(field).to_have_attribute("aria-expanded", "true")
    option = page.locator("#completion [role=option]").first
    expect(field).to_have_attribute("aria-activedescendant", option.get_attribute("id"))
    page.wait_for_function(spoken)
    page.keyboard.press("Escape")
    expect(field).to_have_role("textbox")
    expect(field).not_to_have_attribute("aria-activedescendant", re.compile("."))


CONTROLS = {
    *("button", "link", "textbox", "searchbox", "combobox", "checkbox", "radio", "switch", "slider", "tab", "option"),
    *("menuitem", "listbox", "dialog", "menu", "image", "separator", "group", "toolbar", "article", "region", "log"),
}
UNNAMED = {"group", "separator"}  # where they only hold together what has a name


def nameless(page: Page) -> list[str]:
    """What Chromium tells a screen reader of this page that has a role and no name."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    found = [
        (node["role"]["value"], node.get("name", {}).get("value", "").strip())
        for node in nodes
        if not node["ignored"] and node["role"]["value"] in CONTROLS
    ]
    assert found  # it was looked at
    return [role for role, name in found if not name and role not in UNNAMED]


def test_every_control_has_a_name(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    page, seen = alice.page, {}

    def look(name: str) -> None:
        seen[name] = nameless(page)

    alice.say("Look: `code`, https://example.org/ and\n```python\nprint(1)\n```")
    alice.choose("Look", "react")
    expect(page.locator("#emoji-picker .emoji-grid button").first).to_be_visible()
    look("emoji")
    page.keyboard.press("Escape")
    chosen = {"name": "plan.png", "mimeType": PNG, "buffer": picture(40, 30)}
    page.set_input_files("#composer-files", chosen)
    expect(page.locator(".tray li[data-status=there]")).to_have_count(1)
    look("tray")
    page.click("#composer .send")
    page.locator(".file-picture[href]").click()  # one that is on its way is not shown large
    expect(page.get_by_role("dialog", name="plan.png")).to_be_visible()
    look("lightbox")
    page.keyboard.press("Escape")
    page.locator(".room-tools [data-panel=about]").click()
    for tab in ("people", "search", "pins", "files", "about"):
        page.locator(f".panel-tabs [data-panel={tab}]").click()
        expect(page.locator(f"#panel[data-tab={tab}] .panel-content")).to_be_visible()
        look(tab)
    page.keyboard.press("Control+k")
    page.keyboard.type("a")
    expect(page.locator("#palette [role=option]").first).to_be_visible()
    look("palette")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+/")
    expect(page.locator("#keys[open], dialog[open]").first).to_be_visible()
    look("keys")
    for address in ("/settings/", "/settings/notifications/", "/accounts/status/", "/my-data/", "/inbox/"):
        page.goto(address)
        look(address)
    assert {name: roles for name, roles in seen.items() if roles} == {}
