"""What every test may use: people, a bot, a Redis of their own, a model to talk to."""

import gc
import os
import re
import sys

import hypothesis
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.template import Template
from django.test import TransactionTestCase
from django.test.utils import _TestState, instrumented_test_render
from django.utils import translation
from redis import Redis

from e2e.model_server import ModelServer
from mysite.supervisor.embedded_redis import EmbeddedRedis
from mysite.testing import DATA_DIR
from rooms.kernel import write_errors
from testing import shared_run
from testing.dealing import SEED, dealt, shuffled

pytest_plugins = ["files.tests.buckets"]

PASSWORD = "correct horse"  # noqa: S105


def pytest_configure(config):
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        shared_run.provide_folder()
    # A busy machine is no fault of the code.
    too_slow = hypothesis.HealthCheck.too_slow
    hypothesis.settings.register_profile("roundtable", deadline=None, suppress_health_check=[too_slow])
    hypothesis.settings.load_profile("roundtable")
    # Quick instead of safe; and no file has to be collected before a page can name it.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES |= {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


@pytest.hookimpl(wrapper=True)
def pytest_collection(session):
    """pytest compiles the assertions of a new or changed test, which takes as long as all else that collecting does."""
    if not hasattr(session.config, "workerinput") or not os.environ.get(shared_run.FOLDER):
        return (yield)
    with shared_run.first_before_others("collected"):
        return (yield)


def pytest_collection_modifyitems(config, items):
    """Long tests begin first, unless the order is random. A second run, on another database, leaves out the tests to
    which that makes no difference."""
    if os.environ.get("ROUNDTABLE_TESTS") == "database":
        left_out = {item for item in items if not uses_database(item) or item.get_closest_marker("any_database")}
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]
    if seed := os.environ.get(SEED):
        items[:] = shuffled(items, int(seed))
        return
    processes = getattr(config, "workerinput", {}).get("workercount", 1)
    items[:] = dealt(items, processes, lambda item: item.get_closest_marker("long"))


def pytest_report_header():
    return f"random order: {SEED}={os.environ[SEED]}" if os.environ.get(SEED) else None


def pytest_collection_finish():
    """Modules and tests stay: without this, each full garbage collection looks through all of them. And what a request
    makes is mostly gone when it ends: collecting after each 700 objects takes a tenth of the time of all tests."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


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


@pytest.fixture(autouse=True)
def english():
    """A page that was asked for in another language leaves it active, for the next test too."""
    translation.activate("en")


@pytest.fixture(scope="session", autouse=True)
def _quick_templates(django_test_environment):
    """Django's test environment copies what each template is drawn with, for the few tests that look at it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", _TestState.saved_data.template_render)
        yield


@pytest.fixture
def with_context(monkeypatch):
    """What a page was drawn with is kept: `answer.context`."""
    monkeypatch.setattr(Template, "_render", instrumented_test_render)


@pytest.fixture(autouse=True)
def writes_succeed():
    """A test in which messages could not be saved leaves that behind, and the next one's /healthz says it."""
    write_errors.note_success()


@pytest.fixture(autouse=True)
def mail_server_answers():
    """Likewise: the next mail would not be tried for a while."""
    if sending := sys.modules.get("accounts.mail.sending"):
        sending._server.reset()


def confirm(client) -> None:
    """Confirm the password, which is asked for before what matters (accounts/security/reauthentication.py)."""
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


@pytest.fixture
def tried(record_property):
    """tried("wild requests", 853): how many of something a test went through; the end of the run says it."""

    def note(what: str, count: int):
        record_property("tried", f"{count:,} {what}")

    return note


def pytest_terminal_summary(terminalreporter):
    everything = [each for some in terminalreporter.stats.values() for each in some]
    reports = [each for each in everything if hasattr(each, "user_properties")]  # deselected tests have none
    lines = sorted(
        (report.nodeid, value)
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, value in report.user_properties
        if name == "tried"
    )
    if lines:
        terminalreporter.section("tried")
    for test, value in lines:
        terminalreporter.write_line(f"{value}  ({test})")


@pytest.fixture(scope="session", autouse=True)
def redis_server():
    """The tests' Redis, at settings.REDIS_URLS[0]. `.stop()` and `.start()` it to see what happens without."""
    server = EmbeddedRedis(DATA_DIR / "redis.sock", DATA_DIR / "redis")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def smtp(tmp_path, settings, monkeypatch):
    """A mail server that takes what we send, as the settings have it."""
    from accounts.tests.smtp_server import PASSWORD, USER, SmtpServer  # with aiosmtpd, which few tests need

    server = SmtpServer(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", server.port
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = USER, PASSWORD
    settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = True, False
    settings.DEFAULT_FROM_EMAIL = f"Roundtable <{USER}>"
    yield server
    server.stop()


@pytest.fixture(scope="session")
def redis_client(redis_server):
    with Redis.from_url(settings.REDIS_URLS[0]) as client:
        yield client


@pytest.fixture(autouse=True)
def fresh_redis(redis_client):
    """What tests before this one posted or looked up does not count, and nobody is online from them: people and rooms
    have the same ids and names again."""
    left_over = rb":((posts|commands|searches|lookups|uploads|links|links-of-block):[^:]+$|presence:)"
    keys = redis_client.keys(f"{settings.REDIS_PREFIX}:*")
    if keys := [key for key in keys if re.search(left_over, key)]:
        redis_client.delete(*keys)


@pytest.fixture
def lost_redis(redis_server):
    """Redis stopped for the test's duration, back afterwards. `.start()` it earlier when that is the point."""
    redis_server.stop()
    yield redis_server
    if redis_server.process.poll() is not None:
        redis_server.start()


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


@pytest.fixture
def alice(make_user):
    return make_user("alice")


@pytest.fixture
def bob(make_user):
    return make_user("bob")


@pytest.fixture
def charlie(make_user):
    """An outsider: a member of nothing."""
    return make_user("charlie")


@pytest.fixture
def bot_user(make_user):
    return make_user(settings.BOT_NAME, is_bot=True)


@pytest.fixture
def make_user(db, django_user_model):
    """make_user(name, **fields): a person with PASSWORD, or a bot, who cannot sign in."""

    def make(name: str, **fields):
        # The default bot may have been made by a migration.
        user = django_user_model.objects.filter(username=name).first() or django_user_model(username=name)
        for field, value in fields.items():
            setattr(user, field, value)
        # Saved once: a password that changes would end sessions, a moment later, in the middle of a test.
        if user.is_bot:
            user.set_unusable_password()
        else:
            user.set_password(PASSWORD)
        user.save()
        return user

    return make


@pytest.fixture
def model(settings):
    """A model server that does what the test says (see e2e/model_server.py); the settings point at it."""
    with ModelServer() as server:
        settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY = server.base_url, "test-key"
        yield server
