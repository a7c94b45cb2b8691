"""The table of rights: who may do what in which room.

Services ask it (services/rights.py), docs/rights.md shows it, and the tests of rights try each of its cells.
All of it is about rooms that somebody sees. A room that they do not see is, whatever they try, one that does not exist.
"""

from dataclasses import dataclass
from enum import StrEnum


class Who(StrEnum):
    """What somebody is in front of a room that they see. Staff are something else besides.

    The values of the first four are those of Role.
    """

    OWNER = "owner"
    MODERATOR = "moderator"
    MEMBER = "member"
    READER = "reader"
    VISITOR = "visitor"  # who has not joined a public room
    STAFF = "staff"  # owners and administrators of the server


class Action(StrEnum):
    """The values are shown in docs/rights.md."""

    READ = "read and search it"
    JOIN = "join it"
    LEAVE = "leave it"
    POST = "post messages and files"
    ANNOUNCE = "post in a room for announcements, and without waiting for slow mode"
    REACT = "react to messages"
    EDIT = "edit one's own messages"
    DELETE_OWN = "delete one's own messages and files"
    DELETE_OTHERS = "delete messages of others"
    PIN = "pin messages"
    STOP_REPLY = "stop a bot's reply"
    RETRY_OWN = "have a bot answer one's own question again"
    RETRY_OTHERS = "have a bot answer a question of others again"
    CALL_HERE = "call those who are here (@here)"
    CALL_ROOM = "call everybody in the room (@room)"
    DESCRIBE = "change its topic and description"
    RENAME = "rename it"
    CHANGE_PICTURE = "change its picture"
    SET_POSTING = "decide who writes in it, and how often"
    ARCHIVE = "archive and unarchive it"
    CHANGE_KIND = "make it private or public"
    SET_FILES_DAYS = "choose how long files are kept"
    SET_PERMISSIONS = "choose who may invite, and who may use @room"
    SEE_USAGE = "see what its bots used"
    DELETE_ROOM = "delete and restore it"
    INVITE = "invite people"
    WITHDRAW_OTHERS = "withdraw invitations by others"
    MANAGE_LINKS = "create and revoke invitation links"
    REMOVE = "remove people"
    BAN = "ban people, and lift bans"
    APPOINT = "appoint and dismiss moderators"
    TIME_OUT = "time people out: keep them from writing until a time"
    SET_READER = "make members read-only, and lift that"
    BLOCK_WORDS = "block words and links"


_ALL = frozenset({"public", "private", "direct"})  # the values of RoomKind
_ROOMS = _ALL - {"direct"}
EVERYBODY = frozenset(Who)
_WRITERS = EVERYBODY - {Who.READER}
_MODERATORS = frozenset({Who.OWNER, Who.MODERATOR, Who.STAFF})
_OWNERS = frozenset({Who.OWNER, Who.STAFF})


# By what a room may choose: the values of Permitted.
_PERMITTED = {"members": EVERYBODY, "moderators": _MODERATORS}


@dataclass(frozen=True, slots=True)
class Right:
    """who: they may, in public and private rooms; in direct messages both may.

    refusal: the reason that everybody else is told; empty: there is nobody else. kinds: of rooms in which it is
    possible. elsewhere: the reason in other rooms; empty: `refusal`. archived: also in archived rooms. chosen_by: the
    field of a room that decides (a Permitted), in place of `who`, which is what it begins with.
    """

    who: frozenset[Who] = EVERYBODY
    refusal: str = ""
    kinds: frozenset[str] = _ALL
    elsewhere: str = ""
    archived: bool = False
    chosen_by: str = ""


