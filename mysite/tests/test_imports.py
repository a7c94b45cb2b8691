"""The import rules of docs/architecture.md, read from the source: who may know whom."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

BASE = Path(settings.BASE_DIR)
APPS = ("mysite", "accounts", "rooms", "presence", "bot")

# In rooms/, what stands lower may import what stands higher. A new module is put where it belongs.
ROOMS = """
errors token_scopes signs names protocol rates highlighting mention_syntax
markdown_code markdown_definitions markdown_emphasis markdown_links markdown_lists markdown_nesting markdown_tables
markup render_process render_pool rendering search_words name_keys search_query signals live watchdog db outages
write_errors
client_texts
contact_models directory_models erasure_models
models daily_limits
room_locks
addresses name_index directory
wire timeline lane publisher publish mentions tombstones posting_reads posting membership lobby talks moderation
consent personal_invitations blocks
personal_data personal_data_files
invitations actions replies closing
erasure_notices erasure_steps erasure
commands search_sqlite search_postgresql search_index search
sliding_log limits command_limits admission people door together outlet connection sequence head_count fanout feed
attendance
templatetags drawn news bots render_queue writer upkeep hub opening
data_download forms presentation suggestions endpoint
""".split()  # noqa: SIM905
EDGES = {"consumers", "views", "about", "invited", "finding", "contacts", "api", "contacts_api", "directory_api",
         "my_data", "search_api", "admin"}  # fmt: skip
WIRING = {"__init__", "apps", "urls", "api_urls"}  # names modules for Django, holds no logic
PURE = ("errors", "signs", "names", "protocol", "rates", "highlighting", "mention_syntax", "markup", "search_words",
        "name_keys", "search_query", "render_process", "render_pool", "rendering")  # fmt: skip
# What of rooms a bot uses: the doors that people use too, and the plumbing of every edge.
FOR_BOTS = {
    *("actions", "replies", "membership", "talks", "timeline", "models", "publish", "publisher", "signals"),
    *("protocol", "errors", "markup", "mention_syntax", "rendering", "db", "endpoint", "limits", "names", "search"),
    *("wire", "room_locks", "watchdog", "outages", "personal_data", "erasure_steps", "erasure_models"),
}
# The root is imported by nobody, with one reason each.
OF_THE_ROOT = {
    ("rooms.outlet", "mysite.server"),  # the door for finished frames in uvicorn's websocket class
    ("bot.management.commands.runbot", "mysite.database"),  # the options of connections in a process that serves
    ("bot.management.commands.runbot", "mysite.liveness"),  # which looks after a worker's threads
    ("bot.management.commands.runbot", "mysite.heartbeat"),  # what starts a worker tells its parent that it is well
}


def sources(app: str) -> list[Path]:
    return [
        path
        for path in (BASE / app).rglob("*.py")
        if not {"tests", "migrations"} & set(path.relative_to(BASE).parts)
    ]  # fmt: skip


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(BASE).with_suffix("").parts)


def imports(path: Path) -> set[str]:
    """The modules a file imports, in full: "rooms.actions", "django.db"."""
    package = module_of(path).split(".")[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            parts = [*base, *(node.module or "").split(".")] if node.module else base
            name = ".".join(parts)
            # `from . import actions` names modules; `from .actions import post` names things in one.
            inner = {f"{name}.{alias.name}" for alias in node.names if is_module(f"{name}.{alias.name}")}
            found |= inner or {name}
    return found


def is_module(name: str) -> bool:
    path = BASE.joinpath(*name.split("."))
    return name.split(".")[0] in APPS and (path.with_suffix(".py").exists() or (path / "__init__.py").exists())


def known(app: str) -> dict[str, set[str]]:
    """Each module of an app and what it imports of ours."""
    return {module_of(path): {name for name in imports(path) if name.split(".")[0] in APPS} for path in sources(app)}


def names(modules: set[str], app: str) -> set[str]:
    """The first names within an app: rooms.management.commands.say → management."""
    return {module.split(".")[1] for module in modules if module.startswith(app + ".")}


@pytest.mark.parametrize(
    ("app", "others"),
    [
        ("accounts", {"rooms", "presence", "bot"}),
        ("presence", {"rooms", "bot", "accounts"}),
        ("rooms", {"bot"}),
    ],
)
def test_an_app_does_not_know_those_above_it(app, others):
    for module, imported in known(app).items():
        assert not {name for name in imported if name.split(".")[0] in others}, module


@pytest.mark.parametrize("app", [app for app in APPS if app != "mysite"])
def test_nobody_imports_the_root(app):
    found = {
        (module, name) for module, imported in known(app).items() for name in imported if name.startswith("mysite")
    }
    assert found <= OF_THE_ROOT


def test_presence_knows_no_model():
    for path in sources("presence"):
        assert not {name for name in imports(path) if name.startswith(("django.db", "django.contrib"))}, path


def test_bots_use_the_doors_that_people_use():
    for module, imported in known("bot").items():
        assert names(imported, "rooms") <= FOR_BOTS, module


def test_every_module_of_rooms_has_its_place():
    there = {path.stem for path in (BASE / "rooms").glob("*.py")}
    assert there - set(ROOMS) - EDGES - WIRING == set()
    assert len(ROOMS) == len(set(ROOMS))


def test_in_rooms_imports_go_one_way():
    for module, imported in known("rooms").items():
        name = module.split(".")[1]
        if name in ROOMS:
            allowed = set(ROOMS[: ROOMS.index(name)])
            assert names(imported, "rooms") <= allowed, f"{name} imports {names(imported, 'rooms') - allowed}"


def test_edges_never_import_each_other():
    for module, imported in known("rooms").items():
        name = module.split(".")[1]
        if name in EDGES:
            assert not names(imported, "rooms") & (EDGES - {name}), module


def test_what_is_pure_knows_no_database():
    for name in PURE:
        found = imports(BASE / "rooms" / f"{name}.py")
        assert not {module for module in found if module.startswith(("django.db", "django.contrib", "rooms.models"))}


WRITES = {"create", "bulk_create", "get_or_create", "update_or_create", "update", "bulk_update", "delete", "save"}


def test_edges_never_write_rows():
    for name in EDGES:
        path = BASE / "rooms" / f"{name}.py"
        if not path.exists():
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
                call = ast.unparse(node.func)
                assert "objects" not in call, f"{name}: {call}"
                assert node.func.attr != "save", f"{name}: {call}"


def test_the_socket_asks_no_queries():
    source = (BASE / "rooms" / "consumers.py").read_text()
    assert ".objects" not in source


def test_only_publish_sends_to_the_groups_of_rooms():
    for app in ("accounts", "rooms", "bot", "presence"):
        for path in sources(app):
            if module_of(path) not in ("rooms.publisher", "rooms.publish"):
                text = path.read_text()
                assert "group_send(" not in text, path
                assert "publisher.submit(" not in text, path
