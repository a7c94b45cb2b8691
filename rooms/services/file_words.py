"""The search index of files that were sent: their names, and the words of documents, page by page.

A row for each page, and one of page 0 for the name and what a picture is said to show; the name is in all of them. Its
id is made of the message's id, the file's position and the page, so the index is in the order of messages. Rows are
made by a job, since folding a document takes long, and go by a trigger with the row of the file, so that no way of
deleting can forget them. What was sent by an older version is found by `index_others`.
"""

import re
import sqlite3
from collections.abc import Iterable
from typing import Any

from django.db import connection, connections, transaction
from django_tasks import task

from common.fts5 import merge_step
from files.models import BlobText

from ..models import Attachment
from ..models.attachment import kind_of
from ..text.search_terms import index_text

PAGE_BITS, POSITION_BITS = 9, 4  # of an id; files.document_process reads fewer pages, kernel.wire allows fewer files
MESSAGE_SHIFT = PAGE_BITS + POSITION_BITS
MAX_INDEXED = 20_000  # characters of a page: no tsvector may be larger than a megabyte
BATCH_SIZE = 20  # files
_ASCII_WORD = re.compile("[a-z0-9]+")
_FIRST = "((({row}.message_id << 4) + {row}.position) << 9)"
_RANGE = f"BETWEEN {_FIRST} AND {_FIRST} + 511"

_SQLITE = {
    "file_words": "CREATE VIRTUAL TABLE file_words USING fts5(name, text, tags, columnsize=0, tokenize='ascii')",
    "file_words_gone": "CREATE TRIGGER file_words_gone AFTER DELETE ON rooms_attachment "
    f"WHEN old.message_id IS NOT NULL BEGIN DELETE FROM file_words WHERE rowid {_RANGE.format(row='old')}; "
    "INSERT INTO file_words_removed VALUES (0); END",
    # How many files the index must still be purged of (see `purge`).
    "file_words_removed": "CREATE TABLE file_words_removed (purging integer NOT NULL)",
}
_POSTGRESQL = [
    "CREATE TABLE IF NOT EXISTS file_words (id bigint PRIMARY KEY, words tsvector NOT NULL)",
    "CREATE INDEX IF NOT EXISTS file_words_words ON file_words USING gin (words)",
    "CREATE OR REPLACE FUNCTION remove_file_words() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN "
    f"DELETE FROM file_words WHERE id {_RANGE.format(row='OLD')}; RETURN NULL; END $body$",
    "DROP TRIGGER IF EXISTS file_words_gone ON rooms_attachment",
    "CREATE TRIGGER file_words_gone AFTER DELETE ON rooms_attachment FOR EACH ROW EXECUTE FUNCTION remove_file_words()",
]


def is_built(cursor: Any) -> bool:
    """Whether the index and its triggers exist as this version makes them."""
    if cursor.db.vendor == "sqlite":
        return {name: sql for name, _type, sql in _sqlite_parts(cursor)} == _SQLITE
    cursor.execute("SELECT 1 FROM pg_trigger WHERE tgname = 'file_words_gone' AND to_regclass('file_words_words') > 0")
    return cursor.fetchone() is not None


