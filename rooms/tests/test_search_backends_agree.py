"""Both databases find what plain Python finds: random texts of many scripts, and pieces of them searched for."""

import random
import uuid
from itertools import zip_longest

import pytest

from rooms.models import Message
from rooms.search.message_search import search
from rooms.search.query import parse
from rooms.services import membership
from rooms.services.posting import Post, post_many
from rooms.text.search_terms import Word, find_words, normalize

pytestmark = pytest.mark.django_db

TEXTS, QUERIES = 200, 250
LEXICON = """
Redis server restart Café cafe\u0301 CAFÉ naïve Straße STRASSE Łódź İstanbul ısparta don’t don't e-mail 2.10 1e5 7zip
10abc v2 Ёлка елка подъезд ПОДЪЕЗД Київ ΚΌΣΜΟΣ κόσμος Καλημέρα 重启Redis服务器 服务器 重启 再起動 DBを再起動する ガイド
ｶﾞｲﾄﾞ 東京タワー 메일서버 메일서버가 서버를 Redis를 हिन्दी में लिखें हिन्द தமிழ் ภาษาไทย ภาษา กี กิ السلام السَّلامُ أحمد
می\u200cخواهم שלום שָׁלוֹם 👍 👍🏽 🎉 ❤️ 👨\u200d👩\u200d👧 🇩🇪 ™ … — and/or a_b me@home.example <b>x</b> ½ m² ① １２
Ｒｅｄｉｓ a b c new york "quoted" 'x' \\ % & | ! :* ( )
""".split()  # noqa: SIM905
BETWEEN = (" ", " ", " ", "", ", ", "/", "\n", "。", " 👍 ", "-")


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setattr("rooms.publishing.publisher.submit", lambda group, payload: None)


def sentence(chance: random.Random, most: int) -> str:
    return "".join(chance.choice(LEXICON) + chance.choice(BETWEEN) for _ in range(chance.randint(1, most)))


def typed(chance: random.Random, texts: list[str]) -> str:
    """A piece of a text, of any length, or a few words; now and then in quotation marks."""
    text = chance.choice(texts)
    start = chance.randrange(len(text))
    piece = text[start : start + chance.randint(1, 12)] if chance.random() < 0.6 else sentence(chance, 2)
    return f'"{piece}"' if chance.random() < 0.3 else piece


def atoms(words: list[Word]) -> list[str]:
    """Words, and single characters of unspaced scripts; a bar stands between two that are parted by a sign."""
    found = []
    for word, after in zip_longest(words, words[1:]):
        found.append(word.text[0] if word.is_part else word.text)
        if word.is_part and len(word.text) == 1 and after and after.is_part:
            found.append("|")
    return found


def holds(text: list[str], wanted: list[str], may_go_on: bool) -> bool:
    *first, last = wanted
    for at in range(len(text) - len(first)):
        end = text[at + len(first)]
        if text[at : at + len(first)] == first and (end.startswith(last) if may_go_on else end == last):
            return True
    return False


def chunks(query: str) -> list[tuple[list[str], bool]]:
    """What is typed without a library: (atoms, whether the last may go on)."""
    found, quoted = [], False
    for number, part in enumerate(parts := query.split('"')):
        quoted = number % 2 == 1
        pieces = [part] if quoted else part.split()
        closed = quoted and number < len(parts) - 1
        found += [(piece, not closed) for piece in pieces]
    found = [(words, may) for piece, may in found if (words := find_words(normalize(piece)))]
    return [
        (atoms(words), at == len(found) - 1 and may and not words[-1].is_part and len(words[-1].text) >= 3)
        for at, (words, may) in enumerate(found)
    ]


@pytest.mark.parametrize("seed", range(2))
def test_the_database_finds_what_python_finds(alice, seed):
    chance = random.Random(seed)  # noqa: S311
    room = membership.get_or_create_and_join(alice, "Lobby")
    texts = [f"{sentence(chance, 12)}." for _ in range(TEXTS)]
    post_many([Post(alice, room.id, text, uuid.uuid4()) for text in texts])
    stored = list(Message.objects.order_by("-id").values_list("id", "text"))
    assert len(stored) == TEXTS
    known = {id: atoms(find_words(normalize(text))) for id, text in stored}
    hits = 0
    for query in (typed(chance, texts) for _ in range(QUERIES)):
        wanted = chunks(query)
        right = [id for id, _text in stored if wanted and all(holds(known[id], *each) for each in wanted)]
        found = search(alice.id, query, limit=100).hits
        assert [hit.message.id for hit in found] == right[:100], (query, parse(query))
        assert all(any(is_hit for _piece, is_hit in hit.excerpt) for hit in found), query
        hits += len(found)
    assert hits > QUERIES  # most of it is there somewhere
