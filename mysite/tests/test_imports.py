"""Who may know whom: that the contracts in pyproject.toml hold and bite, and the rules that they cannot express.

These rules forbid names, wherever a module has them from (resolved_names.py).
"""

from copy import deepcopy
from functools import cache
from pathlib import Path

import grimp
import pytest
from django.conf import settings
from importlinter.api import read_configuration
from importlinter.contracts import acyclic_siblings, forbidden, independence, layers

from .resolved_names import Names, reader

BASE = Path(settings.BASE_DIR)
APPS = (
    "mysite",
    "accounts",
    "rooms",
    "presence",
    "bot",
    "notifications",
    "files",
    "audit",
    "backups",
    "jobs",
    "site_settings",
    "staff",
    "common",
)
NAMES = Names(reader(BASE, APPS))
CONTRACT_TYPES = {
    "acyclic_siblings": acyclic_siblings.AcyclicSiblingsContract,
    "forbidden": forbidden.ForbiddenContract,
    "independence": independence.IndependenceContract,
    "layers": layers.LayersContract,
}

# What of rooms a bot uses: the doors that people use too, and the plumbing of every edge.
FOR_BOTS = {
    "api.framework",
    "kernel.db_executor", "kernel.errors", "kernel.notes", "kernel.protocol", "kernel.reasons", "kernel.signals",
    "models",
    "privacy.batches", "privacy.erasure_steps", "privacy.personal_data",
    "publishing.events", "publishing.payloads", "publishing.publisher",
    "search.message_search", "search.query",
    "services.block_lists", "services.bot_replies", "services.direct_messages", "services.membership",
    "services.room_locks",
    "text.finished_blocks", "text.markup", "text.mention_syntax", "text.rendering",
}  # fmt: skip
# Sending to groups of the channel layer is for these alone. Workers are woken on a channel of their own.
SENDERS = {
    "rooms.publishing.events", "rooms.publishing.redis_publish_queue",
    "bot.queue.notify_workers",
}  # fmt: skip
SUBMIT, ADOPT = "rooms.publishing.publisher.submit", "rooms.publishing.publisher.adopt"
# A package has one module for its SQL by hand, which says why the ORM would not do.
SQL_BY_HAND = {
    "backups.beside", "backups.snapshot", "backups.tables", "backups.restoring",  # any table, whatever the version
    "accounts.security.authentication", "bot.context.message_queries", "bot.context.sql", "bot.queue.sql",
    "jobs.queue",  # to put one there is one statement
    "rooms.services.file_words", "rooms.services.notification_sql", "rooms.services.sql",
    "rooms.search.file_search", "rooms.search.message_index", "rooms.search.message_search",
    "rooms.search.postgresql", "rooms.search.sqlite",
    "rooms.models.chat",  # one condition, for the sake of an index
    "rooms.queries.inbox",  # a limit for each of many people
    "bot.queue.policy", "rooms.queries.own_rooms",  # SQL that Django has made, kept
    "common.prepared",  # SQL that Django has made, kept
    "bot.provisioning",  # which tables there are
    "mysite.database", "mysite.monitoring.health", "mysite.prepare", "mysite.supervisor.checks",  # the session, no rows
}  # fmt: skip
MODELS = ("accounts.models.", "bot.models.", "notifications.models.", "rooms.models.")
WRITES = ("bulk_create", "bulk_update", "create", "delete", "get_or_create", "save", "update", "update_or_create")
WRITES += tuple(f"a{name}" for name in WRITES)


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*APPS, cache_dir=None)


@cache
def configuration() -> dict[str, dict]:
    return {each["id"]: each for each in read_configuration(str(BASE / "pyproject.toml"))["contracts_options"]}


def broken(graph: grimp.ImportGraph) -> set[str]:
    """The ids of the contracts that these imports break."""
    made = {
        id: CONTRACT_TYPES[each["type"]](each["name"], {"root_packages": APPS}, each)
        for id, each in configuration().items()
    }
    return {id for id, contract in made.items() if not contract.check(deepcopy(graph), verbose=False).kept}


def modules(package: str) -> list[str]:
    """A package's modules, or the one module of this name, without tests and migrations."""
    paths = [BASE.joinpath(*package.split(".")).with_suffix(".py"), *BASE.joinpath(*package.split(".")).rglob("*.py")]
    return [
        ".".join(path.relative_to(BASE).with_suffix("").parts).removesuffix(".__init__")
        for path in paths
        if path.exists() and not {"tests", "migrations"} & set(path.relative_to(BASE).parts)
    ]


def test_the_contracts_hold(graph):
    assert broken(graph) == set(), "for details: .venv/bin/lint-imports --no-cache"


@pytest.mark.parametrize(
    ("importer", "imported", "contract"),
    [
        ("rooms.services.messages", "bot.queue.runs", "apps"),
        ("bot.apps", "mysite.env", "apps"),
        ("presence.store", "accounts.models", "apps"),
        ("common.redis_clients", "presence.store", "apps"),
        ("rooms.kernel.slugs", "rooms.models.chat", "rooms"),
        ("rooms.realtime.hub", "rooms.web.sidebar", "rooms"),
        ("rooms.search.query", "rooms.privacy.erasure", "rooms"),
        ("rooms.api.room_views", "rooms.web.forms", "rooms"),
        ("rooms.api.room_views", "rooms.api.search_views", "edges"),
        ("rooms.text.markup", "rooms.models", "pure"),
        ("bot.answering.answer", "rooms.services.posting", "bot"),
        ("mysite.supervisor.run", "rooms.search.message_index", "supervisor"),
        ("mysite.supervisor.run", "mysite.prepare", "supervisor"),  # which imports rooms
        ("rooms.services.sql", "rooms.services.posting", "circles"),  # which imports it
    ],
)
def test_the_contracts_bite(graph, importer, imported, contract):
    assert {importer, imported} <= graph.modules
    changed = deepcopy(graph)
    changed.add_import(importer=importer, imported=imported)
    assert contract in broken(changed)


