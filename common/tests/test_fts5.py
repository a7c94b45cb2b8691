import sqlite3

import pytest

from common.fts5 import merge_step


class Cursor:
    """As Django's: with other placeholders than sqlite3 has."""

    def __init__(self):
        self.connection = sqlite3.connect(":memory:")
        self.steps: list[int] = []

    def execute(self, sql: str, values: list | None = None) -> None:
        self.connection.execute(sql.replace("%s", "?"), values or [])
        if values:
            self.steps += values


@pytest.fixture
def cursor():
    made = Cursor()
    made.execute("CREATE VIRTUAL TABLE words USING fts5(text)")
    made.execute("INSERT INTO words (words, rank) VALUES ('automerge', 0)")
    for part in range(10):
        made.execute(f"INSERT INTO words (text) VALUES ('{' '.join(f'word{part}of{n}' for n in range(3000))}')")
        made.connection.commit()  # each is a part of the index
    yield made
    made.connection.close()


def test_it_merges_all_parts_in_steps_until_nothing_is_left(cursor, monkeypatch):
    monkeypatch.setattr("common.fts5.MERGED_PAGES", 1000)
    assert merge_step(cursor, "words", begun=False)
    assert not merge_step(cursor, "words", begun=True)
    assert cursor.steps == [-1000, 1000]


def test_there_is_more_as_long_as_a_step_changes_something(cursor, monkeypatch):
    monkeypatch.setattr("common.fts5.MERGED_PAGES", 1)
    assert merge_step(cursor, "words", begun=False)
    assert merge_step(cursor, "words", begun=True)
    while merge_step(cursor, "words", begun=True):
        assert len(cursor.steps) < 1000
