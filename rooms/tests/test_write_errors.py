"""What is known of messages that could not be saved: for how long, and why."""

import pytest
from django.db import OperationalError, connection
from psycopg.errors import LockNotAvailable

from rooms.kernel import write_errors
from rooms.services import posting
from rooms.services.posting import Post

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed() -> list[bool]:
    """How often the connection was."""
    return []


@pytest.fixture
def two(alice, lobby, closed, monkeypatch) -> list[Post]:
    monkeypatch.setattr(connection, "close", lambda: closed.append(True))  # the test's own
    monkeypatch.setattr(write_errors, "_logged", -write_errors.LOG_EVERY)
    monkeypatch.setattr(write_errors, "_failed", -write_errors.FAILING_SECONDS)
    return [Post(alice, lobby.id, "a"), Post(alice, lobby.id, "b")]


def away(*_, **__):
    raise OperationalError("gone")


def test_writing_fails_from_an_outage_until_something_is_written_again(two, closed, monkeypatch):
    assert not write_errors.is_failing()
    with monkeypatch.context() as outage:
        outage.setattr(posting, "_write", away)
        posting.post_many(two)
    assert write_errors.is_failing() and closed  # else the next one would meet the same broken connection
    posting.post_many(two)
    assert not write_errors.is_failing()


def test_why_a_post_failed_that_is_written_alone_stands_in_the_log(two, monkeypatch, caplog):
    """As when one post breaks the batch, and then the database goes away."""
    tried = []

    def write(posts, _patient):
        tried.append(len(posts))
        raise ValueError("broken") if len(posts) > 1 else OperationalError("gone")

    monkeypatch.setattr(posting, "_write", write)
    outcomes = posting.post_many(two)
    assert [outcome.code for outcome in outcomes] == ["unavailable", "unavailable"]
    assert tried == [2, 1]  # the second is not even tried
    assert [record.message for record in caplog.records] == ["messages cannot be written: gone"]


def test_posts_in_a_room_that_is_locked_are_left_to_wait(two, closed, monkeypatch, caplog):
    """PostgreSQL says so; nobody has to wait for their room here, and nothing is wrong with the database."""

    def write(_posts, _patient):
        raise OperationalError("locked") from LockNotAvailable()

    monkeypatch.setattr(posting, "_write", write)
    assert posting.post_many(two, patient=False) == [None, None]
    assert not (write_errors.is_failing() or closed or caplog.records)
