"""What SQLite's full-text indexes (FTS5) need now and then."""

from typing import Any

MERGED_PAGES = 100  # of an index, in one step


def merge_step(cursor: Any, table: str, begun: bool) -> bool:
    """Rewrite some pages of an index without removed words, which older versions of SQLite only mark as such until that
    part of it is merged. A million messages take 1.7 s of CPU time, in 150 steps.

    begun: not the first step. Returns whether there is more to merge.
    """
    before = cursor.connection.total_changes
    # A negative number, the first time, makes FTS5 merge all parts of the index.
    pages = MERGED_PAGES if begun else -MERGED_PAGES
    cursor.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('merge', %s)", [pages])  # noqa: S608
    return not begun or cursor.connection.total_changes - before >= 2