RIGHTS: dict[Action, Right] = {
    Action.READ: Right(archived=True),
    Action.JOIN: Right(archived=True),
    Action.LEAVE: Right(kinds=_ROOMS, elsewhere="direct_cannot_be_left", archived=True),
    Action.POST: Right(_WRITERS, "read_only"),
    Action.ANNOUNCE: Right(_MODERATORS, "room_is_announcement", _ROOMS),
    Action.REACT: Right(_WRITERS, "read_only"),
    Action.EDIT: Right(_WRITERS, "read_only"),
    Action.DELETE_OWN: Right(archived=True),
    Action.DELETE_OTHERS: Right(_MODERATORS, "not_author_or_moderator", _ROOMS, archived=True),
    Action.PIN: Right(_MODERATORS, "cannot_pin"),
    Action.STOP_REPLY: Right(archived=True),
    Action.RETRY_OWN: Right(_WRITERS, "read_only"),
    Action.RETRY_OTHERS: Right(_MODERATORS, "not_asker_or_moderator"),
    # From whoever may not, these names are plain text.
    Action.CALL_HERE: Right(kinds=_ROOMS),
    Action.CALL_ROOM: Right(_MODERATORS, kinds=_ROOMS, chosen_by="callers"),
    Action.DESCRIBE: Right(_WRITERS, "read_only", _ROOMS, "direct_has_no_topic"),
    Action.RENAME: Right(_MODERATORS, "cannot_rename", _ROOMS, "direct_has_no_title"),
    Action.CHANGE_PICTURE: Right(_MODERATORS, "cannot_change_picture", _ROOMS, "direct_has_no_picture"),
    Action.ARCHIVE: Right(_MODERATORS, "cannot_archive", _ROOMS, archived=True),
    Action.SET_POSTING: Right(_MODERATORS, "cannot_set_posting", _ROOMS, "direct_has_no_limits", archived=True),
    Action.CHANGE_KIND: Right(_OWNERS, "cannot_change_kind", _ROOMS, "direct_stays_private", archived=True),
    Action.SET_FILES_DAYS: Right(_OWNERS, "cannot_set_files_days", _ROOMS, archived=True),
    Action.SET_PERMISSIONS: Right(_OWNERS, "cannot_set_permissions", _ROOMS, archived=True),
    Action.SEE_USAGE: Right(_MODERATORS, kinds=_ROOMS, archived=True),
    Action.DELETE_ROOM: Right(_OWNERS, "cannot_delete_room", _ROOMS, "direct_stays", archived=True),
    Action.INVITE: Right(EVERYBODY, "cannot_invite", _ROOMS, "direct_is_for_two", archived=True, chosen_by="inviters"),
    Action.WITHDRAW_OTHERS: Right(_MODERATORS, "not_invited", _ROOMS, archived=True),
    Action.MANAGE_LINKS: Right(
        _MODERATORS, "cannot_manage_links", frozenset({"private"}), "room_needs_no_link", archived=True
    ),
    Action.REMOVE: Right(_MODERATORS, "cannot_remove", _ROOMS, archived=True),
    Action.BAN: Right(_MODERATORS, "cannot_remove", _ROOMS, archived=True),
    Action.APPOINT: Right(_OWNERS, "cannot_appoint", _ROOMS, "role_not_assignable", archived=True),
    Action.TIME_OUT: Right(_MODERATORS, "cannot_time_out", _ROOMS, "direct_has_no_limits", archived=True),
    Action.BLOCK_WORDS: Right(_MODERATORS, "cannot_block_words", _ROOMS, "direct_has_no_limits", archived=True),
    Action.SET_READER: Right(_MODERATORS, "cannot_appoint", _ROOMS, "role_not_assignable", archived=True),
}


def refusal(action: Action, kind: str, who: frozenset[Who], chosen: str = "") -> str | None:
    """The reason why such a person may not do this in a room of this kind; "": there is none to tell; None: they may.

    who: all that they are. chosen: the value of the room's field `chosen_by`; empty: as rooms begin.
    """
    right = RIGHTS[action]
    if kind not in right.kinds:
        return right.elsewhere or right.refusal
    return None if kind == "direct" or who_may(action, chosen) & who else right.refusal


def who_may(action: Action, chosen: str = "") -> frozenset[Who]:
    """In public and private rooms. chosen: as in `refusal`."""
    return _PERMITTED[chosen] if chosen else RIGHTS[action].who


def roles_that_may(action: Action) -> list[str]:
    """The roles in a public or private room that are enough, for queries. Staff need none if they are in `who`."""
    return [who.value for who in (Who.OWNER, Who.MODERATOR, Who.MEMBER, Who.READER) if who in RIGHTS[action].who]
