"""Thousands of texts that nobody would write: each is read, and becomes html in which nothing runs."""

import random

from accounts.plain_text import clean, nfc
from rooms.search.query import excerpt, parse
from rooms.text.markup import render, render_plain, visible_text
from rooms.text.search_terms import index_text

from . import xss
from .constructs import ROWS
from .inert import check_inert

FUZZED, HOSTILE, TOGETHER = 6000, 9000, 100
PEOPLE = {"alice": 1, "bob": 2}
PLANES = [(0x20, 0x7F), (0x20, 0x7F), (0, 0x250), (0x300, 0x370), (0x5D0, 0x700), (0x2000, 0x2070), (0x3000, 0x3100)]
PLANES += [(0xAC00, 0xAD00), (0xD800, 0xE000), (0xFE00, 0xFFFF), (0x1F1E6, 0x1F650), (0xE0000, 0xE0080)]
FRAMES = ["{}", "{}", "> {}", "- {}", "**{}**", "|{}|\n|-|\n|{}|", "`{}`", "[{}]({})", "```{}\n{}\n```", "[a]: {}\n[a]"]


def all_readers(text: str) -> str:
    """What happens to a text from its writer to its readers. Returns its html."""
    text = nfc(clean(text))
    shown = render(text).html(PEOPLE)
    index_text(text)
    excerpt(visible_text(shown), parse(text[:40]))
    return shown + render_plain(text).html(PEOPLE)


def test_fuzzed_texts(tried):
    generator = random.Random(6000)
    for _ in range(FUZZED // TOGETHER):
        planes = [generator.choice(PLANES) for _ in range(TOGETHER)]
        texts = [
            "".join(chr(generator.randrange(*plane)) for _ in range(generator.randrange(1, 30))) for plane in planes
        ]
        check_inert("".join(map(all_readers, texts)))
    tried("fuzzed texts", FUZZED)


def test_hostile_markdown_texts(tried):
    """Pieces of every construct, and strings that try to run something, within each other."""
    generator = random.Random(9000)
    pieces = [make(8)[:20] for _name, make in ROWS] + xss.STRINGS
    for _ in range(HOSTILE // TOGETHER):
        texts = ["".join(generator.sample(pieces, generator.randrange(1, 4))) for _ in range(TOGETHER)]
        shown = [render(generator.choice(FRAMES).replace("{}", text)).html(PEOPLE) for text in texts]
        check_inert("".join(shown))
    tried("hostile Markdown texts", HOSTILE)
