"""Every way to do something over HTTP, taken from the urlconf and the list of commands: for tests of rights.

A new address, or a new command, is among them by itself; tests fail until somebody has said what its body is.
"""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache

import orjson
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from accounts.models import User
from rooms.kernel.protocol import timestamp
from rooms.models import Room
from rooms.web import contact_forms, room_settings
from rooms.web.frame import PANEL_HEADER

from .wire_fields import COMMANDS

IN_SOCKETS_ALONE = {"send", "typing", "resume"}


@dataclass(frozen=True)
class Target:
    """What an operation is about; whatever is not given is of no importance to it."""

    room: str  # a room's name
    message: int = 1
    reply: int = 1  # a bot's
    person: str = "nobody"
    invitation: int = 1
    key: str = "A" * 22  # of a file


@dataclass(frozen=True)
class Operation:
    label: str  # "POST invite", "POST commands: edit", "page POST about: ban"
    method: str
    path: str  # with the parameters of the urlconf
    body: dict = field(default_factory=dict)  # texts in braces are filled from a Target
    is_api: bool = True

    def address(self, target: Target) -> str:
        values = {
            "name": target.room,
            "message_id": target.reply if self.path.endswith(("/receipt", "/feedback")) else target.message,
            "username": target.person,
            "invitation_id": target.invitation,
            "notification_id": 2**40,
            "number": 2**40,
            "device_id": 2**40,
            "session_id": 2**40,
            "secret": "A" * 43,
            "digest": "0" * 32,
            "key": target.key,
            "side": 360,
            "user_id": 1,
            "version": "0" * 16,
            "token": "unknown",
        }
        return re.sub(r"<\w+:(\w+)>", lambda match: str(values[match[1]]), self.path)

    def run(self, client: Client, target: Target, in_panel: bool = False):
        """in_panel: a page as the panel shows it, without the frame around it."""
        fields = {name: _filled(value, target) for name, value in self.body.items()}
        if self.method in ("GET", "HEAD"):
            headers = {PANEL_HEADER: "1"} if in_panel else {}
            return client.generic(self.method, self.address(target), headers=headers)
        if self.is_api or self.method != "POST":
            return client.generic(self.method, self.address(target), _json(fields), "application/json")
        return client.post(self.address(target), {name: str(value) for name, value in fields.items()})


@cache
def operations() -> list[Operation]:
    """All of the API and of the pages of rooms."""
    return [*api_operations(), *page_operations()]


def api_operations() -> Iterator[Operation]:
    for route in api_routes():
        allowed = Client().options(f"/api/{_example(str(route.pattern))}")["Allow"].split(", ")
        path = f"/api/{route.pattern}"
        for method in (method for method in allowed if method not in ("HEAD", "OPTIONS")):
            if method == "GET":
                yield Operation(f"GET {route.name}", method, path)
            for what, body in [] if method == "GET" else _bodies(route.name):
                yield Operation(f"{method} {route.name}{what}", method, path, body)


def page_operations() -> Iterator[Operation]:
    for route in page_routes():
        yield Operation(f"page GET {route.name}", "GET", f"/{route.pattern}", is_api=False)
        for what, body in FORMS.get(route.name, []):
            yield Operation(f"page POST {route.name}{what}", "POST", f"/{route.pattern}", body, is_api=False)


def api_routes() -> list:
    prefixes = [each for each in get_resolver().url_patterns if str(each.pattern) == "api/"]
    return [route for prefix in prefixes for route in prefix.url_patterns if route.name]


def page_routes() -> list:
    [rooms] = [each for each in get_resolver().url_patterns if getattr(each, "urlconf_name", None) and _is_rooms(each)]
    return [route for route in rooms.url_patterns if route.name]


def _is_rooms(prefix) -> bool:
    return str(prefix.pattern) == "" and any(route.name == "room" for route in prefix.url_patterns)


