"""A pytest plugin: each test process has a database of its own, and only tests that say so reach it."""

import os

import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase

from . import shared_run


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """A second run, on another database, leaves out the tests to which that makes no difference."""
    if os.environ.get("ROUNDTABLE_TESTS") != "database":
        return
    left_out = {item for item in items if not uses_database(item) or item.get_closest_marker("any_database")}
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [item for item in items if item not in left_out]


def uses_database(item) -> bool:
    """Whether it says so, by the marker django_db or by a fixture; one that may be skipped here may be meant for there.

    pytest-django keeps the others from the database, and `no_database` keeps the programs that they start from it.
    """
    fixtures = {"db", "transactional_db", "django_db_setup"}
    marked = any(item.get_closest_marker(name) for name in ("django_db", "skipif"))
    return marked or not fixtures.isdisjoint(item.fixturenames)


@pytest.fixture(autouse=True)
def no_database(request, monkeypatch):
    """A program that a test starts finds no database, unless the test says that it uses one.

    By the test's own monkeypatch: another one may be undone in another order, and would leave this behind.
    """
    if not uses_database(request.node):
        monkeypatch.setenv("DATABASE_URL", "sqlite:////nowhere/mark this test with django_db.sqlite3")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, django_db_blocker):
    """pytest-django's, which gives each process a database of its own."""
    if not os.environ.get(shared_run.FOLDER):
        yield
        return
    # Open for removing the copy at the end, and not for the tests.
    with django_db_blocker.unblock(), shared_run.copied(connection), django_db_blocker.block():
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """pytest-django's. At the end PostgreSQL drops no database that is in use, and threads keep their connections."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            others = "datname = current_database() AND pid <> pg_backend_pid()"
            cursor.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")


_KEPT = {"django_migrations", "django_content_type", "auth_permission"}


@pytest.fixture(scope="session", autouse=True)
def _quick_flush():
    """Empties what a transactional test has filled. Django empties all tables and makes the permissions anew, which
    takes 0.3 s a test on PostgreSQL, and a tenth of that on SQLite."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: _empty_tables())
        yield


def _empty_tables() -> None:
    from bot.provisioning import ensure_default_bot

    tables = sorted(set(connection.introspection.django_table_names(only_existing=True)) - _KEPT)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")  # in whatever order
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in tables))  # noqa: S608
        for (table,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608
    ensure_default_bot()  # as at the beginning
