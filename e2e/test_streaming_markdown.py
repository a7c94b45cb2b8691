"""An answer looks as it will while it is written: at its end nothing moves, and a selection stays."""

import re
import threading

import pytest
from playwright.sync_api import expect

from .model_server import Reply
from .test_bot import reply_of

TABLE = "| Name | Count |\n|---|--:|\n| first | 1,234 |\n| second | 5 |"
CODE = "```python\ndef add(a, b):\n    return a + b  # a comment\n\n\nprint(add(1, 2))\n```"
LIST = "- one **bold** and `code`\n- two, which is much longer than the others and needs a second line on a telephone\n"
DOCUMENT = f"""\
# What was found

Some words with *emphasis*, **more of it**, `code` and [a link](https://example.org/page).
A second line of the same paragraph.

{LIST}  - inside
  - again

1. first

2. second
3. third

> Somebody said this,
> and this.

{CODE}

{TABLE}

The last words, with **bold** ones."""
ENDS = {  # text → the last words that are shown
    "Words.\n\nThe last ones are **bold**, `code`, and [a link](https://example.org/).": "a link.",
    f"Words:\n\n{LIST}  1. inside\n  2. again\n- three": "three",
    "Words:\n\n1. one\n\n   more of it\n\n2. two": "two",
    "Words:\n\n- [x] done\n- [ ] not yet": "yet",
    f"Words:\n\n{CODE}": "print(add(1, 2))",
    "Words:\n\n```js\nconst a = 1;\n\nconst b = 2;": "b = 2;",
    f"Words:\n\n{TABLE}": "5",
    "Words:\n\n> quoted words\n> and more\n>\n> - a list": "a list",
    "Words:\n\n## A heading with `code`": "code",
    DOCUMENT: "bold ones.",
}


@pytest.fixture
def gate():
    event = threading.Event()
    yield event
    event.set()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_at_the_end_nothing_moves(person, room, model, gate, width, scheme):
    look = {"viewport": {"width": width, "height": 844}, "has_touch": width < 900, "color_scheme": scheme}
    alice = person("alice", **look).open(f"/chat/{room}/")
    for text, last in ENDS.items():
        written = being_written(alice, model, gate, text, last)
        gate.set()
        expect(reply_of(alice)).to_have_attribute("data-state", "complete")
        finished = boxes(alice)
        assert finished[0] == pytest.approx(written[0], abs=4), (text, written, finished)
        assert [tag for tag, _top in finished[1]] == [tag for tag, _top in written[1]], text
        for (_tag, before), (_same, after) in zip(written[1], finished[1], strict=True):
            assert after == pytest.approx(before, abs=4), (text, written, finished)


def being_written(alice, model, gate, text, last):
    """Ask for this text, and wait until all of it is shown but its end was not told. Returns its boxes."""
    gate.clear()
    model.say(text, hold=gate, hold_after=len(Reply(text).pieces))
    alice.say("@bot write")
    expect(reply_of(alice)).to_have_attribute("data-state", "streaming")
    expect(reply_of(alice).locator(".text")).to_have_text(re.compile(re.escape(last) + r"\s*$"))
    return boxes(alice)


def boxes(person):
    """The height of the newest reply, and where in it the blocks of its text are: (tag, top), in CSS pixels."""
    return reply_of(person).evaluate("""(node) => {
        const top = node.getBoundingClientRect().top;
        const blocks = [...node.querySelectorAll(".text :is(p, li, pre, table, tr, h1, h2, blockquote)")];
        return [
            node.getBoundingClientRect().height,
            blocks.map((block) => [block.tagName, block.getBoundingClientRect().top - top]),
        ];
    }""")


def test_what_is_selected_stays_so_to_the_end(person, room, model, gate):
    alice = person("alice").open(f"/chat/{room}/")
    being_written(alice, model, gate, DOCUMENT, "bold ones.")
    alice.page.evaluate("""() => {
        const paragraphs = [...document.querySelectorAll(".message.is-bot .text > p")];
        window.paragraphs = paragraphs;
        getSelection().setBaseAndExtent(paragraphs[0].firstChild, 5, paragraphs.at(-1).firstChild, 8);
    }""")
    before = alice.page.evaluate("getSelection().toString()")
    gate.set()
    expect(reply_of(alice)).to_have_attribute("data-state", "complete")
    assert before.startswith("words with") and before.endswith("The last")
    assert alice.page.evaluate("getSelection().toString()") == before
    assert alice.page.evaluate("window.paragraphs.every((each) => each.isConnected)")  # nothing was put in their place


def test_who_comes_in_the_middle_sees_it_as_it_will_look(person, room, model, gate):
    alice = person("alice").open(f"/chat/{room}/")
    written = being_written(alice, model, gate, DOCUMENT, "bold ones.")
    bob = person("bob").open(f"/chat/{room}/")
    expect(reply_of(bob).locator(".text table")).to_be_visible()
    assert boxes(bob) == written
    alice.page.reload()
    alice.is_live()
    expect(reply_of(alice).locator(".text table")).to_be_visible()
    assert boxes(alice) == written


def test_a_process_that_comes_in_the_middle_shows_finished_blocks_as_the_others_do(person, make_stack, model, gate):
    """Code has its colours, which the preview of a page does not know; and what was there keeps them."""
    settings = {"OPENAI_BASE_URL": model.base_url, "OPENAI_API": "chat", "OPENAI_API_KEY": "test-key"}
    stack = make_stack(WEB_WORKERS=1, **settings)
    alice = person("alice", stack).open("/chat/lobby/")
    being_written(alice, model, gate, DOCUMENT, "bold ones.")
    expect(coloured(alice)).to_have_text("def")
    stack.wait_for_new("web", stack.kill("web"))
    alice.is_live()
    bob = person("bob", stack).open("/chat/lobby/")
    for each in (alice, bob):
        expect(coloured(each)).to_have_text("def")
        expect(reply_of(each)).to_have_attribute("data-state", "streaming")
    gate.set()
    for each in (alice, bob):
        expect(reply_of(each)).to_have_attribute("data-state", "complete")


def coloured(person):
    """The keyword in the code of the newest reply."""
    return reply_of(person).locator(".text pre .k").first
