"""What is measured of the pages: accessibility, stillness, size, safety, and calm under a flood."""

import re

from playwright.sync_api import expect

from rooms.tests.xss import STRINGS

from .model_server import Reply
from .page_audit import barriers

BUSY = [
    "hello @alice and @bob",
    "```python\nimport os  # why\nclass A:\n    x = 'a' + str(1.5)\n```",
    "| a | b |\n|---|---|\n| 1 | 2 |\n\n- [ ] open\n- [x] done\n\n> quoted\n\n~~gone~~ https://example.org",
    "# A heading\n## And one below",
]

FOREIGN = "script, iframe, object, embed, img, svg, math, video, style, form, base, meta, link, input:not([disabled])"


def test_no_state_of_a_room_has_a_barrier(person, room, model, size):
    """The pages by themselves: test_every_page."""
    alice, bob = person("alice", **size), person("bob").open(f"/chat/{room}/")
    alice.open(f"/chat/{room}/")
    for text in BUSY:
        bob.say(text)
    expect(alice.page.locator("#log .message")).to_have_count(len(BUSY))
    model.answer_with(Reply.error(401))
    alice.say("@bot can you?")
    expect(alice.page.locator(".message.is-bot[data-state=failed]")).to_be_visible()
    assert barriers_in_both_schemes(alice.page) == []
    alice.message("hello @alice").hover()
    alice.page.click(".actions [data-do=react]:not([data-emoji])")
    assert barriers_in_both_schemes(alice.page) == []
    alice.page.keyboard.press("Escape")
    if size["viewport"]["width"] < 900:
        alice.page.click("#open-side")
        expect(alice.page.locator("#side")).to_be_in_viewport()
        assert barriers_in_both_schemes(alice.page) == []


def barriers_in_both_schemes(page) -> list[str]:
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found += [f"{scheme}: {each}" for each in barriers(page)]
    return found


def test_the_page_is_light_and_nothing_shifts(person, room, stack):
    alice = person("alice").open(f"/chat/{room}/")
    for text in BUSY:
        alice.say(text)
    alice.sees("A heading")
    person("bob").open(f"/chat/{room}/")  # joins
    fresh = person("bob", cold=True)
    answers = []
    fresh.page.on("response", lambda answer: answers.append(answer))
    fresh.add_init_script("""
        window.shifted = 0;
        new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
        }).observe({ type: "layout-shift", buffered: true });
    """)
    fresh.open(f"/chat/{room}/")
    fresh.sees("A heading")
    fresh.page.wait_for_load_state("networkidle")
    # What is said about the connection and the load lies over the messages.
    fresh.page.evaluate("document.querySelectorAll('.banner').forEach((banner) => (banner.hidden = false))")
    fresh.page.evaluate("new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn, 100)))")
    assert fresh.page.evaluate("window.shifted") < 0.02
    static = [answer for answer in answers if "/static/" in answer.url]
    sizes = {answer.url: int(answer.headers["content-length"]) for answer in static}
    assert sum(sizes.values()) < 90 * 1024
    # Messages are in the page: nothing but styles is waited for before they show.
    assert sum(size for address, size in sizes.items() if address.endswith(".css")) < 25 * 1024
    assert {re.match(r"\w+://[^/]+", answer.url)[0] for answer in answers} == {stack.base_url}
    for answer in static:
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", answer.url), f"{answer.url} has no hash in its name"
        assert "immutable" in answer.headers["cache-control"]


def test_the_first_message_waits_for_nothing_but_styles(person, room):
    """On a phone with nothing in its cache, while no script comes. How long it takes is measured by `bench page`."""
    bob = person("bob").open(f"/chat/{room}/")
    for text in BUSY:
        bob.say(text)
    bob.sees("A heading")
    person("alice").open(f"/chat/{room}/")  # joins
    alice = person("alice", cold=True, viewport={"width": 390, "height": 844}, has_touch=True)
    alice.is_reusable = False  # its scripts are held back
    held, answered = [], []
    alice.context.route(re.compile(r"\.js\b"), lambda route: held.append(route))
    alice.page.on("requestfinished", lambda request: answered.append(request))
    alice.page.goto(f"/chat/{room}/", wait_until="commit")
    expect(alice.page.get_by_role("heading", name="A heading")).to_be_in_viewport()
    alice.page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    kinds = {request.resource_type for request in answered if not request.url.endswith(".svg")}  # the tab's icon
    assert kinds == {"document", "stylesheet"}
    assert held
    for route in held:
        route.continue_()
    alice.context.unroute_all()
    alice.is_live()


