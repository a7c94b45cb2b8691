"""Finds messages by their files: names, and words of documents. All words must be in one file; words in quotation marks
side by side on one of its pages, or in its name.

The index (services/file_words.py) is in the order of messages, so the newest are read first. Where one page has all
words, the index itself finds it; files in which they stand on several pages are found by counting.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.db import connection

from ..models.attachment import KINDS
from ..services.file_words import MESSAGE_SHIFT, PAGE_BITS, POSITION_BITS, id_of, parts_of
from .operators import ANY_FILE
from .query import Phrase, Query, SearchRequest

NEWEST = 2_000  # pages in which PostgreSQL looks first: a frequent word is found there, without all that has it
Condition = tuple[str, list]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the words are. page: 0: in the name."""

    position: int
    page: int


def has_kinds(kinds: Sequence[str]) -> list[Condition]:
    """Conditions on a message `m`."""
    sql = "EXISTS (SELECT 1 FROM rooms_attachment a WHERE a.message_id = m.id"
    return [(f"{sql})", []) if kind == ANY_FILE else (f"{sql} AND a.kind = %s)", [kind]) for kind in kinds]


def find(request: SearchRequest, names: Sequence[Phrase], kinds: Sequence[str]) -> dict[int, Place]:
    """By message, of the newest ones: the first place in its files that has all words of the query, or one of those in
    which they stand, in a file with these names. kinds: of files; the request's conditions ask for them, too."""
    rows = _on_sqlite if connection.vendor == "sqlite" else _on_postgresql
    found: dict[int, Place] = {}
    for id in rows(request, names, kinds):
        message, position, page = parts_of(id)
        if message not in found and len(found) == request.limit:
            break
        found[message] = Place(position, page)
    if len(request.query.phrases) > 1:
        low = min(found) + 1 if len(found) == request.limit else request.low  # no more are needed
        for id in _on_several_pages(replace(request, low=low), names, kinds):
            message, position, page = parts_of(id)
            found.setdefault(message, Place(position, page))
    return found


def _on_several_pages(request: SearchRequest, names: Sequence[Phrase], kinds: Sequence[str]) -> list[int]:
    """A page of each message with a file in which each phrase is somewhere, the newest first."""
    key, match, terms = ("rowid", "file_words MATCH %s", _sqlite_terms)
    if connection.vendor != "sqlite":
        key, match, terms = ("id", "words @@ %s::tsquery", _postgresql_terms)
    one = (
        f"SELECT {key} >> {PAGE_BITS} AS file, min({key} & {2**PAGE_BITS - 1}) AS page FROM file_words "
        f"WHERE {match} AND {key} >= %s AND {key} < %s GROUP BY 1"
    )
    phrases = request.query.phrases
    sql = (
        f"WITH found AS (SELECT file, max(page) AS page FROM ({' UNION ALL '.join([one] * len(phrases))}) AS one "
        f"GROUP BY file HAVING count(*) = {len(phrases)}) "
        f"SELECT min((found.file << {PAGE_BITS}) + found.page) FROM found "
        f"JOIN rooms_message m ON m.id = found.file >> {POSITION_BITS} WHERE {request.where} "
        "GROUP BY m.id ORDER BY m.id DESC LIMIT %s"
    )
    values: list[str | int] = []
    for each in phrases:
        values += [terms(replace(request, query=Query((each,))), names, kinds), *_ends(request)]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *request.values, request.limit])
        return [id for (id,) in cursor.fetchall()]


def _on_sqlite(request: SearchRequest, names: Sequence[Phrase], kinds: Sequence[str]) -> Iterator[int]:
    """Descending, read from the index as far as it is needed."""
    sql = (
        "SELECT file_words.rowid FROM file_words "
        f"CROSS JOIN rooms_message m ON m.id = file_words.rowid >> {MESSAGE_SHIFT} "
        f"WHERE file_words MATCH %s AND file_words.rowid >= %s AND file_words.rowid < %s AND {request.where} "
        "ORDER BY file_words.rowid DESC"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [_sqlite_terms(request, names, kinds), *_ends(request), *request.values])
        while rows := cursor.fetchmany(100):
            yield from (id for (id,) in rows)


def _sqlite_terms(request: SearchRequest, names: Sequence[Phrase], kinds: Sequence[str]) -> str:
    terms = [f'{{name text}} : "{_phrase(each)}"' + " *" * each.is_prefix for each in request.query.phrases]
    terms += [f'name : "{_phrase(each)}"' + " *" * each.is_prefix for each in names]
    if request.rooms is not None:
        terms.append("tags : (" + " OR ".join(f'"r{id}"' for id in request.rooms) + ")")
    terms += [f'tags : "{tag}"' for tag in _tags(request, names, kinds)]
    return " AND ".join(terms)


def _on_postgresql(request: SearchRequest, names: Sequence[Phrase], kinds: Sequence[str]) -> Iterator[int]:
    """The first place of each message. MATERIALIZED keeps the planner from reading all rows in their order."""
    query, span = _postgresql_terms(request, names, kinds), "id >= %s AND id < %s"
    newest = f"(SELECT id, words FROM file_words WHERE {span} ORDER BY id DESC LIMIT {NEWEST}) file_words"
    ids: list[int] = []
    for source in (newest, f"(SELECT id, words FROM file_words WHERE {span}) file_words"):
        sql = (
            f"WITH found AS MATERIALIZED (SELECT id FROM {source} WHERE words @@ %s::tsquery) "
            f"SELECT min(found.id) FROM found JOIN rooms_message m ON m.id = found.id >> {MESSAGE_SHIFT} "
            f"WHERE {request.where} GROUP BY m.id ORDER BY m.id DESC LIMIT %s"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [*_ends(request), query, *request.values, request.limit])
            ids = [id for (id,) in cursor.fetchall()]
        if len(ids) == request.limit:
            break
    return iter(ids)


def _postgresql_terms(request: SearchRequest, names: Sequence[Phrase], kinds: Sequence[str]) -> str:
    terms = [" <-> ".join(f"'{word}'" for word in each.words) + ":*" * each.is_prefix for each in request.query.phrases]
    terms += [" & ".join([*(f"'n:{word}'" for word in each.words)]) + ":*" * each.is_prefix for each in names]
    if request.rooms is not None:
        terms.append(" | ".join(f"'r:{id}'" for id in request.rooms))
    terms += [f"'{tag[0]}:{tag[1:]}'" for tag in _tags(request, names, kinds)]
    return " & ".join(f"({term})" for term in terms)


def _phrase(phrase: Phrase) -> str:
    return " ".join(phrase.words)


def _ends(request: SearchRequest) -> tuple[int, int]:
    return id_of(request.low), id_of(min(request.high, 2**48))


def _tags(request: SearchRequest, names: Sequence[Phrase], kinds: Sequence[str]) -> list[str]:
    """One row of a file is enough where only names are asked for."""
    tags = [] if request.sender_id is None else [f"u{request.sender_id}"]
    tags += ["kfile"] if not request.query else []
    tags += [f"k{kind}" for kind in kinds if kind in KINDS][:1]
    return [*tags, "p0"] if not request.query else tags
