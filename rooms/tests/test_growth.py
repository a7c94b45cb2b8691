"""What a text costs grows with its length and no faster, whatever is written in it.

Compared is the processor's time for texts of two lengths, never with a fixed time: so the work of regular expressions
counts as well. For one text of each construct, the calls of functions are compared too.
"""

import pytest

from accounts.models import User
from accounts.plain_text import clean, nfc
from rooms.kernel.unicode_classes import EMOJI, EMPTY
from rooms.models import Message
from rooms.queries.serializers import _quoted
from rooms.search import query
from rooms.text import search_terms
from rooms.text.finished_blocks import BlockScanner
from rooms.text.markup import _MAX_EMOJI_TEXT, _ONLY_EMOJI, _markdown, render, render_plain
from rooms.text.mention_syntax import mentions_in
from rooms.text.rendering import MAX_QUICK_LENGTH, is_quick

from .constructs import ROWS, repeated
from .growth import SIZES, calls, grows_too_fast

PEOPLE = {"victim": 1, "bob": 2, "alice": 3}
MORE_CALLS = 1.3  # for each character, in the longest text and in the shortest
# The calls that a text of MAX_QUICK_LENGTH characters may need, which is rendered in the process that serves people.
MOST_CALLS = 500 * MAX_QUICK_LENGTH
NAMES = sorted({name for name, _make in ROWS})
QUERY = query.parse('bob "a b" 日本')


def read(text: str) -> None:
    """All that is done with a text on its way from its writer to its readers."""
    html = render(text).html(PEOPLE)
    _quoted(Message(id=1, sender=User(id=1, username="victim"), text=text, html=html))


# What else looks at a text, beside the parser.
READERS = {
    "clean": clean,
    "nfc": nfc,
    "finished blocks": lambda text: BlockScanner().feed(text),
    "shown plain": lambda text: render_plain(text).html(PEOPLE),
    "mentions": lambda text: list(mentions_in(text)),
    "emoji": lambda text: EMOJI.sub("", text),
    "emptiness": EMPTY.fullmatch,
    "search index": search_terms.index_text,
    "search hits": lambda text: list(query.find_hits(search_terms.normalize(text), QUERY)),
    "search excerpt": lambda text: query.excerpt(text, QUERY),
}


def rows(name: str):
    return [make for row, make in ROWS if row == name]


@pytest.mark.parametrize("name", NAMES)
def test_no_construct_costs_more_than_its_length(name, tried):
    slow = [grows_too_fast(read, lambda size, make=make: f"@victim {make(20)}\n\n{make(size)}") for make in rows(name)]
    assert not any(slow), [row for row in slow if row]
    tried(f"texts of the construct “{name}”", len(SIZES) * len(slow))


@pytest.mark.parametrize("name", NAMES)
def test_no_construct_needs_more_calls_than_its_length(name):
    make = rows(name)[0]
    texts = [f"@victim {make(20)}\n\n{make(size)}" for size in (1000, 2000)]
    short, long = (calls(read, text) / len(text) for text in texts)
    assert long < MORE_CALLS * short


def test_a_row_of_emoji_is_read_in_one_way():
    """A skin tone is an emoji by itself, too: all ways to read 20 of them would be many."""
    sizes = (_MAX_EMOJI_TEXT // 8, _MAX_EMOJI_TEXT // 4, _MAX_EMOJI_TEXT)
    for unit in ("👍🏽", "👍🏽 ", "☝🏽️", "🧑🏽‍🤝‍🧑🏻", "🇩🇪"):
        assert not grows_too_fast(_ONLY_EMOJI.fullmatch, repeated(unit, behind="x"), sizes)


@pytest.mark.parametrize("reader", READERS)
def test_nothing_else_costs_more_than_the_length_of_a_text(reader, tried):
    units = {frozenset(unit): unit for _name, make in ROWS if (unit := make(12)[:12])}.values()
    slow = [grows_too_fast(READERS[reader], repeated(unit)) for unit in units]
    assert not any(slow), [row for row in slow if row]
    tried(f"texts of “{reader}”", len(SIZES) * len(slow))


@pytest.mark.parametrize("name", NAMES)
def test_what_is_rendered_where_people_are_served_is_cheap(name):
    quick = [text for make in rows(name) if is_quick(text := make(MAX_QUICK_LENGTH - 20)[:MAX_QUICK_LENGTH])]
    assert all(calls(read, text) < MOST_CALLS for text in quick)


def test_each_rule_of_the_parser_has_a_row():
    rules = _markdown.get_active_rules()
    known = {"html_block", "html_inline"}  # raw html is text
    assert {*rules["block"], *rules["inline"]} - known - {"too_deep"} <= set(NAMES)
