"""Options of each database session: how long it may wait for a lock, run a statement, and sit idle in a transaction.

The limits fit into each other. A host that vanishes in a transaction leaves its rows locked; the server ends that
session after IDLE seconds, so whoever waits for those rows gets them before LOCK is over. Both, and STATEMENT, end
before the caller gives up (PATIENCE in rooms/kernel/db_executor.py): the thread comes back, and waits on for nobody.

They go into libpq's `options`, which the server applies as the session starts. PgBouncer's transaction mode cannot
take those: docs/operations.md says how the same is set for the role.
"""

from django.db import connections

# Seconds.
IDLE = 5.0
LOCK = 6.0
STATEMENT = 7.0
_COMMANDS_WAIT = 20.0  # of SQLite: commands of an administrator, for whom no caller gives up
_KEEPALIVE = {"idle": 10, "interval": 5, "count": 2}  # a peer that vanished is noticed after 20 s
_UNACKNOWLEDGED = 10_000  # milliseconds: the same, while something is on its way to it

_LIFTED = ("idle_in_transaction_session_timeout", "lock_timeout", "statement_timeout")


def options(engine: str, threads: int, given: dict, serving: bool = False) -> dict:
    """OPTIONS of a DATABASES entry. given: those of the address, which go before ours.

    serving: of a process that answers people or runs bots, where no statement may outlive its caller's patience.
    """
    if engine.endswith("sqlite3"):
        return _sqlite(serving) | given
    return _postgresql(threads) | given | {"options": _session(given.get("options"), serving)}


def serve() -> None:
    """Give the connections of this process the options of one that serves. To be called before the first is made."""
    from django.conf import settings

    settings.DATABASES["default"]["OPTIONS"] = settings.DATABASE_SERVING_OPTIONS


def lift_limits(using: str, **_signal) -> None:
    """Let the session of one connection take as long as it takes: for migrations, which no caller waits for."""
    connection = connections[using]
    if connection.vendor == "postgresql" and not getattr(connection, "limits_lifted", False):
        connection.limits_lifted = True  # type: ignore[attr-defined]  # ours, on Django's object
        _execute(connection, "SET {} = 0")


def restore_limits(using: str, **_signal) -> None:
    connection = connections[using]
    if getattr(connection, "limits_lifted", False):
        connection.limits_lifted = False  # type: ignore[attr-defined]  # as above
        _execute(connection, "RESET {}")


def truncate_log(using: str = "default") -> bool:
    """Empty SQLite's write-ahead log, which holds pages as they were before something on them was deleted. Whether that
    could be done: it cannot while somebody reads, and nobody waits for that here."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        (patience,) = cursor.fetchone()
        cursor.execute("PRAGMA busy_timeout=0")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return cursor.fetchone()[0] == 0
        finally:
            cursor.execute(f"PRAGMA busy_timeout={patience}")


def _execute(connection, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("; ".join(statement.format(name) for name in _LIFTED))


def _sqlite(serving: bool) -> dict:
    # Measured with 4 processes of 4 threads: the defaults lose 28 % of writes to "database is locked", this none.
    return {
        "transaction_mode": "IMMEDIATE",
        "timeout": LOCK if serving else _COMMANDS_WAIT,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000; "
        "PRAGMA secure_delete=ON;",  # what is deleted is overwritten
    }


def _postgresql(threads: int) -> dict:
    return {
        # Without the last, the pool waits up to two minutes before it tries a database again that was away.
        "pool": {"min_size": 1, "max_size": threads + 12, "timeout": 5, "reconnect_timeout": 2},
        "connect_timeout": 3,
        # A server that vanished without a word is given up: senders get an answer, and try again.
        "tcp_user_timeout": _UNACKNOWLEDGED,
        **{f"keepalives_{name}": value for name, value in _KEEPALIVE.items()},
    }


def _session(given: str | None, serving: bool) -> str:
    """libpq's `options`. Of two values for one name the server takes the last; `none` asks for none at all."""
    if given == "none":
        return ""
    ours = {
        "idle_in_transaction_session_timeout": int(IDLE * 1000),
        "lock_timeout": int(LOCK * 1000),
        **({"statement_timeout": int(STATEMENT * 1000)} if serving else {}),
        **{f"tcp_keepalives_{name}": value for name, value in _KEEPALIVE.items()},
        "tcp_user_timeout": _UNACKNOWLEDGED,
    }
    return " ".join([*(f"-c {name}={value}" for name, value in ours.items()), *filter(None, [given])])
