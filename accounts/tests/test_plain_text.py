"""What is pasted loses what nobody sees, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.plain_text import clean, clean_line

ENGLAND = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\x1b[31mred", "a[31mred"),
        ("page\x0cpage", "pagepage"),
        ("a\x7fb\x00c\x08d", "abcd"),
        ("a\x9bb", "ab"),
        ("a\ud83db\ude00", "ab"),
        ("\ufeff# heading", "# heading"),
        ("a\r\nb\rc\x0bd\u2028e\u2029f\x85g", "a\nb\nc\nd\ne\nf\ng"),
        ("a\tb\nc", "a\tb\nc"),
        ("a\U000e0069\U000e0067b", "ab"),  # letters that nobody sees
        (ENGLAND + "!", ENGLAND + "!"),
        ("می\u200cخواهم ❤\ufe0f 👩\u200d💻 a\u00adb", "می\u200cخواهم ❤\ufe0f 👩\u200d💻 a\u00adb"),
    ],
)  # fmt: skip
def test_only_what_nobody_sees_is_left_out(text, cleaned):
    assert clean(text) == cleaned


def test_on_one_line():
    assert clean_line(" a\x0bb \u2028 c\x07 ") == "a b c"


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text):
    assert clean(clean(text)) == clean(text)


@given(st.text(alphabet=st.characters(whitelist_categories=("L", "M", "N", "P", "S", "Zs"))))
def test_letters_signs_and_spaces_stay(text):
    assert clean(text) == text
