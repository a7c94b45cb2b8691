"""What somebody is told who sends more than the protocol lets through, and when they are closed."""

from types import SimpleNamespace

import pytest

from rooms.realtime.consumer import RoomConsumer
from rooms.realtime.websocket.frame_limits import Excess


class Connection:
    def __init__(self):
        self.closed = False
        self.user = SimpleNamespace(id=5)
        self.told: list[tuple[str, float | None]] = []
        self.closed_for: list[str] = []

    def send_error(self, error, id=None) -> None:
        self.told.append((error.reason, error.retry_after))

    def close(self, reason: str) -> None:
        self.closed = True
        self.closed_for.append(reason)


@pytest.mark.parametrize(
    ("excess", "last", "told", "closed_for"),
    [
        (Excess("too_many_frames", 2.0), False, [("too_many_frames", 2.0)], []),
        (Excess("too_many_frames", 2.0), True, [], ["too_many_frames"]),  # was told before
        (Excess("too_many_fragments"), True, [("too_many_fragments", None)], ["too_many_fragments"]),
    ],
)
def test_an_excess_is_told_once_before_the_socket_is_closed(excess, last, told, closed_for):
    consumer = RoomConsumer()
    consumer.connection = connection = Connection()
    counted = []
    limiter = SimpleNamespace(count_offence=lambda reason, user_id, _block: counted.append((reason, user_id)))
    consumer._hub, consumer.scope = (
        SimpleNamespace(connection_limiter=limiter),
        {"client": ("192.0.2.7", 1), "headers": []},
    )
    consumer._exceeded(excess, last)
    assert (connection.told, connection.closed_for) == (told, closed_for)
    assert counted == [(reason, 5) for reason in closed_for]


def test_a_socket_that_is_closed_already_is_no_second_offence():
    consumer = RoomConsumer()
    consumer.connection = connection = Connection()
    connection.closed = True
    consumer._exceeded(Excess("too_many_frames", 2.0), True)
    assert connection.closed_for == []
