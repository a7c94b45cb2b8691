"""What a program can judge of a page as it stands: barriers (axe-core), and what sticks out of it."""

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

# To be given to a context whose pages are all looked at (add_init_script): sent anew to each page, it costs much more.
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
# Wider than its place, though nothing scrolls it sideways on purpose.
_OUTSIDE = """(room) => {
    const scrolls = "pre, table, .settings-nav, .activity-tabs, .emoji-picker, .composer-marks, .visually-hidden, " +
        ".skip, .side:not(.open), [hidden]";
    const seen = (node) => !node.closest(scrolls) && getComputedStyle(node).visibility !== "hidden";
    const name = (node) => `${node.tagName.toLowerCase()}.${node.className} “${node.textContent.trim().slice(0, 40)}”`;
    const outside = [...document.body.querySelectorAll("*")].filter((node) => {
        const { left, right, width } = node.getBoundingClientRect();
        return width > 1 && (right > room + 1 || left < -1) && seen(node);
    });
    const cut = [...document.querySelectorAll("button, .button, label, legend, h2, summary")].filter(
        (node) => node.clientWidth > 1 && node.scrollWidth > node.clientWidth + 1 && seen(node)
            && getComputedStyle(node).display !== "inline",
    );
    if (document.scrollingElement.scrollWidth > innerWidth) outside.unshift(document.scrollingElement);
    return [...outside, ...cut].slice(0, 5).map(name);
}"""

# Nothing is loaded anew: no rule that is on reads style sheets, and no page has sound or frames.
_OPTIONS = {"resultTypes": ["violations"], "preload": False, "iframes": False}
# Lines, and not all that was found right with them.
_BARRIERS = """async (options) => (await axe.run(document, options)).violations.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes[0].html.slice(0, 200)}`,
)"""
# Motion that ends has ended; what is paused, or not drawn, never does.
STILL = """() => Promise.race([
    new Promise((waited) => setTimeout(waited, 3000)),
    Promise.allSettled(
        document.getAnimations().filter((each) => each.effect.getTiming().iterations < 100).map((each) => each.finished)
    ),
])"""


def barriers(page: Page, *rules: str) -> list[str]:
    """What axe-core finds wrong, each in a line; by these rules, or by all of them. In a colour that is changing, it
    would find any."""
    page.evaluate(STILL)
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE)
    return page.evaluate(_BARRIERS, {**_OPTIONS, **({"runOnly": list(rules)} if rules else {})})


def sticking_out(page: Page) -> list[str]:
    """Elements wider than the window, and words wider than their control."""
    # Not innerWidth for elements: a phone shows a page that is too wide smaller, and innerWidth is that of the page.
    return page.evaluate(_OUTSIDE, page.viewport_size["width"])


# On a touch screen: what a finger of 44 px would miss. Links in a sentence are as high as their line (WCAG 2.5.5);
# the bar of a message is not for fingers.
_SMALL = """() => {
    const wanted = "a[href], button, summary, select, input:not([type=hidden]), [role=option], [role=menuitem]";
    const inSentence = ".actions *, .text *, .note *, .muted *, .help *, .head *, .quote, .rows-head *, "
        + "p:not(.actions-row) > a, [href$='#all-rooms']";
    const found = [];
    for (const node of document.querySelectorAll(wanted)) {
        if (!node.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || node.disabled) continue;
        if (node.closest("[inert], .visually-hidden, .skip") || node.matches(inSentence)) continue;
        const around = (node.closest("label") ?? document.querySelector(`label[for="${node.id || " "}"]`) ?? node);
        const area = node.matches("[type=checkbox], [type=radio]") ? around : node;
        area.scrollIntoView({ block: "center", inline: "nearest" });
        const { left, top: y, width, height } = area.getBoundingClientRect();
        if (width < 2 || left >= innerWidth || left + width <= 0) continue;
        const [cx, cy] = [left + width / 2, y + height / 2];
        const middle = document.elementFromPoint(cx, cy);
        if (!middle || !(area.contains(middle) || middle.contains(area))) continue;  // something lies over it
        const hits = (x, yy) => {
            const hit = document.elementFromPoint(x, yy);
            return area.contains(hit);
        };
        const tall = height >= 43.5 || (hits(cx, cy - 21) && hits(cx, cy + 21));
        const wide = width >= 43.5 || (hits(cx - 21, cy) && hits(cx + 21, cy));
        if (!tall || !wide) found.push(`${Math.round(width)}×${Math.round(height)} ${node.outerHTML.slice(0, 110)}`);
    }
    return found.slice(0, 40);
}"""


def small_targets(page: Page) -> list[str]:
    return page.evaluate(_SMALL)