def test_a_hundred_attacks_stay_words(person, room, stack, model, tried):
    """With the Content Security Policy, and for one of them without it: the html itself is safe."""
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob", bypass_csp=True).open(f"/chat/{room}/")
    bob.page.evaluate("document.head.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))")
    assert bob.page.evaluate("window.ran")  # the policy is off
    for one in (alice, bob):
        one.page.evaluate("() => { window.alert = () => { window.attacked = true; }; }")
    strings = [text for text in STRINGS if not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", text)]
    for part in range(0, len(strings), 10):
        alice.say("\n\n".join(strings[part : part + 10]))
    model.say("\n\n".join(strings[:40]))
    alice.say("@bot " + strings[0])
    expect(bob.page.locator(".message.is-bot[data-state=complete]")).to_be_visible()
    count = bob.page.locator("#log .message").count()
    assert count == -(-len(strings) // 10) + 2
    alice.say(f"/topic {strings[8]}")
    bob.sees(re.compile("set the topic"))
    for one in (alice, bob):
        for _reload in range(2):
            page = one.page
            assert page.locator(f"#log .text :is({FOREIGN}):not(.code-head, .code-head *)").count() == 0
            hrefs = page.locator("#log .text a").evaluate_all(
                "(links) => links.map((link) => link.getAttribute('href'))"
            )
            assert [href for href in hrefs if href and not re.match(r"https?://|mailto:|/|#", href)] == []
            assert not page.evaluate("window.attacked")
            page.reload()
            one.is_live()
    assert not any(re.search("Content Security Policy", fault) for fault in alice.faults + bob.faults)
    tried("strings that try to run something in a browser, half of them without CSP", 2 * (len(strings) + 40 + 2))


STRANGE = "iframe, object, embed, img:not(.room-picture), math, video, style, base, [onerror], [onload], [onclick]"
STRANGE += ", [href^='javascript' i]"
NAMED = """
from accounts.models import User
from rooms.services import messages as actions, membership
from rooms.kernel.errors import ChatError
from rooms.tests.xss import STRINGS
mallory = User.objects.get(username="mallory")
mallory.status = STRINGS[0][:80]
mallory.save()
made = 0
for text in STRINGS:
    try:
        room = membership.create_room(mallory, text[:80], "private")
        actions.set_topic_and_description(mallory, room.name, topic=text[:200], description=text)
        made += 1
    except ChatError:
        continue
print("made", made, room.name)
"""


def test_rooms_named_like_attacks_stay_words(person, stack, tried):
    """Titles, topics, descriptions and a status; with the palette, which shows names."""
    mallory = person("mallory")
    mallory.open("/chat/")
    made, name = re.search(r"made (\d+) (\S+)", stack.run(NAMED)).groups()
    assert int(made) > 80  # some cannot be a room's name at all
    for path in ("/chat/", f"/chat/{name}/", f"/chat/{name}/about/", "/accounts/profile/", f"/search/?q=x&room={name}"):
        mallory.add_init_script("window.alert = () => { window.attacked = true; };")
        mallory.page.goto(path)
        if mallory.page.locator("#open-palette").is_visible():
            mallory.page.click("#open-palette")
            mallory.page.fill("#palette-text", "alert")
            expect(mallory.page.locator("#palette-status")).not_to_be_empty()
            mallory.page.keyboard.press("Escape")
        assert mallory.page.locator(STRANGE).count() == 0, path
        assert not mallory.page.evaluate("window.attacked")
    tried("rooms whose words try to run something, in a browser", int(made))


def test_a_thousand_messages_leave_the_page_usable(person, room, stack):
    alice = person("alice").open(f"/chat/{room}/")
    stack.run(f"""
from accounts.models import User
from rooms.services import membership
from rooms.services.posting import Post, post_many
user = User.objects.get(username="alice")
room = membership.get_or_create_and_join(user, "{room}")
for part in range(50):
    post_many([Post(user, room.id, f"flood {{part}}.{{number}}") for number in range(20)])
""")  # fmt: skip
    expect(alice.page.locator("#log .message").last).to_contain_text("flood 49.19")
    assert alice.page.locator("#log .message").count() <= 300
    alice.say("still here")
    alice.sees("still here")
    assert alice.texts()[-2:] == ["flood 49.19", "still here"]
