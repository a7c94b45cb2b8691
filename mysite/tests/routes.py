"""Every address of the site, taken from the urlconf, with an example of each: a new one is covered by itself."""

import re
from dataclasses import dataclass

from django.urls import get_resolver, resolve
from django.urls.resolvers import RoutePattern, URLPattern

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")

# What the API takes, by the name of a route; others get nothing.
BODIES = {
    "api:rooms": {"title": "Another"},
    "api:direct": {"username": "mona"},
    "api:block": {"username": "mona"},
    "api:unblock": {"username": "mona"},
    "api:room": {"topic": "new"},
    "api:messages": {"message": "hi"},
    "api:forward": {"to": "lobby"},
    "api:report_message": {"reason": "spam"},
    "api:report_person": {"reason": "spam"},
    "api:decide_report": {"do": "dismiss"},
    "api:own_file": {"alt": "a boat"},
    "api:commands": {"type": "read", "id": "6f1b1a52-0000-4000-8000-000000000000", "seq": 1},
    "api:restore_unread": {"undo": "lobby:1"},
    "api:inbox_restore": {"done": "2026-11-20T10:00:00.000Z"},
    "api:invite": {"username": "charlie"},
    "api:withdraw": {"username": "charlie"},
    "api:remove": {"username": "bob"},
    "api:ban": {"username": "bob"},
    "api:unban": {"username": "bob"},
    "api:delete_messages": {"username": "bob", "hours": 1},
    "api:appoint": {"username": "bob", "role": "moderator"},
    "api:kind": {"kind": "private"},
    "api:permissions": {"inviters": "moderators"},
    "api:files_days": {"days": 7},
    "api:posting": {"posting": "moderators"},
    "api:timeout": {"username": "alice", "until": "2000-01-01T00:00:00Z", "reason": "noise"},
    "api:lift_timeout": {"username": "alice"},
    "api:server_timeouts": {"username": "alice", "until": "2000-01-01T00:00:00Z", "reason": "noise"},
    "api:server_lift_timeout": {"username": "alice"},
    "api:slow_mode": {"seconds": 30},
    "api:block_list": {"words": ["badger"]},
    "api:server_block_list": {"words": ["badger"]},
    "api:rename": {"title": "Another title"},
    "api:me": {"status": "busy"},
    "api:level": {"level": "all"},
    "api:notification_settings": {"default_level": "all"},
    "api:server_invitations": {"days": 7},
    "api:mail_server_invitations": {"addresses": ["erin@example.org"]},
    "staff:server_settings": {"ROOM_DELETION_DAYS": 7},
    "api:order": {"rooms": ["lobby"]},
    "bot:give_feedback": {"value": "good"},
    "notifications:devices": {"endpoint": "https://fcm.googleapis.com/x", "keys": {"p256dh": "AAAA", "auth": "AAAA"}},
}
_BY_KIND = {
    "int": "1",
    "str": "nothing",
    "path": "1",
    "slug": "nothing",
    "uuid": "0" * 8 + "-0000" * 3 + "-" + "0" * 12,
}
_PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
_GROUP = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)|\([^()]*\)")


@dataclass(frozen=True)
class Route:
    name: str  # "api:messages", "account_login"; the pattern where there is none
    pattern: str
    address: str

    @property
    def in_admin(self) -> bool:
        return self.address.startswith("/admin/")


def every_route(**values: str) -> list[Route]:
    """values: what stands for the parameters of addresses, by their name; others get an example of their kind."""
    found = list(_walk(get_resolver().url_patterns, "", "", values))
    for route in found:
        resolve(route.address)  # an example that leads nowhere would test nothing
    return found


def _walk(patterns, before: str, namespace: str, values: dict):
    for each in patterns:
        pattern, address = str(each.pattern), before + _example(each.pattern, values)
        if isinstance(each, URLPattern):
            name = f"{namespace}{each.name or pattern}"
            yield Route(name, pattern, "/" + address)
        else:
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from _walk(each.url_patterns, address, inner, values)


def _example(pattern, values: dict) -> str:
    text = str(pattern)
    if isinstance(pattern, RoutePattern):
        return _PARAMETER.sub(lambda found: values.get(found[2]) or _BY_KIND[found[1] or "str"], text)
    plain = text.removeprefix("^").removesuffix("$").removesuffix("\\Z")
    return _GROUP.sub(lambda found: values.get(found[1] or "") or "1", plain).replace("\\", "")
