"""The keyboard of a page, for what is done without a mouse."""

from playwright.sync_api import Error, expect

MENU = "#message-menu:popover-open"
FOCUS = """() => {
    const node = document.activeElement;
    const ring = getComputedStyle(node);
    const around = node.closest(".composer-card, .palette-field");
    const shown = (ring.outlineStyle !== "none" && parseFloat(ring.outlineWidth) > 0)
        || (around && getComputedStyle(around).boxShadow !== "none");
    return { shown: Boolean(shown), at: node.outerHTML.slice(0, 200) };
}"""


class Keys:
    """The keyboard of a page. After each key that is pressed, the focus is looked for."""

    def __init__(self, page):
        self.page = page

    def press(self, *names: str) -> "Keys":
        for name in names:
            self.page.keyboard.press(name)
            if not self._focus()["shown"]:  # the key may have led to another page, whose scripts give the focus a place
                self.page.wait_for_function(f"() => ({FOCUS})().shown")
        return self

    def _focus(self) -> dict:
        try:
            return self.page.evaluate(FOCUS)
        except Error:  # the key has led to another page meanwhile
            self.page.wait_for_load_state()
            return self.page.evaluate(FOCUS)

    def open(self, name: str, selector: str) -> "Keys":
        """A key that opens something, which may have to be loaded first: nobody goes on to what is not there yet."""
        return self.press(name).once_shown(selector)

    def type(self, text: str) -> "Keys":
        self.page.keyboard.type(text)
        return self

    def leave_by(self, name: str, address: str) -> None:
        """A key that leads to another page."""
        with self.page.expect_navigation(url=address):
            self.page.keyboard.press(name)

    def to(self, selector: str, by: str = "Tab", within: int = 400) -> "Keys":
        """The focus reaches such an element. within: after so many keys; 400 leads past every room at the side."""
        for _ in range(within + 1):
            if self.page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                return self
            self.press(by)
        raise AssertionError(f"{by} does not lead to {selector}")

    def once_shown(self, selector: str) -> "Keys":
        """Nobody goes on to what is not there yet: Tab would pass it by."""
        self.page.locator(selector).wait_for()
        return self

    def is_at(self, selector: str) -> None:
        expect(self.page.locator(f"{selector}:focus")).to_have_count(1)
