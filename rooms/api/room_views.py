"""The API of rooms: listing, creating, changing and deleting them, and arranging one's own list."""

from presence import sync_client

from ..kernel.errors import ChatError
from ..kernel.protocol import moment, person, timestamp
from ..models import Block, Membership, RoomKind
from ..queries import inbox, own_rooms
from ..services import (
    archiving,
    arranging,
    deletion,
    direct_messages,
    file_retention,
    levels,
    membership,
    messages,
    moderation,
    personal_invitations,
    pictures,
    posting_limits,
    renaming,
    room_kinds,
    room_permissions,
    token_rooms,
)
from .framework import ApiRequest
from .room_fields import other_members, room_response, serialize_room
from .statuses import get_statuses

MAX_DELETED = 100  # rooms


def list_rooms(request: ApiRequest) -> dict:
    """`{"rooms": [<room>, …], "inbox": <count>, "blocked": [<id>, …], "invitations": [<invitation>, …]}`.

    A token for some rooms gets only those rooms: no inbox, blocks or invitations.
    """
    user = request.user
    rooms = [room for room in own_rooms.rooms_of(user.id) if token_rooms.allows(user, room.id)]
    others = other_members(rooms, user.id)
    online = sync_client.get_counts([room.name for room in rooms])
    statuses = get_statuses(others.values(), user.id)
    answer = {"rooms": [serialize_room(room, others.get(room.id), online[room.name], statuses) for room in rooms]}
    if user.only_rooms is not None:
        return {**answer, "inbox": 0, "blocked": [], "invitations": []}
    return {
        **answer,
        # For pages that missed the events.
        "inbox": inbox.unread_counts([user.id])[user.id],
        "blocked": sorted(Block.objects.ids(user.id)),
        "invitations": [
            personal_invitations.serialize_invitation(each) for each in personal_invitations.pending_for(user.id)
        ],
    }


def create_room(request: ApiRequest) -> tuple[dict, int]:
    """Takes `{"title", "kind"?, "topic"?}`. Returns the room."""
    fields = request.text_fields("title", "kind?", "topic?")
    topic = messages.check_topic(fields.get("topic", ""))
    room = membership.create_room(request.user, fields["title"], fields.get("kind", RoomKind.PUBLIC), topic)
    return room_response(request.user, room), 201


def open_direct_message(request: ApiRequest) -> dict:
    """Takes `{"username"}`. Returns the room."""
    return room_response(
        request.user,
        direct_messages.get_or_create_direct_message(request.user, request.text_fields("username")["username"]),
    )


def show_room(request: ApiRequest, name: str) -> dict:
    """Returns the room (room_fields.py), as do the views that change one."""
    return room_response(request.user, membership.get_visible_room(request.user.id, name))


def update_room(request: ApiRequest, name: str) -> dict:
    """Takes `{"topic"?, "description"?}`."""
    fields = request.text_fields("topic?", "description?")
    return room_response(request.user, messages.set_topic_and_description(request.user, name, **fields))


def rename_room(request: ApiRequest, name: str) -> dict:
    """Takes `{"title"}`."""
    membership.get_visible_room(request.user.id, name)  # check access before the body
    return room_response(request.user, renaming.rename(request.user, name, request.text_fields("title")["title"]))


def change_room_kind(request: ApiRequest, name: str) -> dict:
    """Takes `{"kind"}`: public or private."""
    membership.get_visible_room(request.user.id, name)  # check access before the body
    return room_response(request.user, room_kinds.change_kind(request.user, name, request.text_fields("kind")["kind"]))


def keep_files(request: ApiRequest, name: str) -> dict:
    """Takes `{"days"}`: how long files are kept; 0: as long as the server keeps them."""
    membership.get_visible_room(request.user.id, name)  # check access before the body
    return room_response(request.user, file_retention.set_days(request.user, name, request.number_field("days")))


def set_permissions(request: ApiRequest, name: str) -> dict:
    """Takes `{"inviters"?, "callers"?}`, each `members` or `moderators`: who may invite people, and use @room."""
    membership.get_visible_room(request.user.id, name)  # check access before the body
    fields = request.text_fields("inviters?", "callers?")
    return room_response(request.user, room_permissions.set_permissions(request.user, name, **fields))


def set_posting(request: ApiRequest, name: str) -> dict:
    """Takes `{"posting"}`: everyone or moderators."""
    membership.get_visible_room(request.user.id, name)  # check access before the body
    posting = request.text_fields("posting")["posting"]
    return room_response(request.user, posting_limits.set_posting(request.user, name, posting))


def set_slow_mode(request: ApiRequest, name: str) -> dict:
    """Takes `{"seconds"}`: how long a member waits between two messages; 0: no slow mode."""
    membership.get_visible_room(request.user.id, name)  # check access before the body
    seconds = request.number_field("seconds")
    return room_response(request.user, posting_limits.set_slow_mode(request.user, name, seconds))


