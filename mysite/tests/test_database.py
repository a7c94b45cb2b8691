"""The limits of a database session, and that they free what a host that vanished has locked."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from mysite import database
from mysite.supervisor.checks import check_database
from mysite.supervisor.child import spawn
from mysite.supervisor.errors import CannotStart
from rooms.kernel import db_executor
from rooms.services import membership, posting
from rooms.services.posting import Post, Posted

ROOT = Path(__file__).parent.parent.parent
POSTGRESQL = "django.db.backends.postgresql"
SQLITE = "django.db.backends.sqlite3"
LIMITS = ("idle_in_transaction_session_timeout", "lock_timeout", "statement_timeout", "tcp_user_timeout")

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no sessions")


def session(**options) -> list[str]:
    """The parts of libpq's `options`."""
    return database.options(POSTGRESQL, 8, **options)["options"].removeprefix("-c ").split(" -c ")


def test_each_limit_ends_before_the_one_around_it():
    assert (
        database.IDLE_IN_TRANSACTION_TIMEOUT < database.LOCK_TIMEOUT < database.STATEMENT_TIMEOUT < db_executor.PATIENCE
    )
    assert posting.LOCK_TIMEOUT_MS < database.LOCK_TIMEOUT * 1000


def test_a_process_that_serves_limits_its_statements_too():
    assert "statement_timeout=7000" not in session(given={})
    assert set(session(given={}, serving=True)) == {*session(given={}), "statement_timeout=7000"}
    assert database.options(SQLITE, 8, {}, serving=True)["timeout"] == database.LOCK_TIMEOUT


def test_what_the_address_says_goes_before():
    found = session(given={"options": "-c lock_timeout=1s"})
    assert found.index("lock_timeout=1s") > found.index("lock_timeout=6000")  # the last one counts
    assert database.options(POSTGRESQL, 8, {"options": "none"}, serving=True)["options"] == ""
    assert database.options(SQLITE, 8, {"timeout": 3}, serving=True)["timeout"] == 3


def environment(tmp_path) -> dict[str, str]:
    """Of a process that uses the test's database as an installation would."""
    found = connection.settings_dict
    user, password = (quote(found[name], safe="") for name in ("USER", "PASSWORD"))
    url = f"postgres://{user}:{password}@{found['HOST']}:{found['PORT']}/{found['NAME']}"
    own = {"ROUNDTABLE_NO_DOTENV": "1", "DATA_DIR": str(tmp_path), "DATABASE_URL": url, "SECRET_KEY": "x"}
    return os.environ | own | {"DJANGO_SETTINGS_MODULE": "mysite.settings"}


@on_postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("serving", "expected"), [(False, "5s 6s 0 10000"), (True, "5s 6s 7s 10000")])
def test_a_session_has_them(tmp_path, serving, expected):
    script = f"""
import django; django.setup()
from mysite import database
from django.db import connection
{"database.use_serving_options()" if serving else ""}
with connection.cursor() as cursor:
    print(*(cursor.execute(f"SHOW {{name}}").fetchone()[0] for name in {LIMITS!r}))
"""
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == expected, done.stderr


def test_posts_do_not_tidy_the_log_of_sqlite_while_jobs_may(tmp_path):
    script = """
import django; django.setup()
from mysite import database
from django.db import connection
database.use_serving_options()
database.leave_log_to_jobs()
with connection.cursor() as cursor:
    print(*(cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "wal_autocheckpoint")))
"""
    own = {"ROUNDTABLE_NO_DOTENV": "1", "DATA_DIR": str(tmp_path), "SECRET_KEY": "x", "DATABASE_URL": ""}
    settings = os.environ | own | {"DJANGO_SETTINGS_MODULE": "mysite.settings"}
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=settings, capture_output=True, text=True)
    assert done.stdout.split() == ["wal", "4000"], done.stderr


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_migrations_take_as_long_as_they_take():
    def limits() -> list[str]:
        with connection.cursor() as cursor:
            return [cursor.execute(f"SHOW {name}").fetchone()[0] for name in database._TIMEOUTS]

    before = limits()
    assert before[1] == "6s"
    database.lift_limits("default")
    database.lift_limits("default")  # once for each app
    assert limits() == ["0"] * 3
    database.restore_limits("default")
    assert limits() == before


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_who_falls_silent_in_a_transaction_frees_the_room(tmp_path, alice):
    room = membership.get_or_create_and_join(alice, "Lobby")
    script = f"""
import django; django.setup()
from django.db import transaction
from rooms.models import Room
with transaction.atomic():
    Room.objects.select_for_update().get(pk={room.pk})
    print("locked", flush=True)
    input()
"""
    given = {"cwd": ROOT, "env": environment(tmp_path), "stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    holder = spawn([sys.executable, "-c", script], **given)
    try:
        assert holder.stdout.readline() == b"locked\n"
        holder.send_signal(signal.SIGSTOP)
        [outcome] = posting.post_many([Post(alice, room.pk, "and on we go")])
    finally:
        holder.kill()
        holder.communicate()
    assert isinstance(outcome, Posted)


@pytest.mark.django_db  # it opens a connection
def test_a_pooler_that_refuses_them_is_told_of_in_a_sentence():
    """As PgBouncer answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_refuse, args=[server], daemon=True).start()
        where = {"HOST": "127.0.0.1", "PORT": server.getsockname()[1], "NAME": "chat", "USER": "me", "PASSWORD": "x"}
        options = database.options(POSTGRESQL, 8, {"sslmode": "disable", "gssencmode": "disable"})
        with pytest.raises(CannotStart, match=r"unsupported startup parameter.+options=none in DATABASE_URL"):
            check_database({"ENGINE": POSTGRESQL, "OPTIONS": options, **where})


def _refuse(server: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while True:
            line, _address = server.accept()
            line.recv(4096)
            fields = b"SFATAL\0C08P01\0Munsupported startup parameter: options\0\0"
            line.sendall(b"E" + (len(fields) + 4).to_bytes(4, "big") + fields)
            line.close()
