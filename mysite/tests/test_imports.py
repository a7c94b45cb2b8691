"""The import rules of docs/architecture.md, read from the source: who may know whom."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

BASE = Path(settings.BASE_DIR)
APPS = ("mysite", "accounts", "rooms", "presence", "bot")

# In rooms/, a package may import those that stand above it, and itself. A new module is put into one of them.
LAYERS = (
    {"kernel"},
    {"text", "models", "templatetags"},
    {"queries"},
    {"publishing"},
    {"services"},
    {"search", "privacy"},
    {"realtime"},
    {"web", "api", "admin", "apps", "management"},
)
# Periodic tasks drop rendered messages that nobody has asked for lately.
AGAINST_THE_LAYERS = {("rooms.realtime.periodic_tasks", "rooms.web.render_cache")}
EDGES = {
    "admin",
    "api.contact_views", "api.directory_views", "api.search_views", "api.views",
    "realtime.consumer",
    "web.contact_views", "web.invitation_views", "web.personal_data_views", "web.room_settings", "web.search_views",
    "web.views",
}  # fmt: skip
PURE = (
    "kernel.errors", "kernel.protocol", "kernel.rate_counters", "kernel.slugs", "kernel.unicode_classes",
    "search.name_keys", "search.query",
    "text.highlighting", "text.markup", "text.mention_syntax", "text.render_pool", "text.render_process",
    "text.rendering", "text.search_terms",
)  # fmt: skip
# What of rooms a bot uses: the doors that people use too, and the plumbing of every edge.
FOR_BOTS = {
    "api.framework",
    "kernel.db_executor", "kernel.errors", "kernel.outages", "kernel.protocol", "kernel.rate_limits",
    "kernel.signals", "kernel.slugs", "kernel.watchdog",
    "models",
    "privacy.erasure_steps", "privacy.personal_data",
    "publishing.events", "publishing.publisher",
    "queries.history", "queries.serializers",
    "search.message_search",
    "services.bot_replies", "services.direct_messages", "services.membership", "services.messages",
    "services.room_locks",
    "text.markup", "text.mention_syntax", "text.rendering",
}  # fmt: skip
# The root is imported by nobody, with one reason each.
OF_THE_ROOT = {
    ("bot.management.commands.runbot", "mysite.database"),  # the options of connections in a process that serves
    ("bot.management.commands.runbot", "mysite.monitoring.liveness"),  # which looks after a worker's threads
    # what starts a worker tells its parent that it is well
    ("bot.management.commands.runbot", "mysite.supervisor.heartbeat"),
}


def sources(app: str) -> list[Path]:
    return [
        path
        for path in (BASE / app).rglob("*.py")
        if not {"tests", "migrations"} & set(path.relative_to(BASE).parts)
    ]  # fmt: skip


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(BASE).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> set[str]:
    """The modules a file imports, in full: "rooms.services.messages", "django.db"."""
    package = list(path.relative_to(BASE).parent.parts)
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
    """Modules as an app itself calls them: rooms.services.posting → services.posting. Rows are all of `models`."""
    found = {module.removeprefix(f"{app}.") for module in modules if module.startswith(f"{app}.")}
    return {"models" if name.startswith("models.") else name for name in found}


def layer_of(module: str) -> int:
    """Of a module or package of rooms."""
    return next(number for number, packages in enumerate(LAYERS) if module.split(".")[1] in packages)


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


def test_rooms_consists_of_these_packages():
    there = {module.split(".")[1] for module in known("rooms") if module != "rooms"}
    assert there == set().union(*LAYERS)


def test_in_rooms_imports_go_one_way():
    for module, imported in known("rooms").items():
        for name in imported:
            if name.startswith("rooms.") and (module, name) not in AGAINST_THE_LAYERS:
                inside = name.split(".")[1] == module.split(".")[1]
                assert inside or layer_of(name) < layer_of(module), f"{module} imports {name}"


@pytest.mark.parametrize("app", APPS)
def test_no_module_imports_itself_through_others(app):
    left = known(app)
    while free := [module for module, imported in left.items() if not imported & left.keys()]:
        for module in free:
            del left[module]
    assert not left


def test_edges_never_import_each_other():
    for module, imported in known("rooms").items():
        if (name := module.removeprefix("rooms.")) in EDGES:
            assert not names(imported, "rooms") & (EDGES - {name}), module


def test_what_is_pure_knows_no_database():
    for name in PURE:
        found = imports(BASE / "rooms" / f"{name.replace('.', '/')}.py")
        assert not {module for module in found if module.startswith(("django.db", "django.contrib", "rooms.models"))}


WRITES = {"create", "bulk_create", "get_or_create", "update_or_create", "update", "bulk_update", "delete", "save"}


def test_edges_never_write_rows():
    for name in EDGES:
        path = BASE / "rooms" / f"{name.replace('.', '/')}.py"
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
                call = ast.unparse(node.func)
                assert "objects" not in call, f"{name}: {call}"
                assert node.func.attr != "save", f"{name}: {call}"


def test_the_socket_asks_no_queries():
    source = (BASE / "rooms" / "realtime" / "consumer.py").read_text()
    assert ".objects" not in source


def test_only_publish_sends_to_the_groups_of_rooms():
    for app in ("accounts", "rooms", "bot", "presence"):
        for path in sources(app):
            if module_of(path) not in ("rooms.publishing.publisher", "rooms.publishing.events"):
                text = path.read_text()
                assert "group_send(" not in text, path
                assert "publisher.submit(" not in text, path
