"""What tests that look at pages share. In German, which has the longer words."""

from playwright.sync_api import expect

from .page_audit import barriers, sticking_out
from .person import Person

# What moves ends where it would anyway, and need not be waited for.
GERMAN = {"locale": "de-DE", "reduced_motion": "reduce"}
SMALLEST = {"width": 320, "height": 640}
ENLARGED = {"width": 640, "height": 400}  # what is left of 1280 × 800 at 200 %


def look_at(one: Person, what: str) -> None:
    """In both schemes and in forced colours, which differ in their colours alone; and with half of the place."""
    one.page.emulate_media(color_scheme="light")
    found = barriers(one.page)
    assert not found, (what, found)
    assert (what, sticking_out(one.page)) == (what, [])
    expect(one.page.locator("html")).to_have_attribute("lang", "de")
    one.page.emulate_media(color_scheme="dark")
    assert (what, "dark", barriers(one.page, "color-contrast")) == (what, "dark", [])
    one.page.emulate_media(color_scheme="light", forced_colors="active")
    assert (what, "forced", barriers(one.page, "color-contrast")) == (what, "forced", [])
    one.page.emulate_media(forced_colors="none")
    whole = one.page.viewport_size
    one.page.set_viewport_size(SMALLEST if whole["width"] < 720 else ENLARGED)
    found = sticking_out(one.page)
    assert not found, (what, one.page.viewport_size, found)
    one.page.set_viewport_size(whole)


def enter(one: Person, field: str, value: str, then: str) -> None:
    one.page.fill(f"[name={field}]", value)
    one.page.press(f"[name={field}]", "Enter")
    one.page.wait_for_url(then)
