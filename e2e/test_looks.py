"""The main pages as pictures in artifacts/looks, to be looked at: a phone and a laptop, light and dark.

What a program can judge is asserted: nothing sticks out sideways, and no page complains on the console.
"""

import threading

import pytest
from playwright.sync_api import expect

from .conftest import ARTIFACTS
from .model_server import Reply
from .page_audit import STILL
from .person import PASSWORD, Person

SIZES = {"phone": (390, 844), "laptop": (1280, 800)}
BUSY = [
    "Good morning! Has anybody seen the **deploy** of last night?",
    "```python\nasync def main():\n    # a line that is rather long, so that it has to scroll sideways on a phone\n"
    '    print("Grüße aus der Küche", await fetch(url, timeout=30))\n```',
    "| server | state | since |\n|---|---|---|\n| web-1 | up | 10:02 |\n| web-2 | *restarting* | 10:05 |",
    "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnung" * 3,
    "مرحبا بالجميع، كيف حالكم اليوم؟ and now in English",
    "> It works on my machine.\n\nThen we ship your machine. 🚀",
    "- [ ] one\n- two\n- three: `inline code` and https://example.org/a/rather/long/address?with=a&query=string",
    "@bob could you look at it? @bot too",
]


@pytest.fixture(params=SIZES)
def size(request):
    return request.param


@pytest.fixture
def look(size):
    """look(person, name): take pictures of what the person sees, in both schemes."""

    def take(person, name: str) -> None:
        for scheme in ("light", "dark"):
            person.page.emulate_media(color_scheme=scheme)
            person.page.evaluate(STILL)
            person.picture(ARTIFACTS / "looks" / f"{name}-{size}-{scheme}.png")
        wide = person.page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{name} sticks out by {wide} px"

    return take


@pytest.fixture
def options(size) -> dict:
    width, height = SIZES[size]
    return {"viewport": {"width": width, "height": height}, "has_touch": size == "phone"}


@pytest.fixture
def stranger(person, browser, stack, options):
    """Somebody without an account, on a page of their own."""
    one = Person("stranger", stack, browser, **options)
    yield one
    one.context.close()
    assert not one.unexpected()


def test_coming_in(stranger, look, size):
    stranger.page.goto("/")
    look(stranger, "sign-in")
    stranger.page.goto("/accounts/signup/")
    look(stranger, "sign-up")
    for name, value in {"username": "ab", "password1": "12345", "password2": "54321"}.items():
        stranger.page.fill(f"[name={name}]", value)
    stranger.expect_fault("400")
    stranger.page.locator("[name=password2]").press("Enter")
    expect(stranger.page.locator(".error, .errorlist").first).to_be_visible()
    look(stranger, "sign-up-with-an-error")
    for name, value in {"username": f"newcomer-{size}", "password1": PASSWORD, "password2": PASSWORD}.items():
        stranger.page.fill(f"[name={name}]", value)
    stranger.page.locator("[name=password2]").press("Enter")
    stranger.page.wait_for_url("**/chat/")


def test_rooms(person, look, options, room, model):
    alice, bob = person("alice", **options), person("bob", **options)
    alice.open(f"/chat/{room}/")
    look(alice, "room-empty")
    bob.open(f"/chat/{room}/")
    gate = threading.Event()
    model.next(
        Reply(
            "Here is what I found:\n\n1. It **failed** at 02:10,\n2. and once more at 02:30.", hold=gate, hold_after=6
        )
    )
    for number, text in enumerate(BUSY):
        (alice, bob)[number % 3 == 1].say(text)
        expect(alice.page.locator("#log .message").nth(number)).to_be_attached()
    expect(alice.page.locator(".message.is-bot .text")).to_contain_text("Here is what I")
    look(alice, "room-streaming")
    gate.set()
    expect(alice.page.locator(".message.is-bot")).to_have_attribute("data-state", "complete")
    look(alice, "room-busy")
    model.next(Reply.error(401))
    alice.say("@bot and now?")
    expect(alice.page.locator(".message.is-bot").last).to_have_attribute("data-state", "failed")
    look(alice, "room-failed-reply")
    alice.page.locator(".message").first.scroll_into_view_if_needed()
    look(alice, "room-busy-top")
    if options["has_touch"]:
        alice.page.locator("#open-side").click()
        look(alice, "drawer")
        alice.page.locator("#close-side").click()
    alice.open("/chat/")
    look(alice, "rooms")
    alice.open("/dm/bob/").say(f"Only us two know of {room}.")
    alice.sees(f"Only us two know of {room}.")
    look(alice, "direct")
    alice.open("/accounts/profile/")
    look(alice, "profile")
    for name, path in {
        "about-a-room": f"/chat/{room}/about/",
        "search": "/search/",
        "search-hits": "/search/?q=deploy",
        "search-no-hits": "/search/?q=zebra",
        "tokens": "/accounts/tokens/",
    }.items():
        alice.page.goto(path)
        look(alice, name)
    alice.expect_fault("404")
    alice.page.goto("/nothing/")
    look(alice, "nothing-there")
