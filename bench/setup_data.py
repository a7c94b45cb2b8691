"""What has to be done with the application's own code beside a running server: people, rooms, histories, posts.

python -m bench.setup_data TASK '{"its": "arguments"}' prints what the task returns, as JSON.
"""

import asyncio
import json
import os
import sys
import threading
import time
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.contrib.sessions.models import Session  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402
from django.utils.crypto import get_random_string  # noqa: E402

from accounts.models import Token, User  # noqa: E402
from bot.models import Bot, Run  # noqa: E402
from rooms.models import Membership, Message, Role, Room  # noqa: E402
from rooms.publishing import publisher  # noqa: E402
from rooms.services.posting import Post, post_many  # noqa: E402

from .audience import called, devices, join  # noqa: E402, F401
from .load import stamped  # noqa: E402
from .room_library import library, rooms_by_size, searches  # noqa: E402, F401


def people(count: int, rooms: list[str], room_size: int | None = None) -> list[str]:
    """Makes people `p0`, `p1` …, who are signed in, and public rooms. Returns the session keys.

    room_size: each room gets the next so many of them; None: everybody belongs to every room.
    """
    Bot.objects.update(**dict.fromkeys(("person_daily_tokens", "room_daily_tokens", "daily_tokens"), 1_000_000_000))
    made = User.objects.bulk_create(User(username=f"p{number}", password="!") for number in range(count))
    places = Room.objects.bulk_create(Room(name=name, title=name, created_by=made[0]) for name in rooms)
    size = room_size or count
    Membership.objects.bulk_create(
        Membership(room=room, user=user, role=Role.OWNER if number == 0 else Role.MEMBER)
        for index, room in enumerate(places)
        for number, user in enumerate(made if room_size is None else made[index * size : (index + 1) * size])
    )
    return [session.session_key for session in Session.objects.bulk_create(map(_session, made))]


def tokens(count: int) -> list[str]:
    """A token for each of so many people."""
    users = User.objects.filter(username__in=[f"p{number}" for number in range(count)])
    return [Token.issue(user, "bench")[1] for user in users]


def history(room: str, count: int) -> int:
    """Fills a room with messages, in SQL: a million takes seconds. Returns the room's head."""
    place = Room.objects.get(name=room)
    authors = list(place.memberships.order_by("user_id").values_list("user_id", flat=True)[:20])
    text = "Tomorrow at **ten**? I have the figures then, and we can look at them together."
    html = "<p>Tomorrow at <strong>ten</strong>? I have the figures then, and we can look at them together.</p>\n"
    Message.objects.create(room=place, seq=1, first_seq=1, sender_id=authors[0], text=text, html=html)
    changed = {"id": None, "seq": "n.i", "first_seq": "n.i", "sender_id": f"{authors[0]} + n.i % {len(authors)}"}
    columns = [field.column for field in Message._meta.concrete_fields if field.column != "id"]
    values = [changed.get(column, f"m.{column}") for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO rooms_message ({', '.join(columns)}) "  # noqa: S608 - names of columns and numbers
            f"WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) "
            f"SELECT {', '.join(values)} FROM n, rooms_message m WHERE m.room_id = {place.id} AND m.seq = 1"
        )
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE rooms_message")
    Room.objects.filter(pk=place.pk).update(seq=count)
    place.memberships.update(read_seq=count)
    return count


def read_up_to(room: str, seq: int) -> None:
    """Everybody in the room has read up to there."""
    Membership.objects.filter(room__name=room).update(read_seq=seq)


def post_on(rooms: list[str], rate: float) -> int:
    """Posts stamped texts as p0, in turn to each room, `rate` a second, until standard input is closed.

    Returns how many were posted.
    """
    sender, places = User.objects.get(username="p0"), list(Room.objects.filter(name__in=rooms))
    posted, began, ended = 0, time.monotonic(), threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    while not ended.wait(0.002):
        due = min(int((time.monotonic() - began) * rate) - posted, 100)
        if due > 0:
            post_many([Post(sender, places[n % len(places)].id, stamped(n)) for n in range(posted, posted + due)])
            posted += due
    asyncio.run_coroutine_threadsafe(publisher._here().drained(5), publisher._here().loop).result()
    return posted


def replies(room: str) -> list[dict]:
    """What is known of the room's replies, the oldest first: tokens, and the time to the first word."""
    runs = Run.objects.filter(room__name=room).order_by("pk")
    return list(runs.values("state", "tokens_in", "tokens_cached", "first_token_ms"))


def _session(user: User) -> Session:
    values = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: user.get_session_auth_hash(),
    }
    return Session(
        session_key=get_random_string(32, "abcdefghijklmnopqrstuvwxyz0123456789"),
        session_data=SessionStore().encode(values),
        expire_date=timezone.now() + timedelta(days=1),
    )


if __name__ == "__main__":
    print(json.dumps(globals()[sys.argv[1]](**json.loads(sys.argv[2]))))
