"""Many at the door at once: each gets the answer they would have got alone, and few queries are asked."""

import asyncio

import pytest
from django.db import OperationalError

from accounts.models import Token
from rooms.kernel.batcher import MAX_PARALLEL, DataLoader
from rooms.kernel.errors import ChatError
from rooms.models import Membership, Room, RoomKind
from rooms.realtime.authentication import Credentials, Refused, authenticate_many
from rooms.services import membership


@pytest.fixture
def session(alice, client):
    client.force_login(alice)
    return client.session.session_key


def why(outcome) -> str | None:
    return outcome.reason if isinstance(outcome, Refused) else None


# --- who, and where ---


@pytest.mark.django_db
def test_all_who_wait_are_answered_in_order(session, alice, bob):
    _token, secret = Token.issue(bob, "script")
    lobby = membership.get_or_create_and_join(alice, "lobby")
    by_session, by_token = ("session", session), ("token", Token.hash(secret))
    found = authenticate_many(
        [
            Credentials(("session", "forged"), "lobby"),
            Credentials(by_session, "lobby"),
            Credentials(by_token, "lobby"),
            Credentials(by_session, "nowhere"),
            Credentials(("session", ""), "lobby"),
            Credentials(by_session, "not/a name"),
        ]
    )
    assert [why(outcome) for outcome in found] == [
        "sign_in_needed", None, None, "no_such_room", "sign_in_needed", "no_such_room"
    ]  # fmt: skip
    assert found[1:3] == [(alice, lobby), (bob, lobby)]


@pytest.mark.django_db
def test_many_cost_as_many_queries_as_one(make_user, django_assert_num_queries, client):
    visits = []
    for number in range(8):
        user = make_user(f"user{number}")
        client.force_login(user)
        membership.get_or_create_and_join(user, "lobby")
        visits.append(Credentials(("session", client.session.session_key), "lobby"))
        client.cookies.clear()
    with django_assert_num_queries(4):
        found = authenticate_many(visits)
    assert [user.username for user, _room in found] == [f"user{number}" for number in range(8)]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", RoomKind.values)
@pytest.mark.parametrize("place", ["none", "member", "banned"])
def test_a_list_of_rooms_shows_those_that_may_be_entered(kind, place, alice):
    """The rule stands twice: as a filter, and where one enters."""
    room = Room.objects.create(name="somewhere", title="Somewhere", kind=kind)
    if place != "none":
        Membership.objects.create(room=room, user=alice, banned=place == "banned")
    shown = list(Room.objects.visible_to(alice.id))
    (entered,) = membership.get_or_join_many([(alice, "somewhere")])
    assert ([] if isinstance(entered, ChatError) else [entered]) == shown
    assert Membership.objects.filter(user=alice).exists() == bool(shown or place == "banned")
    try:
        assert [membership.get_visible_room(alice.id, "somewhere")] == shown
    except ChatError:
        assert not shown


@pytest.mark.django_db
def test_a_private_room_is_denied_with_as_many_queries_as_none(alice, bob, django_assert_num_queries):
    hidden = membership.create_room(bob, "Cellar", RoomKind.PRIVATE)
    for name in (hidden.name, "nowhere"):
        with django_assert_num_queries(2), pytest.raises(ChatError):
            membership.get_visible_room(alice.id, name)


# --- together ---


async def test_the_first_are_asked_at_once_and_the_rest_together():
    groups = []

    def double(numbers):
        groups.append(len(numbers))
        return [number * 2 for number in numbers]

    together = DataLoader(double)
    assert await asyncio.gather(*map(together.load, range(20))) == [number * 2 for number in range(20)]
    assert sorted(groups) == [1] * MAX_PARALLEL + [20 - MAX_PARALLEL]  # in whichever order their threads got to it


async def test_an_exception_is_the_answer_of_one():
    together = DataLoader(lambda items: [ValueError("no") if item == 3 else item for item in items])
    found = await asyncio.gather(*map(together.load, range(8)), return_exceptions=True)
    assert isinstance(found.pop(3), ValueError)
    assert found == [0, 1, 2, 4, 5, 6, 7]


async def test_who_breaks_a_call_breaks_it_for_nobody_else():
    def picky(items):
        if 5 in items:
            raise KeyError(5)
        return items

    found = await asyncio.gather(*map(DataLoader(picky).load, range(10)), return_exceptions=True)
    assert isinstance(found.pop(5), KeyError)
    assert found == [0, 1, 2, 3, 4, 6, 7, 8, 9]


async def test_a_database_that_is_away_is_told_to_all():
    def away(items):
        raise OperationalError

    found = await asyncio.gather(*map(DataLoader(away).load, range(10)), return_exceptions=True)
    assert {type(each) for each in found} == {OperationalError}


async def test_whoever_gives_up_holds_up_nobody():
    together = DataLoader(lambda items: items)
    asking = [asyncio.create_task(together.load(number)) for number in range(10)]
    await asyncio.sleep(0)
    asking[0].cancel()
    asking[7].cancel()
    found = await asyncio.gather(*asking, return_exceptions=True)
    assert [number for number in found if isinstance(number, int)] == [1, 2, 3, 4, 5, 6, 8, 9]
