"""Names of rooms: any title that people type becomes one address and one group, or one clear error."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.kernel.errors import ChatError
from rooms.kernel.slugs import (
    check_direction,
    check_title,
    group_name,
    is_random_name,
    random_name,
    same_name,
    title_to_slug,
    user_group,
)

GROUP = re.compile(r"chat_[a-z0-9_-]{1,80}\Z")


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Lobby", "lobby"),
        ("Café Döner", "cafe-doner"),
        ("  two   words ", "two-words"),
        ("R&D / Q4", "r-d-q4"),
        ("под столом", "pod-stolom"),
        ("日本語", "ri-ben-yu"),
        ("../../etc/passwd", "etc-passwd"),
        ("snake_case", "snake_case"),
        ("dm--1234", "dm-1234"),
        ("private--abc", "private-abc"),
        ("<script>", "script"),
        ("x" * 80, "x" * 80),
        ("北" * 80, "bei-" * 19 + "bei"),
    ],
)
def test_a_title_has_an_address(title, slug):
    assert title_to_slug(check_title(title)) == slug


@pytest.mark.parametrize("title", ["", "   ", "👍", "...", "/", "\u202e", "\x1b\x7f", "\ue000x", "-", "\u200b"])
def test_a_title_without_letters_or_with_controls_is_none(title):
    with pytest.raises(ChatError) as caught:
        check_title(title)
    assert caught.value.code == "invalid"


def test_a_title_cannot_turn_the_text_around_it():
    with pytest.raises(ChatError):
        check_title("abc\u202edef")


@pytest.mark.parametrize("sign", ["\u202a", "\u202e", "\u2066", "\u2069"])
def test_neither_a_name_nor_a_text_about_a_room_turns_what_stands_beside_it(sign):
    for check in (check_title, check_direction):
        with pytest.raises(ChatError) as caught:
            check(f"abc{sign}def")
        assert caught.value.code == "invalid"
    assert check_direction("עברית and\nEnglish") == "עברית and\nEnglish"


@pytest.mark.parametrize("sign", ["\u00ad", "\u034f", "\u115f", "\u180e", "\u200b", "\u2060", "\ufeff", "\U000e0041"])
def test_what_nobody_sees_is_no_part_of_a_title(sign):
    assert check_title(f"{sign}Lob{sign}by {sign}") == "Lobby"


@pytest.mark.parametrize("sign", ["\u200b", "\u200c", "\u200d", "\u2060", "\ufe0e", "\ufe0f", "\u1160", "\U000e0100"])
def test_no_two_rooms_look_alike_for_a_sign_that_nobody_sees(sign):
    assert title_to_slug(check_title(f"Lob{sign}by")) == "lobby"


def test_a_title_keeps_the_joiners_that_its_letters_and_emoji_need():
    for title in ("می\u200cخواهم", "क्\u200dष", "Family 👨\u200d👩\u200d👧", "Love ❤\ufe0f"):
        assert check_title(title) == title


def test_a_title_of_200_letters_is_too_long():
    with pytest.raises(ChatError) as caught:
        check_title("x" * 200)
    assert caught.value.code == "too_long"


@given(st.text(max_size=90))
def test_every_title_that_passes_has_a_group_and_is_found_by_its_address(text):
    try:
        title = check_title(text)
    except ChatError:
        return
    slug = title_to_slug(title)
    assert GROUP.match(group_name(slug))
    assert title_to_slug(slug) == slug
    assert "--" not in slug
    assert not is_random_name(slug)
    assert check_title(title) == title


@given(st.text(max_size=90))
def test_no_text_makes_a_group_that_is_none(text):
    try:
        group = group_name(text)
    except ValueError:
        return
    assert GROUP.match(group)


@pytest.mark.parametrize("slug", ["", "a b", "Ä", "UPPER", "x" * 81, "a/b", "lobby\n", "a.b", "a\x00"])
def test_what_is_no_slug_has_no_group(slug):
    with pytest.raises(ValueError, match="no room"):
        group_name(slug)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Café Döner", "CAFE_doner", True),
        ("Straße", "strasse", True),
        ("Lob\u200cby", "lobby", True),
        ("tea-time", "Tea time", True),
        ("C++", "C#", False),
        ("C", "C++", False),
        ("Tea & Cake", "Tea / Cake", False),
    ],
)
def test_when_two_names_are_one(one, other, same):
    assert title_to_slug(one).replace("_", "-") == title_to_slug(other).replace("_", "-")
    assert same_name(one, other) is same_name(other, one) is same


def test_private_names_cannot_be_typed_and_never_meet():
    names = {random_name(kind) for kind in ("private", "direct") for _ in range(1000)}
    assert len(names) == 2000
    for name in names:
        assert GROUP.match(group_name(name))
        assert is_random_name(name)


def test_a_persons_group_is_made_of_a_number():
    assert user_group(7) == "user_7"
    with pytest.raises(ValueError, match="invalid literal"):
        user_group("7; x")
