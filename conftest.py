"""Settings and order of all tests, and what each may use: people, a bot, a mail server, a model server."""

import gc
import os
import sys

import hypothesis
import pytest
from django.conf import settings
from django.template import Template
from django.test.utils import _TestState, instrumented_test_render
from django.utils import translation

from e2e.model_server import ModelServer
from rooms.kernel import write_errors
from testing import shared_run
from testing.dealing import SEED, dealt, shuffled

pytest_plugins = [
    "files.tests.buckets",
    "testing.database_fixtures",
    "testing.redis_fixtures",
    "testing.tried",
]

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
    """Long tests begin first, unless the order is random."""
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


@pytest.fixture(autouse=True)
def settings_of_this_test():
    """Nothing that staff have set in another one counts; and no test without a database looks for it there."""
    if current := sys.modules.get("site_settings.current"):
        current.replace(current.Snapshot())


def confirm(client) -> None:
    """Confirm the password, which is asked for before what matters (accounts/security/reauthentication.py)."""
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


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
