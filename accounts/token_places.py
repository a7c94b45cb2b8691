"""Which rooms a token may be limited to. This app knows no rooms: another one names them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.dispatch import Signal

from .models import Token, User

MAX_ROOMS = 50  # of one token

rooms_wanted = Signal()  # user: answered by a list of TokenRoom, those of this person


class TokenRoom(NamedTuple):
    id: int
    address: str
    title: str


def rooms_of(user: User) -> list[TokenRoom]:
    """Those of this person, without direct messages, by their titles."""
    answers: Sequence[tuple[object, Any]] = rooms_wanted.send(User, user=user)
    return [room for _receiver, rooms in answers for room in rooms]


def titles_of(token: Token, rooms: list[TokenRoom]) -> list[str]:
    """Of the rooms that it is for. rooms: those of its person, who may have left some of them."""
    wanted = set(token.only_rooms or ())
    return [room.title for room in rooms if room.id in wanted]
