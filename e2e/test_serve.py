"""`manage.py serve` as a person and a service manager know it: sentences, restarts, a clean end."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from mysite.paths import redis_socket
from testing.ports import free_port

from .stack import ROOT, Stack


@pytest.fixture
def serve(tmp_path):
    """serve(**settings): run it until it ends by itself; → its exit code and what it said"""

    def run(**settings) -> tuple[int, str]:
        stack = Stack(tmp_path, BOT_WORKERS=0, **settings)
        done = subprocess.run(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT, env=stack.environment, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    return run


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    """For tests that leave it running, whatever they do to its children."""
    with Stack(tmp_path_factory.mktemp("serve"), WEB_WORKERS=2, BOT_WORKERS=0) as running:
        yield running


@pytest.fixture
def ending(make_stack):
    """For a test that ends it."""
    return make_stack(WEB_WORKERS=2, BOT_WORKERS=0)


def healthy(stack) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=60)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def gone(pids: list[int]) -> bool:
    """Whether none of these processes runs any more."""
    return all(not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE for pid in pids)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"PORT": "abc"}, "PORT is 'abc'; use a whole number from 1 to 65535."),
        ({"WEB_WORKERS": "0"}, "WEB_WORKERS is '0'; use a whole number from 1 to 64."),
        ({"DEBUG": "maybe"}, "DEBUG is 'maybe'; use yes or no."),
        ({"HOST": "no.such.host.invalid"}, "HOST is 'no.such.host.invalid', which is no address"),
        ({"REDIS_URL": "nonsense"}, "REDIS_URL must hold addresses like redis://host:6379/0"),
        ({"REDIS_URL": "redis://me:secret@127.0.0.1:1/0"}, "Redis at redis://127.0.0.1:1/0 does not answer"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL cannot be understood"),
        ({"DATABASE_URL": "postgres://me:secret@127.0.0.1:1/chat"}, "The database chat cannot be used"),
        ({"DATABASE_URL": "sqlite:////nowhere/chat.sqlite3"}, "The database /nowhere/chat.sqlite3 cannot be used"),
        ({"DATA_DIR": "/dev/null/data"}, "DATA_DIR /dev/null/data cannot be used"),
        ({"ALLOWED_HOSTS": "chat.example.org"}, "SECRET_KEY is not set, and ALLOWED_HOSTS names a public site"),
    ],
)
def test_what_is_wrong_is_one_sentence(serve, settings, sentence):
    code, said = serve(**settings)
    assert code == 1
    assert said.startswith(sentence)
    assert "Traceback" not in said
    assert "secret" not in said
    assert said.count("\n") == 1


def test_a_port_in_use(serve, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, said = serve(PORT=port)
    assert code == 1
    assert said.startswith(f"Port {port} on 127.0.0.1 is in use by another program. Stop that one, or choose another")
    assert not (tmp_path / "data" / "redis.sock").exists()


def test_a_second_one_on_the_same_data(stack):
    environment = stack.environment | {"PORT": str(free_port())}
    done = subprocess.run(
        [sys.executable, "manage.py", "serve"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert f"running already with DATA_DIR {stack.environment['DATA_DIR']} (process {stack.process.pid})" in done.stderr
    assert healthy(stack)


def test_everything_ends_with_it(ending):
    children = ending.pids("web") + ending.pids("redis")
    assert len(children) == 3
    begun = time.monotonic()
    assert ending.stop() == 0
    assert time.monotonic() - begun < 20  # a limit that something has hung, not a measurement
    assert gone(children)
    assert not os.path.exists(ending.environment["DATA_DIR"] + "/redis.sock")


def test_ctrl_c_ends_it_too(ending):
    ending.process.send_signal(signal.SIGINT)
    assert ending.process.wait(30) == 0
    assert "Traceback" not in ending.log


@pytest.mark.long
def test_it_starts_on_nothing_and_again_on_what_it_left(make_stack):
    stack = make_stack(BOT_WORKERS=0, prepared=False)
    assert healthy(stack)
    private, static = modes(Path(stack.environment["DATA_DIR"]))
    assert {"secret_key", "serve.lock", "redis.sock", "static.lock", "static.stamp"} <= private.keys()
    assert {"roundtable.sqlite3", "redis/redis.log"} <= private.keys()
    assert {name: oct(mode) for name, mode in private.items() if mode & 0o077} == {}
    assert {name: oct(mode) for name, mode in static.items() if mode & 0o055 not in (0o044, 0o055)} == {}
    stack.stop()
    steps = ("Preparing", "Created the room Lobby", "Collecting")
    prepared = [stack.log.count(step) for step in steps]
    stack.start()
    assert healthy(stack)
    assert [stack.log.count(step) for step in steps] == prepared == [1, 1, 1]


def modes(data: Path) -> tuple[dict[str, int], dict[str, int]]:
    """The modes of everything in a data folder by its name: what is private, and static files."""
    found = {str(path.relative_to(data)): path.lstat().st_mode & 0o777 for path in [data, *data.rglob("*")]}
    static = {name: mode for name, mode in found.items() if name.partition("/")[0] == "static"}
    return {name: mode for name, mode in found.items() if name not in static}, static


@pytest.mark.parametrize(("role", "name"), [("web", "Web process 1"), ("redis", "Redis")])
def test_a_child_that_dies_is_started_again(stack, role, name):
    count = len(stack.pids(role))
    old = stack.kill(role)
    stack.wait_for_new(role, old, count)
    stack.wait_until(lambda: healthy(stack))
    assert f"{name} ended (by SIGKILL); restarting it in 0.5 s." in stack.log


def test_killed_itself_it_leaves_nothing(ending):
    children = ending.pids("web") + ending.pids("redis")
    ending.process.kill()
    ending.process.wait()
    ending.wait_until(lambda: gone(children))
    ending.start()  # and what it left is no obstacle
    assert healthy(ending)


def test_a_web_that_never_starts_ends_the_start(tmp_path, make_stack):
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "uvicorn.py").write_text("raise SystemExit(7)")
    with pytest.raises(AssertionError, match="Web process 1 ends each time it is started"):
        make_stack(BOT_WORKERS=0, PYTHONPATH=broken)


def test_a_data_folder_with_a_long_name(tmp_path, make_stack):
    data = tmp_path / ("long " * 20).strip() / "data"
    stack = make_stack(BOT_WORKERS=0, DATA_DIR=data)
    assert healthy(stack)
    assert redis_socket(data).exists()
    stack.stop()
    assert not redis_socket(data).parent.exists()


def test_roles_apart_as_on_several_hosts(stack, tmp_path):
    data = stack.environment["DATA_DIR"]
    shared = {"REDIS_URL": f"unix://{data}/redis.sock", "DATABASE_URL": f"sqlite:///{data}/roundtable.sqlite3"}
    other = Stack(tmp_path / "other", SECRET_KEY="shared", **shared)  # noqa: S106
    try:
        other.start("--only", "web")
        assert healthy(other)
        assert other.pids("redis") == []
        assert "Preparing" not in other.log
    finally:
        assert other.stop() == 0


def test_a_role_alone_insists_on_a_database_that_is_up_to_date(stack, tmp_path):
    redis = f"unix://{stack.environment['DATA_DIR']}/redis.sock"
    other = Stack(tmp_path / "other", prepared=False, REDIS_URL=redis)
    with pytest.raises(AssertionError, match="The database is not up to date; run first"):
        other.start("--only", "bot")


def test_a_burst_of_connections_is_spread_over_the_web_processes(stack):
    connections = [socket.create_connection(("127.0.0.1", stack.port)) for _ in range(200)]
    try:
        stack.wait_until(lambda: sum(open_connections(stack)) == 200)
        assert min(open_connections(stack)) > 40
    finally:
        for connection in connections:
            connection.close()


def open_connections(stack) -> list[int]:
    """How many each web process has accepted."""
    of_each = (psutil.Process(pid).net_connections("tcp") for pid in stack.pids("web"))
    return [sum(one.status == "ESTABLISHED" and one.laddr.port == stack.port for one in found) for found in of_each]
