"""Every setting that can be given from outside is in .env.example and in the README, and nothing else is; every
address of the API is in docs/protocol.md."""

import ast
import re
from pathlib import Path

from django.conf import settings

from rooms.tests.operations import api_routes

BASE = Path(settings.BASE_DIR)
# Read by the machinery around the application rather than by mysite/settings.py.
AROUND = {"SECRET_KEY"}


def read_in_settings() -> set[str]:
    """The names that mysite/settings.py asks mysite/env.py for."""
    tree = ast.parse((BASE / "mysite" / "settings.py").read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    return {
        call.args[0].value
        for call in calls
        if isinstance(call.func.value, ast.Name)
        and call.func.value.id == "env"
        and isinstance(call.args[0], ast.Constant)
    }


def named_in(file: str, pattern: str) -> set[str]:
    return set(re.findall(pattern, (BASE / file).read_text(), re.M))


def test_settings_are_found_at_all():
    assert {"PORT", "DATABASE_URL", "OPENAI_API_KEY", "SECRET_KEY"} <= read_in_settings()


def test_every_setting_is_in_the_example_and_the_example_has_no_other():
    assert named_in(".env.example", r"^#? ?([A-Z][A-Z0-9_]+)=") == read_in_settings() | AROUND


def test_every_setting_is_in_the_readme():
    missing = read_in_settings() - named_in("README.md", r"\b([A-Z][A-Z0-9_]+)\b")
    assert not missing


def test_every_address_of_the_api_is_in_the_document():
    """By itself; or by its last word, beside the address of what it takes back."""
    document = re.sub(r"<[\w ]+>", "<>", (BASE / "docs" / "protocol.md").read_text())
    addresses = {re.sub(r"<\w+:\w+>", "<>", f"/api/{route.pattern}") for route in api_routes()}
    assert len(addresses) > 50
    missing = {each for each in addresses if not re.search(rf"{re.escape(each)}(?![\w/<-])", document)}
    assert not {each for each in missing if f"`{each.rsplit('/', 1)[1]}`" not in document}
