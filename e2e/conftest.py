"""The harness: the real stack, a model on this machine, and people with browsers."""

import itertools
import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from testing import machine

from .contexts import ContextPool
from .faults.world import inside
from .model_server import ModelServer
from .person import Person
from .stack import FIRST_START, Stack, own_first_start

ARTIFACTS = Path(__file__).resolve().parent.parent / "artifacts"
LAPTOP = {"viewport": {"width": 1280, "height": 800}}
HISTORY = """
from accounts.models import User
from rooms.services import membership
from rooms.services.posting import Post, post_many
user = User.objects.get(username="{user}")
room = membership.get_or_create_and_join(user, "{room}")
post_many([Post(user, room.id, f"line {{number}}") for number in range({count})])
"""
_FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Chromium takes the last list alone: what Playwright turns off, and pages of its own for what a window's address
    # bar may offer, which cost each context more than a page of ours.
    "--disable-features=AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,LensOverlay,"
    "HttpsFirstBalancedModeAutoEnable,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,OptimizationHints,"
    "AimEnabled,PreconnectToSearch,WebUIOmniboxPopup,WebUIOmniboxAimPopup",
]
_numbers = itertools.count(1)

expect.set_options(timeout=30_000)  # for a busy machine; nothing is expected to take so long


def pytest_configure(config):
    if not hasattr(config, "workerinput"):  # those of pytest-xdist inherit it
        os.environ[FIRST_START] = own_first_start()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call":
        item.stash[_failed] = report.failed
    return report


_failed = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def browser():
    """One browser for all; each person has a context of their own."""
    found = machine.BROWSER.get()  # before Playwright runs: it may have to be installed
    flags = [*_FLAGS, "--no-sandbox"] if os.geteuid() == 0 else _FLAGS
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=flags)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def _session_model():
    with ModelServer() as server:
        yield server


@pytest.fixture
def model(_session_model):
    """The model that `stack` asks, back to its plain self, as others find it who say nothing of it."""
    _session_model.reset()
    yield _session_model
    _session_model.reset()


@pytest.fixture(scope="session")
def _session_stack(tmp_path_factory, _session_model):
    settings = {"OPENAI_BASE_URL": _session_model.base_url, "OPENAI_API": "chat", "OPENAI_API_KEY": "test-key"}
    settings |= {"WEB_WORKERS": 2, "RATE_MESSAGES": 1000}  # the same few people write in all tests
    settings |= inside("quick_passwords")  # a new person takes as much of the processor as two visits to a room
    with Stack(tmp_path_factory.mktemp("stack"), **settings) as running:
        yield running
    assert running.process.returncode == 0, running.log[-4000:]


# A page lists all rooms of who reads it, and every one takes time at each visit.
_WITHOUT_ROOMS = """
from rooms.models import Block, Room
Room.objects.exclude(name="lobby").delete()
Block.objects.all().delete()
"""


@pytest.fixture
def stack(_session_stack):
    """The stack that most tests share: two web processes, a bot worker, a model. Of tests before, people are left."""
    _session_stack.run(_WITHOUT_ROOMS)
    return _session_stack


@pytest.fixture
def make_stack(tmp_path):
    """make_stack(**settings): one of the test's own, for what must not be shared."""
    running = []

    def make(**settings) -> Stack:
        running.append(Stack(tmp_path / f"stack{len(running)}", **settings).start())
        return running[-1]

    yield make
    for each in running:
        each.stop()


@pytest.fixture
def room() -> str:
    """The name of a room that no other test uses."""
    return f"room-{next(_numbers)}"


@pytest.fixture(scope="session")
def _accounts():
    """(stack, name) → the cookies of a signed-in person: signing up anew for each test takes long."""
    return {}


@pytest.fixture
def history(stack):
    """history(room, user, count): that many messages, "line 0" and on, written without a page: it takes a second of the
    processor to write 20 by one, with another that looks on."""

    def write(room: str, user: str, count: int) -> None:
        stack.run(HISTORY.format(room=room, user=user, count=count))

    return write


@pytest.fixture
def at_her_desk(person, stack, room):
    """at_her_desk(code): alice on a laptop, in a room, after the code has run. quentin, whom it may name, is away."""

    def sit(code: str) -> Person:
        person("quentin")
        alice = person("alice", **LAPTOP)
        stack.run(code.format(room=room))
        return alice.open(f"/chat/{room}/")

    return sit


@pytest.fixture(params=[(390, 844), (1280, 800)], ids=["phone", "laptop"])
def size(request) -> dict:
    """The two windows that everything on a room's page has to work in."""
    return {"viewport": {"width": request.param[0], "height": request.param[1]}}


@pytest.fixture(scope="session")
def _contexts():
    return ContextPool()


@pytest.fixture
def person(request, browser, _contexts, _accounts):
    """person(name, stack=None, **options): signed in, on a page of their own. Faults on any page fail the test.

    Pages find nothing stored by others, but files in the browser's cache; cold=True: not even these.
    """
    people = []  # with the keys of their contexts

    def arrive(name: str, stack: Stack | None = None, cold: bool = False, **options) -> Person:
        stack = stack or request.getfixturevalue("stack")
        account = (stack.base_url, name)
        key = (stack.base_url, repr(sorted(each for each in options.items() if each != ("has_touch", False))))
        one = Person(name, stack, browser, None if cold else _contexts.take(key), **options)
        if account in _accounts:
            one.context.add_cookies(_accounts[account])
        else:
            _accounts[account] = one.sign_up().context.cookies()
        people.append((one, key))
        return one

    yield arrive
    failed = request.node.stash.get(_failed, True)
    if failed:
        _keep_what_was_seen(request.node.name, [one for one, _key in people])
    faults = [f"{one.name}: {fault}" for one, _key in people for fault in one.unexpected()]
    for one, key in people:
        one.leave()
        if one.is_reusable and not failed:
            _contexts.give_back(key, one.context)
        else:
            one.context.close()
    assert not faults, "\n".join(faults)


def _keep_what_was_seen(test: str, people: list[Person]) -> None:
    name = re.sub(r"[^\w.-]+", "-", test)
    for one in people:
        for number, page in enumerate(one.context.pages):
            page.screenshot(path=ARTIFACTS / "failed" / f"{name}-{one.name}-{number}.png")
    if people:
        path = ARTIFACTS / "failed" / f"{name}.log"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(people[0].stack.log[-100_000:])
