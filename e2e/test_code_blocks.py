"""Code in messages: its head, its ends and its lines."""

from playwright.sync_api import expect

from .conftest import ARTIFACTS
from .page_audit import barriers

CODE = (
    "```python\n"
    + "\n".join(f"print({number}, 'a line that is long enough to scroll sideways' * 3)" for number in range(30))
    + "\n```"
)


def test_code_has_a_head_wraps_and_is_collapsed(person, room, size):
    alice = person("alice", **size).open(f"/chat/{room}/")
    alice.say(CODE)
    alice.say("```\n" + "short of words but not of letters " * 60 + "\n```")
    block = alice.sees("print(0").locator("pre")
    alice.sees("short")
    expect(block.locator(".code-language")).to_have_text("python")
    height = block.bounding_box()["height"]
    assert height < 560
    few = alice.sees("short").locator("pre")
    few.get_by_role("button", name="Wrap").click()
    assert few.evaluate("(node) => node.scrollHeight <= node.clientHeight")  # all of it is to be seen
    block.get_by_role("button", name="Wrap").click()
    assert block.evaluate("(node) => node.scrollWidth <= node.clientWidth")
    alice.picture(ARTIFACTS / "messages" / f"code-{size['viewport']['width']}.png")
    assert barriers(alice.page) == []
    [head, foot] = block.get_by_role("button", name="Show all 30 lines").all()
    assert foot.bounding_box()["y"] > block.bounding_box()["y"] + height - 50  # at the lower edge of what is shown
    for button in (foot, head):
        button.scroll_into_view_if_needed()
        top = block.bounding_box()["y"]
        button.click()
        assert block.bounding_box()["height"] > height + 150
        less = block.get_by_role("button", name="Show less")
        expect(less.first).to_have_attribute("aria-expanded", "true")
        assert abs(block.bounding_box()["y"] - top) < 2
        less.last.scroll_into_view_if_needed()
        at = less.last.bounding_box()["y"]
        less.last.click()
        assert abs(foot.bounding_box()["y"] - at) < 2
    alice.page.reload()
    alice.is_live()
    assert abs(block.bounding_box()["height"] - height) < 2  # as the server shows it
