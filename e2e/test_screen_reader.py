"""What a screen reader says of a room: names of messages, what the field is, and each piece of news once."""

import re

from playwright.sync_api import expect

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