def remove_member(request: ApiRequest, name: str) -> dict:
    """Takes `{"username"}`. Returns `{"removed": <person>}`."""
    return _remove_member(request, name, "removed", moderation.remove)


def appoint_member(request: ApiRequest, name: str) -> dict:
    """Takes `{"username", "role"}`. Returns `{"appointed": <person>, "role"}`."""
    membership.get_visible_room(request.user.id, name)
    fields = request.text_fields("username", "role")
    member = membership.get_user_by_name(fields["username"], also_gone=True)
    moderation.appoint(request.user, name, member.id, fields["role"])
    return {"appointed": person(member), "role": fields["role"]}


def archive_room(request: ApiRequest, name: str) -> dict:
    return _set_archived(request, name, archiving.archive)


def unarchive_room(request: ApiRequest, name: str) -> dict:
    return _set_archived(request, name, archiving.unarchive)


def delete_room(request: ApiRequest, name: str) -> dict:
    """`{"deleted": <name>, "until": <time>}`: until when it can be restored."""
    request.text_fields()
    room = deletion.delete(request.user, name)
    return {"deleted": room.name, "until": timestamp(deletion.gone_at(room))}


def restore_room(request: ApiRequest, name: str) -> dict:
    request.text_fields()
    return room_response(request.user, deletion.restore(request.user, name))


def list_deleted_rooms(request: ApiRequest) -> dict:
    """`{"rooms": [{"name", "title", "kind", "until": <time>}, …]}`: those that the person may restore."""
    return {
        "rooms": [
            {"name": room.name, "title": room.title, "kind": room.kind, "until": timestamp(deletion.gone_at(room))}
            for room in deletion.find_deleted(request.user)[:MAX_DELETED]
        ]
    }


def leave_room(request: ApiRequest, name: str) -> dict:
    """`{"left": <name>}`."""
    request.text_fields()
    membership.leave(request.user, name)
    return {"left": name}


def star_room(request: ApiRequest, name: str) -> dict:
    return _star(request, name, True)


def unstar_room(request: ApiRequest, name: str) -> dict:
    return _star(request, name, False)


def mute_room(request: ApiRequest, name: str) -> dict:
    """Takes `{"until"?: <time>}`. Raises ChatError: parameter_not_time."""
    text, until = request.text_fields("until?").get("until"), None
    if text is not None and (until := moment(text)) is None:
        raise ChatError("parameter_not_time", parameter="until")
    levels.mute(request.user, name, True, until)
    return room_response(request.user, membership.get_visible_room(request.user.id, name))


def unmute_room(request: ApiRequest, name: str) -> dict:
    request.text_fields()
    levels.mute(request.user, name, False)
    return room_response(request.user, membership.get_visible_room(request.user.id, name))


def set_level(request: ApiRequest, name: str) -> dict:
    """Takes `{"level"}`: one of Level, or empty for the default."""
    levels.set_level(request.user, name, request.text_fields("level")["level"])
    return room_response(request.user, membership.get_visible_room(request.user.id, name))


def arrange_rooms(request: ApiRequest) -> dict:
    """Takes `{"rooms": [<name>, …]}`. Returns the same fields: the rooms that have a position now."""
    names = request.text_list("rooms")
    arranging.arrange(request.user, names)
    placed = Membership.objects.filter(user=request.user, banned=False, position__gt=0).select_related("room")
    return {"rooms": [mine.room.name for mine in placed.order_by("position")]}


def _remove_member(request: ApiRequest, name: str, answer: str, act) -> dict:
    membership.get_visible_room(request.user.id, name)  # check access before people
    member = membership.get_user_by_name(request.text_fields("username")["username"], also_gone=True)
    act(request.user, name, member.id)
    return {answer: person(member)}


def _star(request: ApiRequest, name: str, starred: bool) -> dict:
    request.text_fields()
    arranging.star(request.user, name, starred)
    return room_response(request.user, membership.get_visible_room(request.user.id, name))


def set_room_picture(request: ApiRequest, name: str) -> dict:
    """Takes a form with one picture."""
    pictures.check_room(request.user, name)  # check access before the body
    squares = pictures.squares_of(request.uploads.files)
    return room_response(request.user, pictures.set_of_room(request.user, name, squares))


def remove_room_picture(request: ApiRequest, name: str) -> dict:
    """Rights are checked before the fields of the body."""
    pictures.check_room(request.user, name)
    request.text_fields()
    return room_response(request.user, pictures.set_of_room(request.user, name, None))


def _set_archived(request: ApiRequest, name: str, act) -> dict:
    request.text_fields()
    return room_response(request.user, act(request.user, name))
