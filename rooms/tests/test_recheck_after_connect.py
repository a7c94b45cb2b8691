"""The second look at the door: whatever ended since the first is found, and nothing else."""

import pytest
from django.contrib.sessions.models import Session

from accounts.models import Token
from rooms.realtime.authentication import Credentials, authenticate_many, recheck
from rooms.services import membership, moderation

from .live import cookie

pytestmark = pytest.mark.django_db


@pytest.fixture
def private(alice, bob):
    room = membership.create_room(alice, "Private", "private")
    membership.add_member(room, bob)
    return room


def sign_out(bob, alice, session, room):
    Session.objects.get(pk=session).delete()


def revoke(bob, alice, session, room):
    bob.tokens.all().delete()


def deactivate(bob, alice, session, room):
    bob.is_active = False
    bob.save()


def change_password(bob, alice, session, room):
    bob.set_password("another horse")
    bob.save()


def remove(bob, alice, session, room):
    moderation.remove(alice, room.name, bob.id)


def nothing(bob, alice, session, room):
    pass


@pytest.mark.parametrize(
    ("end", "session_is", "token_is"),
    [
        (nothing, None, None),
        (sign_out, "session_ended", None),
        (revoke, None, "session_ended"),
        (deactivate, "session_ended", "session_ended"),
        (change_password, "session_ended", None),
        (remove, "not_in_room", "not_in_room"),
    ],
)
def test_what_ended_meanwhile_is_found(alice, bob, private, end, session_is, token_is):
    session = cookie(bob).partition("=")[2]
    token = Token.hash(Token.issue(bob, "script")[1])
    ways = [("session", session), ("token", token)]
    let_in = authenticate_many([Credentials(way, private.name) for way in ways])
    visits = [(way, user, room) for way, (user, room) in zip(ways, let_in, strict=True)]
    end(bob, alice, session, private)
    assert [refused and refused.reason for refused in recheck(visits)] == [session_is, token_is]
