"""What a program can judge of a page as it stands: barriers (axe-core), and what sticks out of it."""

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

_AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
# Wider than its place, though nothing scrolls it sideways on purpose.
_OUTSIDE = """() => {
    const scrolls = "pre, table, .settings-nav, .visually-hidden, .skip, .side:not(.open), [hidden]";
    const seen = (node) => !node.closest(scrolls) && getComputedStyle(node).visibility !== "hidden";
    const name = (node) => `${node.tagName.toLowerCase()}.${node.className} “${node.textContent.trim().slice(0, 40)}”`;
    const outside = [...document.body.querySelectorAll("*")].filter((node) => {
        const { left, right, width } = node.getBoundingClientRect();
        return width > 1 && (right > innerWidth + 1 || left < -1) && seen(node);
    });
    const cut = [...document.querySelectorAll("button, .button, label, legend, h2, summary")].filter(
        (node) => node.clientWidth > 1 && node.scrollWidth > node.clientWidth + 1 && seen(node)
            && getComputedStyle(node).display !== "inline",
    );
    if (document.scrollingElement.scrollWidth > innerWidth) outside.unshift(document.scrollingElement);
    return [...outside, ...cut].slice(0, 5).map(name);
}"""

# Motion that ends has ended.
STILL = """() => Promise.allSettled(
    document.getAnimations().filter((each) => each.effect.getTiming().iterations < 100).map((each) => each.finished)
)"""


def barriers(page: Page, *rules: str) -> list[str]:
    """What axe-core finds wrong, each in a line; by these rules, or by all of them. In a colour that is changing, it
    would find any."""
    page.evaluate(STILL)
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(_AXE)
    options = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    found = page.evaluate("(options) => axe.run(document, options)", options)["violations"]
    return [f"{each['id']}: {each['help']}: {each['nodes'][0]['html'][:200]}" for each in found]


def sticking_out(page: Page) -> list[str]:
    """Elements wider than the window, and words wider than their control."""
    return page.evaluate(_OUTSIDE)