ABOUT_SOMEBODY = {"username": "{person}"}
# What the API takes, by the name of the address. None: commands, one body for each.
BODIES: dict[str, dict | None] = {
    "rooms": {"title": "Another room"},
    "direct": ABOUT_SOMEBODY,
    "block": ABOUT_SOMEBODY,
    "unblock": ABOUT_SOMEBODY,
    "forward": {"to": "{room}"},
    "report_message": {"reason": "spam"},
    "report_person": {"reason": "spam"},
    "decide_report": {"do": "dismiss"},
    "avatar": {},
    "room_avatar": {},
    "read_all": {},
    "restore_unread": {"undo": "lobby:1"},
    "inbox_all_done": {},
    "inbox_restore": {"done": "2026-11-20T10:00:00.000Z"},
    "inbox_done": {},
    "inbox_read": {},
    "accept_invitation": {},
    "decline_invitation": {},
    "room": {"topic": "Another topic"},
    "messages": {"message": "hello"},
    "files": {},
    "uploads": {},
    "upload": {},
    "own_file": {"alt": "a boat"},
    "commands": None,
    "invite": ABOUT_SOMEBODY,
    "withdraw": ABOUT_SOMEBODY,
    "remove": ABOUT_SOMEBODY,
    "ban": ABOUT_SOMEBODY,
    "unban": ABOUT_SOMEBODY,
    "delete_messages": {"username": "{person}", "hours": 1},
    "appoint": {"username": "{person}", "role": "moderator"},
    "delete": {},
    "restore": {},
    "kind": {"kind": "private"},
    "permissions": {"inviters": "moderators"},
    "files_days": {"days": 7},
    "posting": {"posting": "moderators"},
    "timeout": {"username": "{person}", "until": "{soon}", "reason": "noise"},
    "lift_timeout": ABOUT_SOMEBODY,
    "server_timeouts": {"username": "{person}", "until": "{soon}", "reason": "noise"},
    "server_lift_timeout": ABOUT_SOMEBODY,
    "slow_mode": {"seconds": 30},
    "block_list": {"words": ["badger"]},
    "server_block_list": {"words": ["badger"]},
    "rename": {"title": "Another title"},
    "close": {},
    "reopen": {},
    "leave": {},
    "level": {"level": "all"},
    "mute": {},
    "unmute": {},
    "star": {},
    "unstar": {},
    "order": {"rooms": ["lobby"]},
    "server_invitations": {"days": 7},
    "server_invitation": {},
    "server_settings": {"ROOM_DELETION_DAYS": 7},
    "mail_server_invitations": {"addresses": ["erin@example.org"]},
    "me": {"status": "busy"},
    "notification_settings": {"default_level": "nothing", "reactions": True, "keywords": ["tea"]},
    "preferences": {"density": "compact"},
    "sessions": {},
    "session": {},
    "give_feedback": {"value": "good"},
    "devices": {
        "endpoint": "https://fcm.googleapis.com/x",
        "keys": {
            "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            "auth": "BTBZMqHH6r4Tts7J_aSIgg",
        },
    },
    "device": {},
    "test_device": {},
}
VALUES = {"message": "changed", "emoji": "👍", "seq": 1, "since": 0}
ABOUT_REPLIES = {"stop", "retry"}
# What the forms of the pages send, by the name of the page.
FORMS: dict[str, list[tuple[str, dict]]] = {
    "rooms": [("", {"title": "Another room"}), (": private", {"title": "Another", "private": "on"})],
    "room": [("", {"message": "hello"})],
    "direct_message": [("", {"message": "hello"})],
    "invited": [("", {})],
    "about": [
        (
            f": {do}",
            {
                "do": do,
                "username": "{person}",
                "title": "Other",
                "topic": "Other",
                "days": 7,
                "inviters": "moderators",
                "callers": "moderators",
                "kind": "private",
                "typed": "Other",
                "for": 600,
                "reason": "noise",
                "words": "badger",
            },
        )
        for do in room_settings._ACTIONS
    ],
    "forward": [("", {"to": "{room}"})],
    "report_message": [("", {"reason": "spam"})],
    "report_person": [("", {"reason": "spam"})],
    "reports": [("", {"report": "1", "do": "dismiss"})],
    "send_shared": [("", {"to": "{room}", "message": "hi"})],
    "change_picture": [("", {"do": "remove"})],
    "change_room_picture": [("", {"do": "remove"})],
    "pins": [(f": {do}", {"do": do, "message": "{message}"}) for do in ("pin", "unpin")],
    "about_person": [(f": {do}", {"do": do}) for do in contact_forms._ACTIONS],
    "privacy": [(f": {do}", {"do": do, "username": "{person}"}) for do in contact_forms._ACTIONS],
    "groups": [("", {"name": "design"})],
    "join_server": [("", {})],
    "server_invitations": [("", {"role": "member", "days": "7", "uses": "1"})],
    "server_invitation": [("", {})],
    "server_block_list": [("", {"words": "badger"})],
    "server_timeouts": [("", {"do": "lift", "username": "{person}"})],
    "group": [("", {"do": "leave"})],
    "inbox": [("", {"do": "all"})],
    "unread": [("", {"do": "all"})],
    "new_room": [("", {"title": "Another room", "kind": "public"})],
    "deleted_rooms": [("", {"room": "{room}"})],
    "answer_invitation": [(f": {do}", {"do": do}) for do in ("accept", "decline")],
}
# Pages without a form that changes anything, or whose forms ask for the password first
# (accounts/tests/test_reauthentication.py).
ONLY_READ = {
    "manifest",
    "service_worker",
    "offline",
    "share",
    "about_person_before",
    "drafts",
    "directory",
    "index",
    "search",
    "find_direct_message",
    "invitations",
    "my_data",
    "download_my_data",
    "delete_account",
}


