"""Who is here while nobody can tell: the lists stay, marked as stale, and are right again afterwards."""

import pytest

from rooms import membership

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def outage(redis_server):
    """Redis stops when called, and is there again after the test."""
    yield redis_server.stop
    if redis_server.process.poll() is not None:
        redis_server.start()


def test_lists_are_stale_while_redis_is_away_and_right_afterwards(web, alice, bob, redis_server, outage):
    membership.open_room(alice, "Lobby")
    with web.open(alice, "lobby") as one:
        one.wait("welcome")
        outage()
        assert one.wait("online") == {"type": "online", "stale": True}
        with web.open(bob, "lobby") as other:
            other.wait("welcome")
            assert other.wait("online")["stale"]
            redis_server.start()
            event = one.wait("online", stale=False)
            assert sorted(person["name"] for person in event["online"]) == ["alice", "bob"]
            assert event["count"] == 2
