"""Emoji and texts that a client sends: what is an emoji, what is empty, and in which form a text is kept."""

import json
import unicodedata

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from accounts.plain_text import clean
from rooms.kernel.commands import parse
from rooms.kernel.errors import ChatError
from rooms.kernel.protocol import check_emoji, check_text

ID = "6a0f3b9c-52f5-4f5a-9f3a-0b4a4f9f9a11"


SEQUENCES = ["👩🏻‍❤️‍💋‍👩🏼", "🏳️‍🌈", "🏳️‍⚧️", "👁️‍🗨️", "🧑🏿‍🦰", "🐻‍❄️", "#️⃣", "*⃣", "❤", "©️", "Ⓜ️", "㊗️", "🫩", "🏽"]


@pytest.mark.parametrize("emoji", ["👍", "❤️", "👨‍👩‍👧‍👦", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", "🇩🇪", "✅", "👍🏽", *SEQUENCES])
def test_emoji_are_emoji(emoji):
    command = parse(json.dumps({"type": "react", "id": ID, "message_id": 1, "emoji": emoji}))
    assert command.fields == {"message_id": 1, "emoji": emoji}


def test_every_emoji_that_the_page_offers_is_one():
    source = (settings.BASE_DIR / "static" / "js" / "emoji" / "data.js").read_text()
    lines = [line.split(" ")[0] for line in source.split("`")[1].strip().splitlines()]
    offered = [line for line in lines if line not in ("=", "regions")]
    assert len(offered) > 1600
    for emoji in offered:
        one = emoji.removesuffix("+")  # which is on those that may have the colour of a skin
        assert check_emoji(one) == one
        if one != emoji:
            assert check_emoji(toned := one[0] + "🏽" + one[1:].removeprefix("\ufe0f")) == toned


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "ⒽⒺⓁⓁⓄ",
            "🇭🇪🇱🇱🇴",
            "🇩",
            "😀😀",
            "😀😀😀😀",
            "☎0151234567",
            "!!!©",
            "⁂",
            "㎏",
            "1",
            "#",
            "\ufe0f",
            "\u20e3",
        ),
        *(
            "😀\u202e",
            "😀\u200b",
            "😀\u200d",
            "\u200d😀",
            "😀 ",
            "😀\n",
            "😀\ufe0f\ufe0f",
            "👍🏽🏽",
            "12\u20e3",
            "😀\u20e3",
        ),
        *("🏴\U000e0067\U000e007f", "🏴\U000e0067\U000e0062", "😀\U000e0068\U000e0069\U000e0021\U000e007f", "🇩🇪🏽"),
        *("😀\u0301", "\ud83d", "\U000e0041", "👨‍👩‍👧‍👦👨‍👩‍👧‍👦", "‍".join("😀" * 9)),
    ],
)
def test_what_is_not_one_emoji_is_no_reaction(text):
    with pytest.raises(ChatError) as caught:
        check_emoji(text)
    assert (caught.value.code, caught.value.message) == ("invalid", "The reaction must be one emoji.")


def test_two_emoji_are_not_one():
    several = [*SEQUENCES[:-1], "👍", "🇩🇪", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", "👍🏽"]
    for one in several:
        for other in several:
            with pytest.raises(ChatError):
                check_emoji(one + other)


def test_a_reaction_of_earlier_days_can_be_taken_back():
    fields = {"message_id": 1, "emoji": "★"}
    assert parse(json.dumps({"type": "unreact", "id": ID, **fields})).fields == fields


@pytest.mark.parametrize(
    "sign",
    [
        *(
            "\u00ad",
            "\u034f",
            "\u061c",
            "\u115f",
            "\u1160",
            "\u17b4",
            "\u180b",
            "\u180e",
            "\u200b",
            "\u202e",
            "\u2060",
            "\u2800",
        ),
        *(
            "\u3164",
            "\ufe00",
            "\ufe0f",
            "\ufeff",
            "\uffa0",
            "\ufff0",
            "\U0001d173",
            "\U000e0041",
            "\U000e0fff",
            "\u0085",
        ),
    ],
)
def test_a_text_that_looks_empty_is_empty(sign):
    with pytest.raises(ChatError, match="empty"):
        check_text(f" {sign}\n{sign}")
    assert check_text(f"x{sign}y") == clean(f"x{sign}y")


def test_8000_characters_and_line_breaks_pass():
    assert check_text("x" * 8000) == "x" * 8000
    assert check_text("a\r\nb\rc\td  \n") == "a\nb\nc\td"


def test_text_is_kept_in_normal_form():
    """File names of macOS come decomposed; search and whoever compares texts sees one form."""
    decomposed = unicodedata.normalize("NFD", "Café ガイド 맥에서")
    assert check_text(decomposed) == "Café ガイド 맥에서" != decomposed
    assert check_text("\u0958" * 4000) == "\u0915\u093c" * 4000
    with pytest.raises(ChatError, match="too long"):  # as long as it is kept, not as it came
        check_text("\u0958" * 4001)


@given(st.text(max_size=200))
def test_a_text_that_passed_passes_again_unchanged(text):
    try:
        once = check_text(text)
    except ChatError:
        return
    assert check_text(once) == once
