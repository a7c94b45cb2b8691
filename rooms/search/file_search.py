"""Finds messages by their files: names, and words of documents. All words must be on one page, or in the name.

The index (services/file_words.py) is in the order of messages, so the newest are read first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import connection

from ..models.attachment import KINDS
from ..services.file_words import MESSAGE_SHIFT, id_of, parts_of
from .operators import ANY_FILE
from .query import Phrase, SearchRequest

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
    """By message, the newest first: the first place in its files that has all words of the query, in a file with these
    names. kinds: of files; the request's conditions ask for them, too."""
    rows = _on_sqlite if connection.vendor == "sqlite" else _on_postgresql
    found: dict[int, Place] = {}
    for id in rows(request, names, kinds):
        message, position, page = parts_of(id)
        if message not in found and len(found) == request.limit:
            break
        found[message] = Place(position, page)
    return found


def _on_sqlite(request: SearchRequest, names: Sequence[Phrase], kinds: Sequence[str]) -> Iterator[int]:
    """Descending, read from the index as far as it is needed."""
    terms = [f'{{name text}} : "{_phrase(each)}"' + " *" * each.is_prefix for each in request.query.phrases]
    terms += [f'name : "{_phrase(each)}"' + " *" * each.is_prefix for each in names]
    if request.rooms is not None:
        terms.append("tags : (" + " OR ".join(f'"r{id}"' for id in request.rooms) + ")")
    terms += [f'tags : "{tag}"' for tag in _tags(request, names, kinds)]
    sql = (
        "SELECT file_words.rowid FROM file_words "
        f"CROSS JOIN rooms_message m ON m.id = file_words.rowid >> {MESSAGE_SHIFT} "
        f"WHERE file_words MATCH %s AND file_words.rowid >= %s AND file_words.rowid < %s AND {request.where} "
        "ORDER BY file_words.rowid DESC"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [" AND ".join(terms), *_ends(request), *request.values])
        while rows := cursor.fetchmany(100):
            yield from (id for (id,) in rows)


def _on_postgresql(request: SearchRequest, names: Sequence[Phrase], kinds: Sequence[str]) -> Iterator[int]:
    """The first place of each message. MATERIALIZED keeps the planner from reading all rows in their order."""
    terms = [" <-> ".join(f"'{word}'" for word in each.words) + ":*" * each.is_prefix for each in request.query.phrases]
    terms += [" & ".join([*(f"'n:{word}'" for word in each.words)]) + ":*" * each.is_prefix for each in names]
    if request.rooms is not None:
        terms.append(" | ".join(f"'r:{id}'" for id in request.rooms))
    terms += [f"'{tag[0]}:{tag[1:]}'" for tag in _tags(request, names, kinds)]
    query, span = " & ".join(f"({term})" for term in terms), "id >= %s AND id < %s"
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
