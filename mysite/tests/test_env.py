"""Settings from the environment: what is accepted, and what is said about the rest."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import redis
from django.core.exceptions import ImproperlyConfigured

from mysite import env
from mysite.paths import redis_socket
from mysite.secret_key import secret_key
from mysite.supervisor.checks import check_database
from mysite.supervisor.errors import CannotStart

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize(("value", "found"), [("", False), ("yes", True), ("TRUE", True), ("0", False), (" on ", True)])
def test_a_flag(monkeypatch, value, found):
    monkeypatch.setenv("X", value)
    assert env.flag("X") is found


@pytest.mark.parametrize("value", ["maybe", "2"])
def test_no_flag(monkeypatch, value):
    monkeypatch.setenv("X", value)
    with pytest.raises(ImproperlyConfigured, match=f"X is '{value}'; use yes or no."):
        env.flag("X")


def test_a_number_is_whole_when_its_default_is(monkeypatch):
    monkeypatch.setenv("X", "2.5")
    assert env.number("X", 1.0) == 2.5
    with pytest.raises(ImproperlyConfigured, match="X is '2.5'; use a whole number from 0 to 9."):
        env.number("X", 1, 0, 9)


@pytest.mark.parametrize("value", ["-1", "10", "x", "nan"])
def test_a_number_has_limits(monkeypatch, value):
    monkeypatch.setenv("X", value)
    with pytest.raises(ImproperlyConfigured, match="use a number from 0 to 9."):
        env.number("X", 1.0, 0, 9)


def test_a_database(monkeypatch):
    assert env.database("X", Path("/data/a b%20?.sqlite3"))["NAME"] == "/data/a b%20?.sqlite3"
    monkeypatch.setenv("X", "postgres://me:p%40ss@db:5433/chat")
    found = env.database("X", Path("unused"))
    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert [found[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == ["chat", "me", "p@ss", "db", 5433]


@pytest.mark.parametrize("value", ["nonsense", "mysql://me@db/chat", "postgres://db:port/chat", "sqlite://"])
def test_no_database(monkeypatch, recwarn, value):
    monkeypatch.setenv("X", value)
    with pytest.raises(ImproperlyConfigured, match="X cannot be understood; use sqlite:///"):
        env.database("X", Path("unused"))
    assert not recwarn.list


@pytest.mark.parametrize(
    ("url", "given", "ours"),
    [
        (
            "postgres://me@db/chat?sslmode=verify-full&sslrootcert=/etc/ca.pem&connect_timeout=9",
            {"sslmode": "verify-full", "sslrootcert": "/etc/ca.pem", "connect_timeout": 9},
            {"keepalives_count": 2},
        ),
        ("sqlite:////data/chat.sqlite3?timeout=5", {"timeout": 5}, {"transaction_mode": "IMMEDIATE"}),
    ],
)
def test_options_in_the_address_of_the_database_go_before_ours(tmp_path, url, given, ours):
    """In a process of its own: settings are read at its start."""
    script = "import json; from mysite import settings; print(json.dumps(settings.DATABASES['default']['OPTIONS']))"
    environment = {"ROUNDTABLE_NO_DOTENV": "1", "DATA_DIR": str(tmp_path), "DATABASE_URL": url}
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (given | ours).items() <= json.loads(done.stdout).items()


@pytest.mark.django_db  # it opens a connection
def test_an_option_that_the_database_does_not_know_is_told_in_a_sentence(tmp_path):
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": tmp_path / "x", "OPTIONS": {"nonsense": 1}}
    with pytest.raises(CannotStart, match=r"The database \S+ cannot be used \(.*'nonsense'.+ set DATABASE_URL"):
        check_database(database)


def test_the_size_of_the_pool_is_no_option_of_the_address(monkeypatch):
    monkeypatch.setenv("X", "postgres://me@db/chat?pool=false")
    with pytest.raises(ImproperlyConfigured, match="X cannot set the option pool; DB_THREADS says"):
        env.database("X", Path("unused"))


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("postgres://me@%2Fvar%2Frun%2Fpostgresql/chat", {"HOST": "/var/run/postgresql", "USER": "me"}),
        ("postgres://me@%2Ftmp:5433/chat", {"HOST": "/tmp", "PORT": 5433}),  # noqa: S108
        ("postgres://me:a#b/c?d@db:5432/chat", {"PASSWORD": "a#b/c?d", "HOST": "db", "NAME": "chat"}),
        ("postgres://me:a%23b@db/chat", {"PASSWORD": "a#b", "HOST": "db"}),
        ("postgres://me:p@db/chat?options=-c%20x%3Da@b", {"PASSWORD": "p", "HOST": "db"}),
        ("sqlite:////data/a@b.sqlite3", {"NAME": "/data/a@b.sqlite3"}),
    ],
)
def test_addresses_of_databases_as_people_write_them(monkeypatch, url, wanted):
    monkeypatch.setenv("X", url)
    assert wanted.items() <= env.database("X", Path("unused")).items()


def test_origins(monkeypatch):
    assert env.origins("X") == []
    monkeypatch.setenv("X", "https://chat.example.org, HTTP://[::1]:8000,https://*.example.org")
    assert env.origins("X") == ["https://chat.example.org", "HTTP://[::1]:8000", "https://*.example.org"]


@pytest.mark.parametrize("value", ["chat.example.org", "https://", "https://[::1", "https://chat.example.org/", "*"])
def test_no_origins(monkeypatch, value):
    monkeypatch.setenv("X", f"https://good.example.org,{value}")
    with pytest.raises(ImproperlyConfigured, match="X must hold origins like https://chat.example.org"):
        env.origins("X")


def test_addresses_of_redis(monkeypatch):
    urls = ["redis://:secret@[::1]:6379/0", "rediss://redis", "unix:///run/redis.sock"]
    monkeypatch.setenv("X", ", ".join(urls))
    assert env.redis_urls("X") == urls


@pytest.mark.parametrize(
    ("password", "address"),
    [
        ("se#cret", "redis://:se#cret@redis:6379/0"),
        ("a/b?c#d,e", "redis://chat:a/b?c#d,e@redis:6379/0"),
        ("100%", "redis://:100%25@redis:6379/0"),
        ("p@ss", "redis://:p@ss@redis:6379/0"),
        ("p@ss#", "redis://:p@ss%23@redis:6379/0"),
    ],
)
def test_a_password_in_an_address_of_redis_may_hold_any_sign(monkeypatch, password, address):
    monkeypatch.setenv("X", f"{address},redis://other:6379/1")
    one, other = env.redis_urls("X")
    options = redis.connection.parse_url(one)
    assert (options["host"], options["port"], options["db"], options["password"]) == ("redis", 6379, 0, password)
    assert other == "redis://other:6379/1"


@pytest.mark.parametrize("value", ["nonsense", "http://redis", "redis://[::1/0", "redis://redis:port/0"])
def test_no_addresses_of_redis(monkeypatch, value):
    monkeypatch.setenv("X", f"redis://good,{value}")
    with pytest.raises(ImproperlyConfigured, match="X must hold addresses like redis://host:6379/0"):
        env.redis_urls("X")


def test_a_socket_path_is_never_too_long():
    assert redis_socket(Path("/var/chat")) == Path("/var/chat/redis.sock")
    one, other = redis_socket(Path("/var/" + "long/" * 30)), redis_socket(Path("/var/" + "longer/" * 30))
    assert len(str(one)) < 100
    assert one != other


def test_the_key_is_made_once_and_kept_to_its_owner(tmp_path):
    data = tmp_path / "new" / "data"
    key = secret_key("", data, public=False)
    assert len(key) > 50
    assert secret_key("", data, public=False) == key
    assert secret_key("given", data, public=False) == "given"
    assert (data / "secret_key").stat().st_mode & 0o077 == 0
    assert [path.name for path in data.iterdir()] == ["secret_key"]


def test_a_public_site_must_be_given_its_key(tmp_path):
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is not set"):
        secret_key("", tmp_path, public=True)
    assert not list(tmp_path.iterdir())


def test_a_relative_database_is_the_same_wherever_a_command_is_started(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "sqlite:///var/other.sqlite3")
    assert env.database("DATABASE_URL", ROOT)["NAME"] == str(ROOT / "var/other.sqlite3")
