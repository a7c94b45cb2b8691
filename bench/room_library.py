"""A million messages to search in, and searches in them, with the application's own code (see setup_data.py)."""

import random
import time
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from rooms.models import Membership, Message, Room, RoomKind
from rooms.search.message_index import build_index
from rooms.search.message_search import search

from .synthetic_corpus import IN_FEW, IN_MANY, PEOPLE, PRIVATE, PUBLIC, WORDS, vocabulary, zipf

DAYS, BATCH = 730, 20_000
ROUNDS = 3


def library(count: int) -> dict:
    """Fills rooms of p0 … with messages. Returns how long making the index took, and how large it is."""
    chance = random.Random(1)  # noqa: S311 - the same ones each time
    people = User.objects.bulk_create(User(username=f"p{number}", password="!") for number in range(PEOPLE))
    kinds = [RoomKind.PUBLIC] * PUBLIC + [RoomKind.PRIVATE] * PRIVATE
    chance.shuffle(kinds)
    rooms = Room.objects.bulk_create(Room(name=f"r{n}", title=f"r{n}", kind=kind) for n, kind in enumerate(kinds))
    private = [room for room in rooms if room.kind == RoomKind.PRIVATE]
    Membership.objects.bulk_create(
        Membership(room=room, user=user)
        for user, many in zip(people, (IN_FEW, IN_MANY), strict=False)
        for room in chance.sample(private, many)
    )
    _drop_index()
    _fill(chance, count, [room.id for room in rooms], [user.id for user in people])
    began = time.monotonic()
    build_index("default")
    seconds = time.monotonic() - began
    _analyze()
    return {"seconds": seconds, "megabytes": _index_size() / 1e6}


def rooms_by_size(person: str) -> dict[str, str]:
    """The largest and a small room that somebody may read."""
    rooms = Room.objects.visible_to(User.objects.get(username=person).pk).filter(seq__gt=0).order_by("-seq")
    names = list(rooms.values_list("name", flat=True))
    return {"large": names[0], "small": names[-1]}


def searches(person: str, room: str | None, queries: list[dict]) -> list[float]:
    """Seconds that each search took, ROUNDS times over, with messages loaded and excerpts made, as a page has them."""
    user = User.objects.get(username=person)
    delays = []
    for number in range(ROUNDS + 1):
        for query in queries:
            began = time.perf_counter()
            search(user.id, query["words"], room=room, sender=query.get("sender"), until=_until(query))
            if number:  # the first round warms
                delays.append(time.perf_counter() - began)
    return delays


def _until(query: dict):
    return timezone.now() - timedelta(days=query["days_ago"]) if "days_ago" in query else None


def _fill(chance: random.Random, count: int, rooms: list[int], people: list[int]) -> None:
    words = chance.choices(vocabulary(), cum_weights=zipf(WORDS), k=2_000_000)
    homes, heads, now = (
        chance.choices(rooms, cum_weights=zipf(len(rooms)), k=count),
        dict.fromkeys(rooms, 0),
        timezone.now(),
    )
    columns = [field.column for field in Message._meta.concrete_fields if field.column != "id"]
    sql = f"INSERT INTO rooms_message ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})"  # noqa: S608
    for start in range(0, count, BATCH):
        batch = []
        for number, room in enumerate(homes[start : start + BATCH], start):
            at, length = chance.randrange(len(words) - 100), 1 + min(90, int(chance.expovariate(1 / 12)))
            text, heads[room] = " ".join(words[at : at + length]), heads[room] + 1
            values = {"room_id": room, "seq": heads[room], "first_seq": heads[room], "sender_id": chance.choice(people),
                      "kind": "human", "state": "complete", "text": text, "html": f"<p>{text}</p>", "note": "",
                      "mentions": "[]", "created": now - timedelta(days=DAYS * (1 - number / count)),
                      "deleted": False}  # fmt: skip
            batch.append([values.get(column) for column in columns])
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(sql, batch)
    Room.objects.bulk_update([Room(pk=room, seq=head) for room, head in heads.items()], ["seq"], batch_size=200)


def _drop_index() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP TRIGGER set_message_words ON rooms_message")
            cursor.execute("ALTER TABLE rooms_message DROP COLUMN words")
        else:
            for event in ("new", "changed", "gone"):
                cursor.execute(f"DROP TRIGGER message_words_{event}")


def _analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def _index_size() -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_relation_size('message_words')")
        else:
            cursor.execute("SELECT sum(length(block)) FROM message_words_data")
        return cursor.fetchone()[0]
