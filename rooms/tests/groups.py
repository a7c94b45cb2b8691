"""Numbers of messages, and writers that begin at the same moment."""

import threading

from django.db import connection

from rooms.models import Message


def seqs(room):
    return list(Message.objects.filter(room=room).order_by("seq").values_list("seq", flat=True))


def in_threads(*functions):
    """Run all at once, each with its own connection; returns what they returned, or the error."""
    start, found = threading.Barrier(len(functions)), [None] * len(functions)

    def run(index, function):
        start.wait()
        try:
            found[index] = function()
        except Exception as error:  # noqa: BLE001 - it is what the test looks at
            found[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(functions)]
    [thread.start() for thread in threads]
    [thread.join(60) for thread in threads]
    return found