def build(using: str, anew: bool) -> None:
    """Create what is missing. anew: words are folded differently now, so the job indexes all files again."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        if anew:
            Attachment.objects.using(using).filter(indexed=True).update(indexed=False)
        if is_built(cursor):
            return
        if connections[using].vendor == "sqlite":
            for name, type, sql in _sqlite_parts(cursor):
                if sql != _SQLITE[name]:
                    cursor.execute(f"DROP {type} {name}")
            there = {name for name, _type, _sql in _sqlite_parts(cursor)}
            statements = [sql for name, sql in _SQLITE.items() if name not in there]
        else:
            statements = _POSTGRESQL
        for statement in statements:
            cursor.execute(statement)
        if connections[using].vendor == "sqlite" and sqlite3.sqlite_version_info >= (3, 42):
            cursor.execute("INSERT INTO file_words (file_words, rank) VALUES ('secure-delete', 1)")


def _sqlite_parts(cursor: Any) -> list[tuple[str, str, str]]:
    """(name, type, SQL) of those that exist."""
    cursor.execute("SELECT name, type, sql FROM sqlite_master WHERE name IN (%s, %s, %s)", list(_SQLITE))
    found: list[tuple[str, str, str]] = cursor.fetchall()
    return found


def purge() -> bool:
    """Rewrite some pages of the index without words of removed files, where SQLite has not. Returns whether there is
    more."""
    if connection.vendor != "sqlite":
        return False
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*), max(purging) FROM file_words_removed")
        removed, purging = cursor.fetchone()
        cursor.execute("SELECT 1 FROM file_words_config WHERE k = 'secure-delete' AND v = 1")
        if not removed or cursor.fetchone():
            cursor.execute("DELETE FROM file_words_removed")
            return False
        more = merge_step(cursor, "file_words", begun=bool(purging))
        if not purging:
            cursor.execute("UPDATE file_words_removed SET purging = 1")
        elif not more:
            cursor.execute("DELETE FROM file_words_removed WHERE purging = 1")
    return True


@task
def index_files_of(message_id: int) -> None:
    """Index the files of one message, replacing what the index has of them."""
    for file in Attachment.objects.select_related("blob").filter(message=message_id):
        _index(file)


@task(priority=-10)
def index_others() -> None:
    """Index files that an earlier version sent. It can be interrupted: finished ones are marked."""
    waiting = Attachment.objects.select_related("blob").filter(indexed=False, message__isnull=False).order_by("pk")
    while files := list(waiting[:BATCH_SIZE]):
        for file in files:
            _index(file)


def _index(file: Attachment) -> None:
    name = f"{file.name} {file.alt}"
    texts = BlobText.objects.filter(blob=file.blob_id).order_by("page").values_list("page", "text")
    kind, vendor = file.kind or kind_of(file.blob.type), connection.vendor
    tags = [f"r{file.room_id}", f"u{file.uploader_id}", "kfile", f"k{kind}"]
    rows = [_row(vendor, page, name, text[:MAX_INDEXED], tags) for page, text in [(0, ""), *texts]]
    with transaction.atomic(), connection.cursor() as cursor:
        there = Attachment.objects.select_for_update().filter(pk=file.pk, message=file.message_id).first()
        if there is None:  # it was deleted meanwhile
            return
        first = id_of(there.message_id, there.position)
        id = "rowid" if vendor == "sqlite" else "id"
        cursor.execute(f"DELETE FROM file_words WHERE {id} BETWEEN %s AND %s", [first, first + 2**PAGE_BITS - 1])
        values = (
            "(rowid, name, text, tags) VALUES (%s, %s, %s, %s)" if vendor == "sqlite" else "VALUES (%s, %s::tsvector)"
        )
        cursor.executemany(f"INSERT INTO file_words {values}", [(first + page, *columns) for page, *columns in rows])
        Attachment.objects.filter(pk=file.pk).update(indexed=True)


def id_of(message_id: int | None, position: int = 0, page: int = 0) -> int:
    """The id of a page's row: message, position of the file in it, page.

    Sorted by id, the newest message comes last.
    """
    return ((message_id or 0) << MESSAGE_SHIFT) + (position << PAGE_BITS) + page


def parts_of(id: int) -> tuple[int, int, int]:
    """(message's id, position, page)"""
    return id >> MESSAGE_SHIFT, (id >> PAGE_BITS) % 2**POSITION_BITS, id % 2**PAGE_BITS


def _row(vendor: str, page: int, name: str, text: str, tags: list[str]) -> tuple[Any, ...]:
    tags = tags if page else [*tags, "p0"]  # without words, each file is found once
    if vendor == "sqlite":
        return page, index_text(name) or name, index_text(text) or text, " ".join(tags)
    names = list(_words(name))
    return page, _to_tsvector([*names, *_words(text)], [f"{tag[0]}:{tag[1:]}" for tag in tags], names)


def _words(text: str) -> Iterable[str]:
    folded = index_text(text)
    return _ASCII_WORD.findall(text.lower()) if folded is None else folded.split()


def _to_tsvector(words: list[str], tags: list[str], names: list[str]) -> str:
    """A folded word has no colon: what begins with one letter and a colon is no word."""
    placed = [f"'{word}':{min(place, 16383)}" for place, word in enumerate(words, 1)]
    return " ".join([*placed, *(f"'{tag}'" for tag in tags), *(f"'n:{name}'" for name in dict.fromkeys(names))])
