"""SQL by hand: what is open, who takes it, and what it used.

Every question meets the first two on its way to a model, and Django takes twenty times as long to put them together as
the database to carry them out. Times are the database's: the clocks of hosts differ.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection

from common.sql import placeholders

LEASE = timedelta(seconds=30)

_SECONDS = int(LEASE.total_seconds())
_NOW = {"sqlite": "STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f', 'NOW')", "postgresql": "STATEMENT_TIMESTAMP()"}
_LATER = {
    "sqlite": f"STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f', 'NOW', '+{_SECONDS} seconds')",
    "postgresql": f"STATEMENT_TIMESTAMP() + INTERVAL '{_SECONDS} seconds'",
}

_OPEN = """
SELECT id, state, room_id, bot_id, asker_id, question_id, message_id, queued, attempts,
       state = 'running' AND lease_until < {now}
FROM bot_run WHERE state IN ('waiting', 'running') {only} ORDER BY id LIMIT %s"""

_CLAIM = """
UPDATE bot_run SET state = 'running', worker = %s, attempts = attempts + 1, lease_until = {later}
WHERE id IN ({ids}) AND {held} AND NOT EXISTS (
    SELECT 1 FROM bot_run other WHERE other.room_id = bot_run.room_id AND other.bot_id = bot_run.bot_id
    AND other.state = 'running' AND other.id <> bot_run.id
)"""

# The ORM has no statement that inserts a row or else adds to it; two statements would need a lock between them.
_ADD_USAGE = """
INSERT INTO bot_usage (day, bot_id, room_id, asker_id, tokens, tokens_in, tokens_cached, tokens_out, cost)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (day, bot_id, room_id, asker_id) DO UPDATE SET
    tokens = bot_usage.tokens + excluded.tokens,
    tokens_in = bot_usage.tokens_in + excluded.tokens_in,
    tokens_cached = bot_usage.tokens_cached + excluded.tokens_cached,
    tokens_out = bot_usage.tokens_out + excluded.tokens_out,
    cost = CASE WHEN excluded.cost IS NULL THEN bot_usage.cost ELSE COALESCE(bot_usage.cost, 0) + excluded.cost END"""


def open_runs(limit: int, room_id: int | None = None) -> list[tuple]:
    """The open runs of a room, or of all, by id: the values of scheduling.Asked. The last is whether its lease is
    over."""
    only, values = ("", []) if room_id is None else ("AND room_id = %s", [room_id])
    with connection.cursor() as cursor:
        cursor.execute(_OPEN.format(now=_NOW[connection.vendor], only=only), [*values, limit])
        rows: list[tuple] = cursor.fetchall()
        return rows


def count_waiting(room_id: int) -> int:
    """In one room, of all bots."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM bot_run WHERE room_id = %s AND state = 'waiting'", [room_id])
        return int(cursor.fetchone()[0])


def claim_waiting(worker: str, ids: Sequence[int]) -> int:
    """Take those of these runs that still wait, while none of their bot runs in their room. Returns how many."""
    return _claim(worker, ids, "state = 'waiting'")


def claim_expired(worker: str, id: int, attempts: int) -> bool:
    """Take a run from a worker that has not renewed its lease since this attempt."""
    held = f"state = 'running' AND lease_until < {_NOW[connection.vendor]} AND attempts = %s"
    return bool(_claim(worker, [id], held, attempts))


def add_usage(day: date, whose: tuple[int, int, int], tokens: int, counted: tuple[int, int, int, float | None]) -> None:
    """whose: ids of the bot, the room and the asker. counted: tokens in, cached and out, and their cost."""
    with connection.cursor() as cursor:
        cursor.execute(_ADD_USAGE, [day, *whose, tokens, *counted])


def _claim(worker: str, ids: Sequence[int], held: str, *values: Any) -> int:
    sql = _CLAIM.format(later=_LATER[connection.vendor], ids=placeholders(ids), held=held)
    with connection.cursor() as cursor:
        cursor.execute(sql, [worker, *ids, *values])
        return int(cursor.rowcount)
