"""Away and back: a page that was put away, a phone, a refusal; what one writes is never lost."""

import re

import pytest
from playwright.sync_api import expect


def test_a_page_that_was_put_away_comes_back_with_what_was_missed(person, room):
    """As a browser does that keeps pages for the way back: pagehide, and pageshow of the same page."""
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    bob.page.fill("#composer-text", "half a thought")
    bob.page.evaluate("window.same = 'page'; dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    expect(alice.page.locator("#people-list .name", has_text=re.compile("^bob$"))).to_have_count(0)
    alice.say("while you were elsewhere")
    alice.sees("while you were elsewhere")
    assert bob.texts() == []
    bob.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    bob.sees("while you were elsewhere")
    assert bob.page.evaluate("window.same") == "page"
    expect(bob.page.locator("#composer-text")).to_have_value("half a thought")
    bob.say("and I am back")
    alice.sees("and I am back")


def test_what_was_changed_offline_is_kept_in_the_field(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    alice.say("first")
    alice.sees("first")
    alice.page.press("#composer-text", "ArrowUp")
    field = alice.page.locator(".edit-form textarea")
    field.fill("first, and better")
    alice.context.set_offline(True)
    alice.page.evaluate("dispatchEvent(new Event('offline'))")
    field.press("Enter")
    expect(alice.page.locator("#toast")).to_contain_text("Not connected")
    expect(field).to_have_value("first, and better")
    alice.context.set_offline(False)
    alice.page.evaluate("dispatchEvent(new Event('online'))")
    alice.is_live()
    field.press("Enter")
    expect(alice.sees("first, and better").locator(".edited")).to_be_visible()


def test_who_is_removed_is_told_and_keeps_what_they_wrote(person, room):
    alice, charlie = person("alice").open(f"/chat/{room}/"), person("charlie").open(f"/chat/{room}/")
    charlie.page.fill("#composer-text", "but I")
    alice.stack.run(f"""
from accounts.models import User
from rooms.services import moderation
alice, charlie = (User.objects.get(username=name) for name in ("alice", "charlie"))
moderation.remove(alice, "{room}", charlie.id, ban=True)
""")  # fmt: skip
    expect(charlie.page.locator("#banner")).to_contain_text("You were removed from this room.")
    expect(charlie.page.locator("#composer-text")).to_have_value("but I")
    expect(charlie.page.locator("#composer .send")).to_be_disabled()
    alice.say("gone")
    alice.sees("gone")
    assert "gone" not in charlie.texts()


def test_each_refusal_is_said_in_words(person, room):
    """What the server closes the connection with, and what the page then says."""
    alice = person("alice")
    sockets = []
    alice.route_web_socket(re.compile("/ws/"), lambda socket: sockets.append(socket))
    refusals = {
        (4029, "reason=server_full&retry_after=40"): re.compile(r"server is full\. Trying again in \d\d seconds"),
        (4029, "reason=too_many_connections_of_account&retry_after=15"): re.compile("too many pages open"),
        (4004, ""): re.compile("no longer available"),
        (1008, ""): re.compile("Reload the page"),
    }
    alice.page.goto(f"/chat/{room}/")
    alice.come_in()
    expect(alice.page.locator("#composer-text")).to_be_visible()
    for (code, reason), words in refusals.items():
        alice.page.goto(f"/chat/{room}/")
        alice.page.fill("#composer-text", "kept")
        sockets[-1].close(code=code, reason=reason)
        expect(alice.page.locator("#banner")).to_have_text(words)
        expect(alice.page.locator("#composer-text")).to_have_value("kept")


class Cable:
    """The lines of a page. `cut()`: what goes over the present one is lost, and nobody is told; a new one works."""

    def __init__(self, one):
        self.lines, self.lost = [], []
        one.route_web_socket(re.compile("/ws/"), self._open)

    def cut(self) -> None:
        self._dead = self.lines[-1]

    _dead = None

    def _open(self, line) -> None:
        server = line.connect_to_server()
        self.lines.append(line)
        line.on_message(lambda message: self._pass_on(line, server, message))
        server.on_message(lambda message: self._pass_on(line, line, message))

    def _pass_on(self, line, to, message) -> None:
        if line is self._dead:
            self.lost.append(message)
        else:
            to.send(message)


def test_a_line_that_died_in_its_sleep_is_found_out_on_waking(person, room):
    alice, bob = person("alice"), person("bob").open(f"/chat/{room}/")
    clock = alice.set_clock()
    cable = Cable(alice)
    alice.open(f"/chat/{room}/")
    cable.cut()
    bob.say("while the lid was closed")
    bob.sees("while the lid was closed")
    clock.fast_forward(20_000)  # as on a laptop that is opened again
    alice.sees("while the lid was closed")
    assert any('"resume"' in str(message) for message in cable.lost), "it was not asked whether it lives"
    assert len(cable.lines) == 2
    alice.say("good morning")
    bob.sees("good morning")


HOSTILE = {
    "a language that is none": "Object.defineProperty(navigator, 'language', { get: () => 'en-US@posix' });",
    "no language": "Object.defineProperty(navigator, 'language', { get: () => undefined });",
    "little of Intl": """for (const name of ['PluralRules', 'ListFormat', 'RelativeTimeFormat', 'NumberFormat'])
        delete Intl[name];""",
    "no storage": """for (const name of ['localStorage', 'sessionStorage', 'indexedDB'])
        Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError'); } });""",
    "no notifications and channels": "window.Notification = window.BroadcastChannel = undefined;",
    "a zone that is none": "Intl.DateTimeFormat.prototype.resolvedOptions = () => ({ timeZone: 'Mars/Base; x' });",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_page_works_whatever_the_browser_reports(person, room, what):
    alice = person("alice")
    alice.add_init_script(HOSTILE[what])
    alice.open(f"/chat/{room}/")
    alice.say("hello **there**")
    expect(alice.sees("hello there").locator("time")).to_have_text(re.compile("."))
    alice.page.reload()
    alice.is_live()
    expect(alice.page.locator(".day").last).to_have_text(re.compile("."))
    alice.open("/chat/")
    expect(alice.page.locator(f'#side-rooms li[data-room="{room}"]')).to_be_visible()
