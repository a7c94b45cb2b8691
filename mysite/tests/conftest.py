"""People of every kind around a private room, and every address of the site filled with what is about them."""

import pytest
from redis import Redis

from accounts.models import Token
from rooms.models import Role, RoomKind
from rooms.services import invitation_links, membership, messages

from .routes import every_route


@pytest.fixture
def unlimited(settings, monkeypatch):
    """What is tried is not how often."""
    settings.RATE_MESSAGES = 1_000_000
    settings.ACCOUNT_RATE_LIMITS = False
    settings.EMAIL_HOST = "mail.example.org"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    for limit in ("SEARCHES", "LOOKUPS", "LINKS", "LINKS_OF_BLOCK", "COMMANDS"):
        monkeypatch.setattr(f"rooms.kernel.rate_limits.{limit}", 1_000_000)
    with Redis.from_url(settings.REDIS_URLS[0]) as redis:
        redis.flushdb()


@pytest.fixture
def people(make_user, alice, bob, charlie):
    """By kind; alice owns a private room in which bob is a member and mona a moderator."""
    mona, root = make_user("mona"), make_user("root", is_staff=True, is_superuser=True)
    return {"outsider": charlie, "member": bob, "moderator": mona, "owner": alice, "staff": root}


@pytest.fixture
def room(people):
    room = membership.create_room(people["owner"], "Plans", RoomKind.PRIVATE)
    for kind, role in (("member", Role.MEMBER), ("moderator", Role.MODERATOR)):
        place, _came = membership.add_member(room, people[kind])
        place.role = role
        place.save()
    return room


@pytest.fixture
def routes(people, room):
    said = messages.post(people["owner"], room.name, "hello")
    _made, secret = invitation_links.create_link(people["owner"], room.name)
    return every_route(
        name=room.name,
        message_id=str(said.message_id),
        username="mona",
        secret=secret,
        token_id=str(Token.issue(people["owner"], "x")[0].pk),
        app_label="accounts",
        url="accounts/",
        uidb36="1",
        key="abc",
    )
