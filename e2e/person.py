"""One person in front of a browser: what they do, and what they see."""

import re
import time
from pathlib import Path
from urllib.parse import unquote

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from .contexts import forget, park
from .stack import Stack

PASSWORD = "correct horse battery"  # noqa: S105
# Of the whole browser, not of a page: what the tests do to the connection is no fault of the page.
_HARMLESS = r"net::ERR_(INTERNET_DISCONNECTED|CONNECTION_REFUSED|NETWORK_CHANGED)|Error during WebSocket handshake"
_HARMLESS += "|Service Worker registration blocked by Playwright"
# A page that is left while it connects.
_HARMLESS += "|WebSocket is closed before the connection is established"

# Makes direct messages, as the first message does; whether they were missing.
_BEGIN = """async () => {
    const { joined, room } = JSON.parse(document.getElementById("boot").textContent);
    if (joined) return false;
    const headers = { "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value };
    await fetch("/api/direct", { method: "POST", headers, body: JSON.stringify({ username: room.with.name }) });
    return true;
}"""


class Person:
    """A signed-in browser context. Everything that goes wrong on its pages is kept in `faults`."""

    def __init__(self, name: str, stack: Stack, browser: Browser, context: BrowserContext | None = None, **options):
        """context: made with these options for a test before; what its pages have stored is cleared."""
        self.name, self.stack, self.touches = name, stack, options.get("has_touch", False)
        self._options = options
        # Where a service worker answers, Playwright sees little of what pages ask for; few tests want one.
        self.context = context or browser.new_context(
            base_url=stack.base_url, **{"service_workers": "block", **options}
        )
        self.faults: list[str] = []
        self._expected = [_HARMLESS]
        self.is_reusable = True  # the context, by another test
        self.context.set_default_timeout(30_000)
        self.context.on("page", self._watch)
        if self.context.pages:  # one is parked
            [self.page] = self.context.pages
            self._watch(self.page)
        else:
            self.page = self.context.new_page()
        if context:
            forget(self.page, stack.base_url)

    def leave(self) -> None:
        """Park one page and close the others. The context stays."""
        self.context.remove_listener("page", self._watch)
        for page in self.context.pages:
            if page is self.page and self.is_reusable:
                page.remove_listener("pageerror", self._note_error)
                page.remove_listener("console", self._note_words)
                park(page, **self._options)
            else:
                page.close()

    def add_init_script(self, script: str) -> None:
        """Run a script before those of every page, as long as the context is there."""
        self.context.add_init_script(script)
        self.is_reusable = False

    def route_web_socket(self, address: re.Pattern, handle) -> None:
        """As of a page: handle(route) is given each socket that pages open at such an address from now on."""
        self.context.route_web_socket(address, handle)
        self.is_reusable = False

    def set_clock(self):
        """Playwright's Clock, of every page from now on: it goes on by itself, and a test may turn it."""
        self.context.clock.install()
        self.is_reusable = False
        return self.context.clock

    def _post_when_allowed(self, address: str, form: dict):
        """All people of a stack come from one network address, from which only so many may sign up in a minute."""
        deadline = time.monotonic() + 150
        while True:
            answer = self.context.request.post(address, form=form, max_redirects=0)
            if answer.status != 429 or time.monotonic() > deadline:
                return answer
            time.sleep(2)

    def sign_up(self, welcome: bool = False) -> "Person":
        """Make the account as the form does, without drawing it. welcome: rooms say what a newcomer can do first."""
        self.context.request.get("/accounts/signup/")
        form = {"username": self.name, "password1": PASSWORD, "password2": PASSWORD}
        form["csrfmiddlewaretoken"] = self._csrf_token()
        answer = self._post_when_allowed("/accounts/signup/", form)
        assert answer.status == 302, answer.text()
        if not welcome:
            headers = {"X-CSRFToken": self._csrf_token()}
            answer = self.context.request.patch("/api/me/preferences", data={"welcome": False}, headers=headers)
            assert answer.ok, answer.text()
        return self

    def open(self, path: str) -> "Person":
        """Go to a page. Into a room, which is created or joined where needed, or direct messages, until it is live."""
        place = re.match(r"/(chat|dm)/([^/?#]+)", path)
        if place:
            self._belong(place[1], unquote(place[2]))
        self.page.goto(path)
        if place:
            self.come_in()
            self.is_live()
        return self

    def _belong(self, kind: str, name: str) -> None:
        """Create or join a room, or begin direct messages, without their page. What is refused, the page says."""
        if name.startswith("private--"):
            return  # no title: nobody comes in by it
        address, wanted = ("/api/rooms", {"title": name}) if kind == "chat" else ("/api/direct", {"username": name})
        self.context.request.post(address, data=wanted, headers={"X-CSRFToken": self._csrf_token()})

    def _csrf_token(self) -> str:
        return next((each["value"] for each in self.context.cookies() if each["name"] == "csrftoken"), "")

    def come_in(self) -> None:
        """Create or join the room of this page, where that is needed."""
        if self.page.locator("#create-room").count():
            self.expect_fault(rf"status of 404 .*{re.escape(self.page.url)}\)$")
            self.page.click("#create-room")
        elif self.page.locator("#join").count():
            self.page.click("#join")
        elif self.page.locator("#other").count() and self.page.evaluate(_BEGIN):
            self.page.reload()

    def is_live(self) -> None:
        """The page is connected: it says who is here."""
        expect(self.page.locator("body")).to_have_attribute("data-connection", "live")
        expect(self.page.locator("#people-list li").first).to_be_attached()
        expect(self.page.locator("#banner")).to_be_hidden()

    def is_visiting(self) -> None:
        """The page is of a room that this person has not joined, or of direct messages that have not begun."""
        expect(self.page.locator("body")).to_have_attribute("data-connection", "visiting")

    def say(self, text: str) -> None:
        self.page.fill("#composer-text", text)
        if self.touches:  # there, Enter begins a new line
            self.page.locator("#composer .send").tap()
        else:
            self.page.press("#composer-text", "Enter")

    def message(self, text: str | re.Pattern) -> Locator:
        """The messages that hold this text."""
        return self.page.locator(".message", has=self.page.locator(".text", has_text=text))

    def sees(self, text: str | re.Pattern, **options) -> Locator:
        """Waits for exactly one message with this text, confirmed by the server."""
        found = self.message(text)
        expect(found).to_have_count(1, **options)
        expect(found).not_to_have_attribute("data-pending", re.compile(".*"), **options)
        return found

    def choose(self, text: str | re.Pattern, doing: str) -> None:
        """An action of a message: in its bar, or in its menu. By the focus: it is there for a phone, too."""
        message = self.message(text).first
        self.page.mouse.move(0, 0)  # the message under the pointer would take the bar
        message.focus()
        if doing not in ("react", "reply"):
            message.locator(".actions [data-do=more]").click()
            self.page.locator(f"#message-menu [data-do={doing}]").click()
        else:
            message.locator(f".actions [data-do={doing}]:not([data-emoji])").click()

    def edit_to(self, text: str) -> None:
        """Write something else into the message that is being edited, and save it."""
        self.page.fill(".edit-form textarea", text)
        self.page.locator(".edit-form [type=submit]").click()

    def open_side(self) -> None:
        """What is at the side, where the window is too narrow to show it beside the rest."""
        if self.page.viewport_size["width"] < 720:
            self.page.click("#open-side")

    def has_texts(self, *texts: str) -> None:
        """Waits until these are all messages on the page, in order."""
        expect(self.page.locator("#log .message .text")).to_have_text(texts)

    def texts(self) -> list[str]:
        """All messages on the page, in order, as they are now."""
        return [text.strip() for text in self.page.locator("#log .message .text").all_inner_texts()]

    def looks_away(self, page: Page | None = None) -> None:
        """The page goes to the back, as when another tab or window is used. A headless browser only says so."""
        (page or self.page).evaluate("""() => {
            Object.defineProperty(document, "hidden", { configurable: true, value: true });
            Object.defineProperty(document, "visibilityState", { configurable: true, value: "hidden" });
            document.hasFocus = () => false;
            document.dispatchEvent(new Event("visibilitychange"));
        }""")

    def looks_back(self) -> None:
        self.page.evaluate("""() => {
            for (const name of ["hidden", "visibilityState", "hasFocus"]) delete document[name];
            document.dispatchEvent(new Event("visibilitychange"));
        }""")

    def another_tab(self, path: str) -> Page:
        page = self.context.new_page()
        page.goto(path)
        expect(page.locator("#people-list li").first).to_be_attached()
        return page

    def expect_fault(self, pattern: str) -> None:
        """A fault that the test brings about on purpose."""
        self._expected.append(pattern)

    def unexpected(self) -> list[str]:
        return [fault for fault in self.faults if not any(re.search(pattern, fault) for pattern in self._expected)]

    def picture(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path)

    def _watch(self, page: Page) -> None:
        page.on("pageerror", self._note_error)
        page.on("console", self._note_words)

    def _note_error(self, error) -> None:
        self.faults.append(f"script error: {error}")

    def _note_words(self, message) -> None:
        # A violation of the content security policy is an error too; a blocked autofocus is for information.
        if message.type in ("error", "warning", "info"):
            self.faults.append(f"console {message.type}: {message.text} ({message.location.get('url')})")