def _bodies(name: str) -> list[tuple[str, dict]]:
    if (body := BODIES[name]) is not None:
        return [("", body)]
    return [(f": {type}", _command(type)) for type in COMMANDS if type not in IN_SOCKETS_ALONE]


def _command(type: str) -> dict:
    fields = {name: VALUES.get(name, name) for name in COMMANDS[type] if not name.endswith("?")}
    if "message_id" in fields:
        fields["message_id"] = "{reply}" if type in ABOUT_REPLIES else "{message}"
    return {"type": type, "id": "{uuid}", **fields}


def _filled(value, target: Target):
    if isinstance(value, list):
        return [_filled(each, target) for each in value]
    if value == "{soon}":
        return timestamp(timezone.now() + timedelta(hours=1))
    if value == "{uuid}":
        return str(uuid.uuid4())
    match = re.fullmatch(r"\{(\w+)\}", value) if isinstance(value, str) else None
    return getattr(target, match[1]) if match else value


def _json(fields: dict) -> bytes:
    return orjson.dumps(fields)


def _example(pattern: str) -> str:
    return re.sub(r"<(\w+):\w+>", lambda match: "1" if match[1] == "int" else "x", pattern)


def signed_in(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def normal(answer, room: Room | str = "", *names: str) -> tuple[int, str, str]:
    """Status, address of a redirection and body, without what differs by chance: the room's name, ids of requests,
    times, and other names."""
    body = answer.content.decode(errors="replace")
    where = answer.headers.get("Location", "")
    for text, sign in [(str(getattr(room, "name", room)), "ROOM"), *((name, "NAME") for name in names)]:
        if text:
            body, where = body.replace(text, sign), where.replace(text, sign)
    return answer.status_code, without_chance(where), without_chance(body)


def without_chance(text: str) -> str:
    for pattern, sign in _CHANCE:
        text = re.sub(pattern, sign, text)
    return text


_CHANCE = [
    (r"(?s)<time\b.*?</time>", "TIME"),
    (r"\d{4}-\d\d-\d\dT[\d.]+(%3A[\d.]+)+Z", "TIME"),  # in an address
    (r'name="csrfmiddlewaretoken" value="[^"]+"', "CSRF"),
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UUID"),
    (r"(private|dm)--[0-9a-f]{26}", "SLUG"),
    (r"/chat/invite/[\w-]{43}/", "LINK"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(Z|\+00:00)", "TIME"),
    (r"(?<=UTC, in )\d+\s\w+", "TIME"),  # until a bot's share is full again
]
