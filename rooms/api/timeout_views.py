"""The API of timeouts: in a room for its moderators, on the whole server for staff."""

from ..kernel.errors import ChatError
from ..kernel.protocol import moment, person, timestamp
from ..kernel.rights import Action
from ..models import Timeout
from ..services import membership, timeouts
from ..services.rights import check
from .framework import ApiRequest


def list_timeouts(request: ApiRequest, name: str) -> dict:
    """`{"timeouts": [<timeout>, …]}`: the running timeouts of a room, the next to end first."""
    room = membership.get_visible_room(request.user.id, name)
    check(Action.TIME_OUT, request.user, room)
    return {"timeouts": [_serialize(each) for each in timeouts.running_in(room)]}


def time_out(request: ApiRequest, name: str) -> dict:
    """Takes `{"username", "until": <time>, "reason"}`. Returns the timeout. Raises ChatError: parameter_not_time."""
    membership.get_visible_room(request.user.id, name)  # check access before the body
    return _serialize(timeouts.time_out(request.user, name, *_wanted(request)))


def lift(request: ApiRequest, name: str) -> dict:
    """Takes `{"username"}`. Returns `{"lifted": <person>}`."""
    membership.get_visible_room(request.user.id, name)  # check access before people
    member = membership.get_user_by_name(request.text_fields("username")["username"], also_gone=True)
    timeouts.lift(request.user, name, member.id)
    return {"lifted": person(member)}


def list_all(request: ApiRequest) -> dict:
    """As `list_timeouts`, for the whole server."""
    return {"timeouts": [_serialize(each) for each in timeouts.running_on_server(request.user)]}


def add(request: ApiRequest) -> dict:
    """As `time_out`, for the whole server."""
    timeouts.running_on_server(request.user)  # check access before people
    return _serialize(timeouts.time_out_on_server(request.user, *_wanted(request)))


def lift_server(request: ApiRequest) -> dict:
    """As `lift`, for the whole server."""
    timeouts.running_on_server(request.user)  # check access before people
    someone = membership.get_user_by_name(request.text_fields("username")["username"], also_gone=True)
    timeouts.lift_on_server(request.user, someone.id)
    return {"lifted": person(someone)}


def _wanted(request: ApiRequest) -> tuple:
    """The id of the person, the end and the reason."""
    fields = request.text_fields("username", "until", "reason")
    if (until := moment(fields["until"])) is None:
        raise ChatError("parameter_not_time", parameter="until")
    return membership.get_user_by_name(fields["username"]).id, until, fields["reason"]


def _serialize(each: Timeout) -> dict:
    return {
        "person": person(each.user),
        "until": timestamp(each.until),
        "reason": each.reason,
        "by": person(each.actor) if each.actor else None,
        "created": timestamp(each.created),
    }
