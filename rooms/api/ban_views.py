"""The API of bans from a room, and of deleting a person's recent messages there."""

from functools import partial

from ..kernel.errors import ChatError
from ..kernel.protocol import moment, person, timestamp
from ..models import Membership
from ..services import bans, membership, moderation, recent_messages
from .framework import ApiRequest


def ban_member(request: ApiRequest, name: str) -> dict:
    """Takes `{"username", "reason"?, "until"?: <time>}`. Returns `{"banned": <person>}`."""
    return _ban(request, name, partial(moderation.remove, ban=True))


def change_ban(request: ApiRequest, name: str) -> dict:
    """Takes and returns the same as `ban_member`."""
    return _ban(request, name, moderation.change_ban)


def lift_ban(request: ApiRequest, name: str) -> dict:
    """Takes `{"username"}`. Returns `{"unbanned": <person>}`."""
    membership.get_visible_room(request.user.id, name)  # check access before people
    member = membership.get_user_by_name(request.text_fields("username")["username"], also_gone=True)
    moderation.lift_ban(request.user, name, member.id)
    return {"unbanned": person(member)}


def delete_messages(request: ApiRequest, name: str) -> dict:
    """Takes `{"username", "hours"}`. Returns `{"person", "messages": <how many>}`."""
    membership.get_visible_room(request.user.id, name)  # check access before people
    fields = request.optional_fields(username=str, hours=int)
    member = membership.get_user_by_name(fields.get("username", ""), also_gone=True)
    count = recent_messages.delete_recent(request.user, name, member.id, fields.get("hours", 0))
    return {"person": person(member), "messages": count}


def list_bans(request: ApiRequest, name: str) -> dict:
    """`{"bans": [{"person", "by", "reason", "created", "until"}, …]}`: null when unknown, or without an end."""
    return {"bans": [_serialize_ban(place) for place in moderation.bans_of(request.user, name)]}


def _ban(request: ApiRequest, name: str, act) -> dict:
    """Raises ChatError: parameter_not_time."""
    membership.get_visible_room(request.user.id, name)  # check access before people
    fields = request.text_fields("username", "reason?", "until?")
    text, until = fields.get("until"), None
    if text is not None and (until := moment(text)) is None:
        raise ChatError("parameter_not_time", parameter="until")
    member = membership.get_user_by_name(fields["username"], also_gone=True)
    act(request.user, name, member.id, terms=bans.check_terms(fields.get("reason", ""), until))
    return {"banned": person(member)}


def _serialize_ban(place: Membership) -> dict:
    known = place.ban if hasattr(place, "ban") else None
    return {
        "person": person(place.user),
        "by": person(known.by) if known and known.by else None,
        "reason": known.reason if known else "",
        "created": timestamp(known.created) if known else None,
        "until": timestamp(place.banned_until),
    }
