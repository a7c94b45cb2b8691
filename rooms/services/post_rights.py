"""Whether somebody may post in a room. Posting in a public room joins it."""

from collections.abc import Mapping

from accounts.models import User

from ..kernel.errors import ChatError, archived
from ..kernel.protocol import timestamp
from ..kernel.rights import Action, refusal
from ..models import BAN_HAS_ENDED, FormerReader, Membership, MessageKind, Posting, Role, Room, RoomKind, Timeout
from . import slow_mode
from .choices import fields_of_new_place
from .rights import is_free, who_is
from .sql import PostingRights, posting_rights

Places = dict[tuple[int, int], PostingRights]  # by room and user


def may_post(user: User, kind: str, room: Room, members: Places) -> bool:
    """Whether they belong to the room; what keeps them from writing there all the same says `why_silent`.

    members: `sql.posting_rights` of the room; whoever joins is added to them. The caller has locked the room.
    """
    key = (room.id, user.id)
    if key not in members and room.kind == RoomKind.PUBLIC:
        is_active = User.objects.filter(pk=user.id, is_active=True).exists()
        if kind == MessageKind.NOTICE:
            return is_active  # of staff, who moderate without becoming members
        members[key] = _rights_of_newcomer(user, room, is_active)
        if is_active and not why_silent(user, room, members):
            Membership.objects.filter(BAN_HAS_ENDED, room=room, user=user).delete()
            Membership.objects.create(room=room, user=user, read_seq=room.seq, **fields_of_new_place(user.id))
    return key in members and members[key].may_post


def _rights_of_newcomer(user: User, room: Room, is_active: bool) -> PostingRights:
    was_reader = FormerReader.objects.filter(room=room, user_id=user.id).exists()
    timed_out = Timeout.objects.running().in_room(room.id).filter(user_id=user.id).exists()
    return PostingRights(is_active, Role.READER if was_reader else Role.MEMBER, timed_out)


def why_silent(user: User, room: Room, members: Mapping[tuple[int, int], PostingRights]) -> ChatError | None:
    """What keeps somebody who may post from writing there, who is asked for nothing else: of a room that is open."""
    rights = members[room.id, user.id]
    if user.is_staff:
        return None
    free = is_free(user, room, rights.role)
    if rights.timed_out and (error := _timed_out(user.id, room.id, moderates=free)):
        return error
    if free:
        return None
    if reason := refusal(Action.POST, room.kind, who_is(user, rights.role)):
        return ChatError(reason)
    return ChatError("room_is_announcement") if room.posting == Posting.MODERATORS else None


def _timed_out(user_id: int, room_id: int, moderates: bool) -> ChatError | None:
    """moderates: timeouts of the room do not count for whoever has become its moderator; those of the server do."""
    running = Timeout.objects.running().filter(user_id=user_id)
    counting = running.filter(room=None) if moderates else running.in_room(room_id)
    longest = counting.order_by("-until").first()
    if longest is None:  # it has just ended
        return None
    reason = "timed_out" if longest.room_id else "timed_out_on_server"
    return ChatError(reason, until=timestamp(longest.until), why=longest.reason)


def check_may_write(user: User, room: Room, reacting: bool = False) -> None:
    """Check that somebody may change what a room says: edit, describe, ask again. One query.

    reacting: which members of an announcement room may. Raises ChatError: read_only, room_archived,
    room_is_announcement, timed_out, timed_out_on_server.
    """
    if (error := why_closed(user, room)) and not (reacting and error.reason == "room_is_announcement"):
        raise error


def why_closed(user: User, room: Room) -> ChatError | None:
    """What a post of somebody who sees this room would be refused with, but for how often they write."""
    if room.archived:
        return archived()
    members = posting_rights({room.id}, {user.id})
    if (room.id, user.id) not in members:
        members[room.id, user.id] = _rights_of_newcomer(user, room, True)
    return why_silent(user, room, members)


def refusal_of(user: User, room: Room) -> ChatError | None:
    """What a post now would be refused with: for pages and clients that say so before somebody writes."""
    if error := why_closed(user, room):
        return error
    return slow_mode.wait_of(user, room)
