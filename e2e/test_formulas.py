"""Formulas on the page: drawn by the browser, within their message, and read out as mathematics."""

from playwright.sync_api import expect

from .conftest import ARTIFACTS

TEXT = r"""The roots are $x_{1,2}=\frac{-b\pm\sqrt{b^2-4ac}}{2a}$, for $5 or for $6.
$$
\int_0^\infty e^{-x^2}\,dx
= \frac{\sqrt{\pi}}{2}
$$
- one: $\begin{pmatrix}1&2\\3&4\end{pmatrix}$
- two: $f(x)=\begin{cases}1 & x>0\\ 0 & \text{otherwise}\end{cases}$

\[
\begin{aligned}a^2+b^2&=c^2\\ a&=\sqrt{c^2-b^2}\end{aligned}
\]"""
LONG = "$$" + "+".join(rf"\frac{{a_{{{number}}}}}{{b_{{{number}}}}}" for number in range(40)) + "$$"


def test_formulas_are_drawn_within_their_message(person, room, size):
    alice = person("alice", **size).open(f"/chat/{room}/")
    alice.say(TEXT)
    message = alice.sees("The roots are")
    expect(message.locator("math")).to_have_count(5)
    expect(message).to_contain_text("for $5 or for $6")
    heights = message.locator("mfrac").evaluate_all("all => all.map((each) => each.getBoundingClientRect().height)")
    assert all(height > 24 for height in heights), heights  # one above the other: drawn, not written
    alice.say(LONG)
    wide = alice.page.locator(".formula").last
    expect(alice.page.locator(".formula")).to_have_count(3)
    assert wide.evaluate("node => node.scrollWidth > node.clientWidth")
    assert alice.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for scheme in ("light", "dark"):
        alice.page.emulate_media(color_scheme=scheme)
        alice.picture(ARTIFACTS / "formulas" / f"{alice.page.viewport_size['width']}-{scheme}.png")
