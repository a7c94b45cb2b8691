"""The declared wire, the schema that is made of it, and the page that speaks it."""

import json
import re
import uuid
from pathlib import Path

import msgspec
import pytest
from django.conf import settings

from rooms.kernel import wire
from rooms.kernel.commands import parse, parse_for_page

from .wire_fields import COMMANDS, PAGE_COMMANDS

BASE = Path(settings.BASE_DIR)
FIELD = {"room": "lobby", "message": "hi", "emoji": "👍", "files": ["Ab1"]}


def page_modules() -> list[str]:
    paths = [path for path in (BASE / "static/js").rglob("*.js") if "tests" not in path.parts]
    return [path.read_text(encoding="utf-8") for path in paths]


def names_in(object_literal: str) -> set[str]:
    return set(re.findall(r"(?:^|,)\s*(\w+)", object_literal))


def test_the_schema_is_made_of_what_is_declared():
    """After a change: manage.py wireschema > docs/protocol.schema.json"""
    assert json.loads((BASE / "docs/protocol.schema.json").read_text(encoding="utf-8")) == wire.schema()


@pytest.mark.parametrize("type", wire.PAGE_COMMANDS)
def test_what_a_page_says_is_parsed_as_it_is_declared(type):
    names = [name.rstrip("?") for name in PAGE_COMMANDS[type]]
    frame = {"type": type, "id": str(uuid.uuid4())} | {name: FIELD.get(name, 1) for name in names}
    command, declared = parse_for_page(json.dumps(frame)), msgspec.convert(frame, wire.AnyPageCommand)
    assert {"type": command.type, "id": command.id, **command.fields} == frame == msgspec.to_builtins(declared)


@pytest.mark.parametrize("type", wire.COMMANDS)
def test_what_is_parsed_is_what_is_declared(type):
    names = [name.rstrip("?") for name in COMMANDS[type]]
    frame = {"type": type, "id": str(uuid.uuid4())} | {name: FIELD.get(name, 1) for name in names}
    command, declared = parse(json.dumps(frame)), msgspec.convert(frame, wire.AnyCommand)
    assert {"type": command.type, "id": command.id, **command.fields} == frame == msgspec.to_builtins(declared)


def test_the_page_sends_declared_commands_with_their_fields():
    sent = {}
    for module in page_modules():
        emitted = re.findall(r"type: ([^{}]*?), (?:id: [\w.]+, )?fields: \{([^{}]*)\}", module)
        for types, fields in [*emitted, *re.findall(r'\bsend\(("resume"), \{([^{}]*)\}', module)]:
            for type in re.findall(r'"(\w+)"', types):
                sent[type] = names_in(fields)
    sent["send"] = {"message", "reply_to", "files"}  # built in steps: static/js/core/outbox.js
    assert sent == {type: {name.rstrip("?") for name in names} for type, names in COMMANDS.items()}


def test_the_page_handles_declared_events_alone():
    modules = page_modules()
    heard = {type for module in modules for type in re.findall(r'"wire-(\w+)"', module)}
    [state] = [module for module in modules if "export function reduce(" in module]
    reduced = set(
        re.findall(r"^  (\w+)(?:\(state|: \(state)", state.split("const handlers = {")[1].split("\n};")[0], re.M)
    )
    assert len(reduced) > 8 and len(heard) > 6
    assert (heard | reduced) - wire.EVENTS.keys() == set()
