"""A room that is filled, and how the database reads it."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from rooms.models import Message, Room
from rooms.services import messages


def say(user, room, count, text="n{}"):
    return [messages.post(user, room.name, text.format(number)).message_id for number in range(count)]


def fill(room, user, count):
    """Many messages quickly, as if they had been posted."""
    rows = [
        Message(room=room, seq=number, first_seq=number, sender=user, text=f"n{number}", html=f"<p>n{number}</p>")
        for number in range(room.seq + 1, room.seq + count + 1)
    ]
    Message.objects.bulk_create(rows)
    Room.objects.filter(pk=room.pk).update(seq=room.seq + count)
    room.refresh_from_db()


def texts(page):
    return [message.text for message in page.messages]


def plan(function) -> str:
    """What the database says about how it runs the widest query of a function."""
    with CaptureQueriesContext(connection) as queries:
        function()
    widest = max((query["sql"] for query in queries if query["sql"].startswith("SELECT")), key=len)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")
            cursor.execute("EXPLAIN " + widest)
            return "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("EXPLAIN QUERY PLAN " + widest)
        return "\n".join(row[3] for row in cursor.fetchall())
