"""What each of the processes that share a run would do for itself, and one can do for all.

All tests are compiled when the first one collects them. The tables of a test database are made by all migrations once,
and copied.
"""

import atexit
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = "ROUNDTABLE_SHARED_RUN"  # set by the process that starts the others


def provide_folder() -> None:
    """One that is removed when this process ends, unless there is one for several runs."""
    if os.environ.get(FOLDER):
        return
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="roundtable-run-")
    atexit.register(shutil.rmtree, os.environ[FOLDER], ignore_errors=True)


@contextmanager
def first_before_others(what: str) -> Iterator[None]:
    """The block is run by one process, and then by all others at once."""
    folder = Path(os.environ[FOLDER])
    with (folder / f"{what}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_first := not (folder / what).exists():
            yield
            (folder / what).touch()
    if not is_first:
        yield


@contextmanager
def copied(connection) -> Iterator[None]:
    """While the block runs, a test database of this connection is made from the copy of the first one, and the first
    one is copied. Migrations then find nothing to do; whatever else makes a database is done for each."""
    folder, creation = Path(os.environ[FOLDER]), connection.creation
    create, copy, own = creation.create_test_db, folder / connection.vendor, []

    def create_test_db(*args, **options) -> str:
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not copy.exists():
                name = create(*args, **options)
                own.append(_keep(connection, copy))
                return name
            _begin_with(connection, copy)
        return create(*args, **options)

    creation.create_test_db = create_test_db
    yield
    if own and connection.vendor == "postgresql":
        copy.unlink()
        creation._destroy_test_db(*own, verbosity=0)


def _keep(connection, copy: Path) -> str:
    """Returns the copy's name."""
    connection.close()  # SQLite then has everything in one file, and PostgreSQL copies what nobody uses
    if connection.vendor == "sqlite":
        return str(shutil.copy(connection.settings_dict["NAME"], copy))
    connection.creation.clone_test_db("first", verbosity=0)
    name = connection.creation.get_test_db_clone_settings("first")["NAME"]
    copy.write_text(name)
    return name


def _begin_with(connection, copy: Path) -> None:
    creation = connection.creation
    if connection.vendor == "sqlite":
        remove_old = creation._create_test_db
        creation._create_test_db = lambda *args: shutil.copy(copy, remove_old(*args))
    else:
        connection.settings_dict["TEST"]["TEMPLATE"] = copy.read_text()
