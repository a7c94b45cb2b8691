"""How a fault is tried: a stack on the database that the test names, and a line for each guarantee."""

import resource
import time

import pytest

from testing.cluster import Cluster

from .fault import DURABLE
from .report import Report
from .world import World

_LAST_WORDS = 2000  # characters of the server's log, shown with a fault that failed


def pytest_addoption(parser):
    parser.addoption("--away", type=float, default=20, help="seconds that F9 is away (20; the promise says 600)")


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem):
    """A fault fails when one of its lines does, but not before all of them are checked."""
    try:
        result = yield
    finally:
        log = pyfuncitem.funcargs["world"].stack.log
        pyfuncitem.add_report_section("call", "server log", log[-_LAST_WORDS:])
    if failed := pyfuncitem.funcargs["report"].failed:
        pytest.fail("; ".join(failed), pytrace=False)
    return result


@pytest.fixture(scope="session", autouse=True)
def _many_files():
    """A thousand people have a thousand sockets."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard if hard != resource.RLIM_INFINITY else 65536, hard))


@pytest.fixture
def database(request):
    """A PostgreSQL of the test's own, or None for SQLite in the folder of its world. See fault.py."""
    if request.param == "sqlite":
        yield None
    else:
        with Cluster(durable=request.param == DURABLE) as cluster:
            yield cluster


@pytest.fixture
def report(request, capsys, database):
    """Prints while the fault goes on, however pytest captures output."""

    def say(line: str) -> None:
        with capsys.disabled():
            print(line, flush=True)

    name, title = request.node.get_closest_marker("faults").args
    say(f"\n{name}  {title}, on {'PostgreSQL' if database else 'SQLite'}")
    begun = time.monotonic()
    yield Report(say)
    say(f"\n    {time.monotonic() - begun:.0f} s")


@pytest.fixture
async def world(request, database, report):
    options = request.node.get_closest_marker("faults").kwargs
    with World(**options, database_url=database.url if database else "") as world:
        world.cluster, world.away = database, request.config.getoption("--away")
        yield world
        await world.everyone_out()
