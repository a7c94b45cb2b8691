"""Timeouts of each database session: for a lock, for a statement, and while idle in a transaction.

Their order matters. A host that vanishes in a transaction leaves rows locked. The server ends that session after
IDLE_IN_TRANSACTION_TIMEOUT, so others get those rows before their LOCK_TIMEOUT. Both, and STATEMENT_TIMEOUT, end before
the caller gives up (PATIENCE in rooms/kernel/db_executor.py), so no thread goes on waiting without a caller.

They are part of libpq's `options`, which the server applies when a session starts. PgBouncer does not support these in
transaction mode: docs/operations.md says how to set them for the role instead.
"""

from django.db import connections

# Seconds.
IDLE_IN_TRANSACTION_TIMEOUT = 5.0
LOCK_TIMEOUT = 6.0
STATEMENT_TIMEOUT = 7.0
_COMMAND_LOCK_TIMEOUT = 20.0  # SQLite, in management commands, where no caller gives up
_KEEPALIVE = {"idle": 10, "interval": 5, "count": 2}  # a server that has vanished is noticed after 20 s
_TCP_USER_TIMEOUT = 10_000  # milliseconds; the same, while sent data is not acknowledged

_TIMEOUTS = ("idle_in_transaction_session_timeout", "lock_timeout", "statement_timeout")


def options(engine: str, threads: int, given: dict, serving: bool = False) -> dict:
    """OPTIONS of a DATABASES entry. given: options from the database URL, which override ours.

    serving: for web processes and bot workers, where no statement may run longer than its caller waits.
    """
    if engine.endswith("sqlite3"):
        return _sqlite(serving) | given
    return _postgresql(threads) | given | {"options": _libpq_options(given.get("options"), serving)}


def use_serving_options() -> None:
    """Use the serving options for all connections of this process. Call it before the first connection."""
    from django.conf import settings

    settings.DATABASES["default"]["OPTIONS"] = settings.DATABASE_SERVING_OPTIONS


def leave_log_to_jobs() -> None:
    """SQLite: let the commits of this process, for which people wait, copy the write-ahead log into the database only
    when it has become four times as long as is usual. Whoever is the first to find it long copies it, and that takes as
    long as some disk takes; while many are told of something, job workers write most of it."""
    from django.conf import settings

    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        settings.DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA wal_autocheckpoint=4000;"


def lift_limits(using: str, **_signal) -> None:
    """Lift the timeouts of one connection's session, for migrations."""
    connection = connections[using]
    if connection.vendor == "postgresql" and not getattr(connection, "limits_lifted", False):
        connection.limits_lifted = True  # type: ignore[attr-defined]  # ours, on Django's object
        _execute(connection, "SET {} = 0")


def restore_limits(using: str, **_signal) -> None:
    """After migrations, for which `lift_limits` took them away. Does nothing where they were not lifted."""
    connection = connections[using]
    if getattr(connection, "limits_lifted", False):
        connection.limits_lifted = False  # type: ignore[attr-defined]  # as above
        _execute(connection, "RESET {}")


def truncate_write_ahead_log(using: str = "default") -> bool:
    """Empty SQLite's write-ahead log, which holds old pages with deleted text.

    Returns False when it cannot be emptied now, because somebody is reading. Does not wait for that.
    """
    connection = connections[using]
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        (busy_timeout,) = cursor.fetchone()
        cursor.execute("PRAGMA busy_timeout=0")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return cursor.fetchone()[0] == 0
        finally:
            cursor.execute(f"PRAGMA busy_timeout={busy_timeout}")


def _execute(connection, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("; ".join(statement.format(name) for name in _TIMEOUTS))


def _sqlite(serving: bool) -> dict:
    # Measured with 4 processes of 4 threads: by default 28 % of writes fail with "database is locked", with these none.
    return {
        "transaction_mode": "IMMEDIATE",
        "timeout": LOCK_TIMEOUT if serving else _COMMAND_LOCK_TIMEOUT,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000; "
        "PRAGMA secure_delete=ON;",  # overwrite deleted data
    }


def _postgresql(threads: int) -> dict:
    return {
        # By default the pool waits up to two minutes before it tries an unavailable database again.
        "pool": {"min_size": 1, "max_size": threads + 12, "timeout": 5, "reconnect_timeout": 2},
        "connect_timeout": 3,
        # Give up a server that has vanished, so that senders get an error and can try again.
        "tcp_user_timeout": _TCP_USER_TIMEOUT,
        **{f"keepalives_{name}": value for name, value in _KEEPALIVE.items()},
    }


def _libpq_options(given: str | None, serving: bool) -> str:
    """libpq's `options`. The URL's come last, because the last value of a name wins; `none` means none at all."""
    if given == "none":
        return ""
    ours = {
        "idle_in_transaction_session_timeout": int(IDLE_IN_TRANSACTION_TIMEOUT * 1000),
        "lock_timeout": int(LOCK_TIMEOUT * 1000),
        **({"statement_timeout": int(STATEMENT_TIMEOUT * 1000)} if serving else {}),
        **{f"tcp_keepalives_{name}": value for name, value in _KEEPALIVE.items()},
        "tcp_user_timeout": _TCP_USER_TIMEOUT,
    }
    return " ".join([*(f"-c {name}={value}" for name, value in ours.items()), *filter(None, [given])])
