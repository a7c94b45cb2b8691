"""The API of people's pictures; see docs/protocol.md. Those of rooms: room_views.py."""

from ..kernel.protocol import profile
from ..services import pictures
from .framework import ApiRequest


def set_picture(request: ApiRequest, username: str) -> dict:
    """Takes a form with one picture. Returns the person."""
    person = pictures.check_person(request.user, username)  # check access before the body
    squares = pictures.squares_of(request.uploads.files)
    return profile(pictures.set_of_person(request.user, person.username, squares))


def remove_picture(request: ApiRequest, username: str) -> dict:
    """Returns the person."""
    pictures.check_person(request.user, username)
    request.text_fields()
    return profile(pictures.set_of_person(request.user, username, None))