def test_bots_use_the_doors_that_people_use(graph):
    used = {name for module in modules("bot") for name in graph.find_modules_directly_imported_by(module)}
    used = {name.removeprefix("rooms.") for name in used if name.startswith("rooms.")}
    used = {"models" if name.startswith("models.") else name for name in used}
    assert used == FOR_BOTS


@pytest.mark.parametrize("package", ["presence", *configuration()["pure"]["source_modules"]])
def test_presence_and_what_is_pure_know_no_database(package):
    """import-linter takes Django as one; what `rooms` has of its own is in its contract."""
    assert modules(package)
    for module in modules(package):
        found = {name for name in NAMES.mentions(module) if name.startswith(("django.db.", "django.contrib."))}
        assert not found, module


def writes_rows(name: str) -> bool:
    parts = name.split(".")
    of_rows = name.startswith(MODELS) or "objects" in parts
    return parts[-1] in ("save", "asave") or (of_rows and bool(set(WRITES) & set(parts)))


def test_every_page_of_views_is_an_edge():
    views = {name for package in ("rooms.api", "rooms.web") for name in modules(package) if name.endswith("views")}
    assert views - set(configuration()["edges"]["modules"]) == set(), (
        "name it in the contract `edges` of pyproject.toml"
    )


@pytest.mark.parametrize("edge", configuration()["edges"]["modules"])
def test_edges_write_no_rows(edge):
    """What is written through one edge alone is forgotten by the others: a service writes, checks and publishes."""
    assert not {name for name in NAMES.mentions(edge) if writes_rows(name) or name.startswith("django.db.connection")}


@pytest.mark.parametrize("module", ["consumer", "page_consumer", "room_commands", "socket_consumer"])
def test_the_socket_asks_no_queries(module):
    """Its loop serves one connection; what many ask at the same time is asked once, in a batch."""
    of_rows = (*MODELS, "rooms.queries.", "rooms.search.", "django.db.", "rooms.kernel.db_executor.run_db")
    mentioned = NAMES.mentions(f"rooms.realtime.{module}")
    assert not {name for name in mentioned if name.startswith(of_rows) or "objects" in name.split(".")}


def sends_to_groups(name: str) -> bool:
    return name in (SUBMIT, f"{ADOPT}.put") or bool({"group_send", "group_send_many"} & set(name.split(".")))


def test_only_events_are_sent_to_groups():
    """One place knows when an event may leave (after the commit), and what it looks like."""
    found = {module for app in APPS for module in modules(app) if any(map(sends_to_groups, NAMES.mentions(module)))}
    assert found == SENDERS


def writes_sql(name: str) -> bool:
    parts = name.split(".")
    of_models = "objects" in parts and bool({"raw", "extra"} & set(parts))
    return of_models or (name.startswith("django.db.") and parts[-1] in ("cursor", "RawSQL"))


def test_sql_by_hand_is_gathered():
    found = {module for app in APPS for module in modules(app) if any(map(writes_sql, NAMES.mentions(module)))}
    assert found == SQL_BY_HAND


def connects_to_redis(name: str) -> bool:
    """What makes a client, a pool or a way to retry. A client as a type is no offence."""
    return name.startswith("redis.") and bool({"from_url", "ConnectionPool", "Retry"} & set(name.split(".")))


def test_redis_clients_are_made_in_one_place():
    """redis-py's own limits suit nobody (docs/pitfalls.md), and each would be forgotten somewhere."""
    found = {module for app in APPS for module in modules(app) if any(map(connects_to_redis, NAMES.mentions(module)))}
    assert found == {"common.redis_clients"}


SMALL = {
    "rooms.publishing.publisher": ("def submit(): ...\ndef adopt(): ...", False),
    "rooms.publishing.events": ("from . import publisher", False),
    "rooms.publishing": ("", True),
    "rooms.models": ("from .chat import Room", True),
    "rooms.models.chat": ("class Room: ...", False),
    "rooms.web.sidebar": ("from ..models import Room", False),
}


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        (sends_to_groups, "from rooms.publishing import publisher\non_commit(partial(publisher.submit, group, event))"),
        (sends_to_groups, "from ..publishing.events import publisher\npublisher.submit(group, event)"),
        (sends_to_groups, "from ..publishing.publisher import adopt\nadopt().put(group, event)"),
        (sends_to_groups, "from channels.layers import get_channel_layer as layer\nsend = layer().group_send"),
        (writes_rows, "from ..models import Room\non_commit(partial(Room.objects.create, title='x'))"),
        (writes_rows, "from .sidebar import Room\nRoom.objects.filter(pk=1).update(title='x')"),
        (writes_rows, "def rename(room):\n    on_commit(room.save)"),
        (writes_sql, "from django.db import connection as database\nwith database.cursor() as cursor: pass"),
        (writes_sql, "from ..models import Room\nRoom.objects.filter(pk=1).extra(where=['title = 1'])"),
        (connects_to_redis, "import redis.asyncio\nclient = redis.asyncio.from_url('redis://')"),
        (connects_to_redis, "from redis import Redis as Client\nmake = Client.from_url"),
    ],
)
def test_the_rules_forbid_by_name(rule, source):
    found = Names({**SMALL, "rooms.web.tried": (source, False)}.get).mentions("rooms.web.tried")
    assert any(map(rule, found))


@pytest.mark.parametrize("name", [SUBMIT, ADOPT, "rooms.kernel.db_executor.run_db"])
def test_what_the_rules_forbid_exists(name):
    assert NAMES.exists(name)
