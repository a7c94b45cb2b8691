"""Garbage at every address, taken from the urlconf: an answer in words, never a fault of ours. A new one is tried by
itself. (rooms/tests/test_garbage.py tries more of it at fewer addresses.)"""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlencode

import pytest
from django.db import transaction
from django.test import Client

from conftest import confirm
from rooms.services import direct_messages

from .routes import BODIES
from .test_route_rights import RIGHTS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
# Texts that a database, a number or a calendar does not take, or that turn or fill a page.
TEXTS = [
    "\0",
    "a\0b",
    "9" * 5000,
    "9" * 30,
    "٣",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "\u202e",
    "x" * 9000,
]
OTHERS = ["\ud800", None, True, -1, 0.5, 10**30, [], ["\0"], {}, {"a": "\0"}]
NAMES = ["\0", "a\0b", "\u202e", "🎉", "x" * 300]
NUMBERS = ["9" * 5000, "9" * 30, str(2**63), "0"]
EXAMPLES = {"mona", "abc", "nothing", "0" * 32 + ".webp"}  # of parameters; see `routes`
PARAMETERS = "after around before card days done example from kind limit next page q room since sort title undo until"
MORE_BODIES = BODIES | {
    "api:me": {"display_name": "Alice", "status": "busy", "emoji": "🌴", "availability": "away", "for": "1h"},
    "api:preferences": {"time_zone": "Europe/Berlin", "language": "de", "density": "compact", "single_keys": True},
    "api:inbox_all_done": {"kind": "mentions"},
    "api:files": {"alt": "a boat"},
    "bot:give_feedback": {"value": "good", "reason": "right"},
}


@dataclass(frozen=True)
class Form:
    """fields: names and what stands in them. buttons: what each adds, one of a name, but every `do`."""

    action: str
    fields: tuple[tuple[str, str], ...]
    buttons: tuple[tuple[str, str], ...]


class Browser:
    """Forgets what a request did, and keeps what was a fault."""

    def __init__(self, user=None):
        self._client = Client(raise_request_exception=False)
        if user:
            self._client.force_login(user)
            confirm(self._client)
        self.faults: list[str] = []
        self.asked = 0

    def ask(self, method: str, address: str, body: str = "", kind: str = FORM) -> str:
        """The page that comes back."""
        cookies = self._client.cookies.copy()
        with transaction.atomic():
            answer = self._client.generic(method, address, body, kind)
            transaction.set_rollback(True)
        self._client.cookies = cookies
        self.asked += 1
        content = b"" if answer.streaming else answer.content
        if answer.status_code >= 500 or b"Traceback" in content:
            self.faults.append(f"{answer.status_code}: {method} {address[:80]} {body[:80]}")
        return content.decode(errors="replace")


@pytest.fixture
def owner(people):
    return Browser(people["owner"])


@pytest.fixture
def ours(routes):
    return [route for route in routes if not route.in_admin and route.name != "api:"]


def methods_of(route) -> list[str]:
    return [method for method in RIGHTS[route.name] if method != "HEAD"]


def body_of(route) -> tuple[str, str]:
    is_api = route.address.startswith("/api/")
    return (json.dumps(MORE_BODIES.get(route.name, {})), JSON) if is_api else ("", FORM)


def test_in_the_place_of_a_name(owner, ours, room, tried):
    for route in ours:
        parts = route.address.split("/")
        for at, part in enumerate(parts):
            is_number = part.isdecimal()
            if not is_number and part not in EXAMPLES | {room.name} and len(part) <= 40:
                continue
            for name in NUMBERS if is_number else NAMES:
                written = quote(name) + (".webp" if part.endswith(".webp") else "")
                address = "/".join([*parts[:at], written, *parts[at + 1 :]])
                for method in methods_of(route):
                    owner.ask(method, address, *(body_of(route) if method != "GET" else ("", FORM)))
    assert owner.faults == []
    tried("names that are none, in addresses", owner.asked)


def test_in_the_body_of_a_call(owner, ours, tried):
    for route in ours:
        if not route.address.startswith("/api/"):
            continue
        for method in methods_of(route):
            for field, value in MORE_BODIES.get(route.name, {}).items() if method != "GET" else ():
                for garbage in [*TEXTS, *OTHERS, f"{value}\0", f"{value}:\0"]:
                    body = json.dumps(MORE_BODIES[route.name] | {field: garbage})
                    owner.ask(method, route.address, body, JSON)
    assert owner.faults == []
    tried("fields of calls", owner.asked)


def test_behind_the_question_mark(owner, ours, tried):
    for route in ours:
        for garbage in TEXTS if "GET" in RIGHTS[route.name] else ():
            query = urlencode(dict.fromkeys(PARAMETERS.split(), garbage[:2000]))
            owner.ask("GET", f"{route.address}?{query}")
    assert owner.faults == []
    tried("queries", owner.asked)


@pytest.mark.long
def test_in_the_fields_of_forms(owner, ours, people, tried):
    direct_messages.get_or_create_direct_message(people["owner"], "mona")  # so that there is somebody to be chosen
    visitor, forms = Browser(), {}
    for route in ours:
        if "GET" in RIGHTS[route.name] and not route.address.startswith("/api/"):
            for browser in (owner, visitor):
                page = browser.ask("GET", route.address)
                forms |= dict.fromkeys((browser, form) for form in forms_in(page, route.address))
    for browser, form in forms:
        for button in form.buttons or (("", ""),):
            sent = dict([*form.fields, button])
            for name in sent:
                for garbage in TEXTS:
                    browser.ask("POST", form.action, urlencode(sent | {name: garbage}))
    assert owner.faults + visitor.faults == []
    assert len({form.action for _browser, form in forms}) > 15
    tried("fields of forms", owner.asked + visitor.asked)


def forms_in(page: str, address: str) -> Iterator[Form]:
    """Those that change something."""
    for attributes, inside in re.findall(r"(?s)<form\b([^>]*)>(.*?)</form>", page):
        about, fields, buttons = _attributes(attributes), {}, {}  # buttons: by name, and for `do` by its value
        for tag, text in re.findall(r"(?s)<(input|button|select|textarea)\b([^>]*)>", inside):
            field = _attributes(text)
            if "name" in field and field["name"] != "csrfmiddlewaretoken":
                name, value = field["name"], field.get("value", "")
                if tag == "button":
                    buttons[name, value if name == "do" else ""] = name, value
                else:
                    fields[name] = value
        if about.get("method", "").lower() == "post":
            yield Form(about.get("action") or address, tuple(fields.items()), tuple(buttons.values()))


def _attributes(text: str) -> dict[str, str]:
    return {name: html.unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', text)}
