"""The catalogue of reasons, the document and the sources that use it: all three have the same ones."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from mysite.http import limits  # noqa: F401 - registers its reasons
from rooms.kernel.close_reasons import CLOSE_REASONS
from rooms.kernel.errors import ChatError
from rooms.kernel.protocol import error_event
from rooms.kernel.reasons import REASONS, register

BASE = Path(settings.BASE_DIR)
APPS = ("accounts", "bot", "mysite", "notifications", "presence", "rooms", "staff")
MADE_BY = {"ChatError", "BadCommand"}  # whose first argument is a reason, and whose keywords are its parameters


def trees() -> list[ast.Module]:
    paths = [path for app in APPS for path in (BASE / app).rglob("*.py") if "tests" not in path.parts]
    return [ast.parse(path.read_text(encoding="utf-8")) for path in paths if path.name != "reasons.py"]


def made(tree: ast.Module):
    """The calls that make an error with a reason that stands there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MADE_BY:
            yield from [node] if node.args and isinstance(node.args[0], ast.Constant) else []


def test_every_error_has_a_reason_of_the_catalogue_and_its_parameters():
    calls = [call for tree in trees() for call in made(tree)]
    assert len(calls) > 70
    for call in calls:
        reason = REASONS[call.args[0].value]
        assert {keyword.arg for keyword in call.keywords} == reason.params, ast.unparse(call)


def test_every_reason_is_used():
    texts = {node.value for tree in trees() for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert REASONS.keys() - texts == set()


def test_what_a_connection_sends_too_much_of_has_a_reason_to_be_told_and_one_to_be_closed_for():
    tree = ast.parse((BASE / "rooms/realtime/websocket/frame_limits.py").read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "Excess"]
    named = [node.value for call in calls for node in ast.walk(call.args[0]) if isinstance(node, ast.Constant)]
    assert len(named) == 4
    assert set(named) <= REASONS.keys() & CLOSE_REASONS.keys()


def test_every_reason_is_documented_with_its_code_and_parameters():
    document = (BASE / "docs/protocol.md").read_text(encoding="utf-8")
    section = document.split("\n## Reasons\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \|(.*?)\| .+ \|$", section, re.M)
    written = {name: (code, frozenset(re.findall(r"`(\w+)`", params))) for name, code, params in rows}
    assert len(rows) == len(written)
    assert written == {name: (reason.code, reason.params) for name, reason in REASONS.items()}


def test_an_error_is_said_in_the_language_of_who_reads_it():
    error = ChatError("message_too_long", excess=1, limit=8000)
    assert error.message == "The message is 1 character too long; the limit is 8000."
    with translation.override("de"):
        assert "8000" in error.message and "message" not in error_event(error)["message"]
    assert error_event(error)["params"] == {"excess": 1, "limit": 8000}


def test_an_error_with_an_unknown_reason_or_other_parameters_fails_where_it_is_made():
    with pytest.raises(KeyError):
        ChatError("no_such_reason")
    with pytest.raises(TypeError, match="has the parameters"):
        ChatError("too_many_changes")
    with pytest.raises(TypeError, match="has the parameters"):
        ChatError("no_such_room", name="tea")


def test_a_reason_is_registered_once_and_with_a_code():
    with pytest.raises(ValueError, match="already"):
        register("invalid", no_such_room=_("There is no such room."))
    with pytest.raises(ValueError, match="no code"):
        register("explosive", another=_("There is no such room."))
