"""Which texts have the same words, in all scripts. No database."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rooms.text.search_terms import MAX_WORD, find_words, index_text, normalize

SIGNS = st.text(st.characters(max_codepoint=0x2FF) | st.characters(), max_size=60)


def words(text: str) -> list[str]:
    return [word.text for word in find_words(normalize(text))]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ärger Café ÑANDÚ", "arger cafe nandu"),
        ("Tiếng Việt Đà Nẵng", "tieng viet da nang"),
        ("Łódź Ørsted Æther œuvre Þór", "lodz orsted aether oeuvre thor"),
        ("Straße GROẞ", "STRASSE gross"),
        ("İSTANBUL Isparta ılık", "istanbul ısparta ilik"),
        ("ΚΌΣΜΟΣ Κόσμος ᾳ", "κοσμος κόσμοσ α"),
        ("Ёлка ПОДЪЁМ Київ", "елка подъем киів"),
        ("שָׁלוֹם", "שלום"),
        ("السَّلامُ عـلـيكم أحمد مكتبة", "السلام عليكم احمد مكتبه"),
        ("کتاب یک", "كتاب يك"),
        ("क़लम", "कलम"),
        ("Ｒｅｄｉｓ １２ ｶﾞｲﾄﾞ", "redis 12 ガイド"),
        ("ﬁne ﬂow 𝐇𝐞𝐥𝐥𝐨 m²", "fine flow hello m2"),
        ("१२ ٣ ๔", "12 3 4"),
        ("👍🏽 ❤️", "👍 ❤"),
        ("so\u00adft pass\u2060word", "soft password"),
        ("రామ్\u200c", "రామ్"),
        ("it’s пʼять", "it's п'ять"),
        (unicodedata.normalize("NFD", "ガイド 맥에서 Café"), "ガイド 맥에서 cafe"),
    ],
)
def test_these_are_the_same_words(one, other):
    assert words(one) == words(other) != []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("हिन्दी", "हन्द"),  # vowel signs make other words
        ("กี", "กิ"),
        ("ハス", "バス"),
        ("ガイド", "がいど"),
        ("½", "12"),
    ],
)
def test_these_are_different_words(one, other):
    assert words(one) != words(other)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("हिन्दी में लिखें", ["हिन्दी", "में", "लिखें"]),
        ("தமிழ் கற்க", ["தமிழ்", "கற்க"]),
        ("重启Redis服务器", ["重启", "启", "redis", "服务", "务器", "器"]),
        ("DBを再起動", ["db", "を再", "再起", "起動", "動"]),
        ("Redis를 메일서버가", ["redis", "를", "메일", "일서", "서버", "버가", "가"]),
        ("ภาษา", ["ภา", "าษ", "ษา", "า"]),
        ("الAPI APIключ", ["ال", "api", "api", "ключ"]),
        ("3月 5го 7zip H₂O", ["3", "月", "5го", "7zip", "h2o"]),
        ("می\u200cخواهم", ["مي", "خواهم"]),
        ("a👍b 👨\u200d👩", ["a", "👍", "b", "👨", "👩"]),
        ("foo™ → …", ["foo", "™"]),
        ("snake_case and/or me@home", ["snake", "case", "and", "or", "me", "home"]),
        ("\ud800\x00 ?!", []),
    ],
)
def test_where_words_end(text, found):
    assert words(text) == found


def test_an_ascii_text_is_left_to_the_database():
    assert index_text("Plain words, 2.10 and snake_case") is None
    assert index_text("") is None
    assert index_text("déjà vu") == "deja vu"


@pytest.mark.parametrize("text", ["x" * 8000, "é" * 8000, f"{'ж' * 300} b"])
def test_what_is_too_long_for_a_word_is_cut(text):
    folded = index_text(text)
    assert folded and max(map(len, folded.split())) == MAX_WORD


@settings(deadline=None)
@given(SIGNS)
def test_words_have_nothing_that_a_database_could_part(text):
    for word in words(text):
        assert word and not set(word) & set(" '\"\\\0*:&|!()<>")
        assert not any("\ud800" <= char <= "\udfff" for char in word)


@settings(deadline=None)
@given(SIGNS)
def test_folding_twice_is_folding_once(text):
    folded = index_text(text)
    if folded and not any(word.is_part for word in find_words(normalize(text))):
        assert index_text(folded) in (None, folded)


@settings(deadline=None)
@given(SIGNS)
def test_places_are_where_the_words_stand(text):
    text = normalize(text)
    found = find_words(text)
    assert index_text(text) in (None, " ".join(word.text for word in found))
    for word in found:
        assert 0 <= word.start < word.end <= len(text)
        if not word.is_part:
            assert find_words(normalize(text[word.start : word.end]))[0].text == word.text
    for one, other in pairwise(found):
        assert one.start < other.start or one.is_part


@settings(deadline=None)
@given(SIGNS)
def test_composed_or_decomposed_makes_no_difference(text):
    assert words(text) == words(unicodedata.normalize("NFD", text)) == words(unicodedata.normalize("NFC", text))
