"""What somebody may do on the server, whatever they are in its rooms: the table, and how it is asked.

docs/rights.md shows it. What they may do in a room is in rooms/kernel/rights.py; who may give which role, in roles.py.
"""

from enum import StrEnum

from django.contrib.auth.models import AnonymousUser

from site_settings import current

from .models import User
from .roles import ServerRole


class ServerAction(StrEnum):
    """The values are shown in docs/rights.md."""

    CREATE_ROOMS = "create rooms"
    INVITE_TO_SERVER = "invite people to the server"
    INVITE_ADMINS = "invite administrators to the server"
    MANAGE_GROUPS = "change groups of people that others have made"
    MANAGE_EMOJI = "change the server's own emoji"
    MANAGE_BOTS = "change bots, see why they failed and what they used"
    MANAGE_PEOPLE = "see accounts, and deactivate, sign out and delete those of people with a lower role"
    DECIDE_REPORTS = "decide about all reports, seeing what was kept as evidence"
    RUN_SERVER = "run failed jobs again, make backups, check the mail server"
    CHANGE_SETTINGS = "see and change the settings of the server"
    TIME_OUT = "time people out of writing anywhere, and lift that"
    BLOCK_WORDS = "block words and links in every room and direct message"
    READ_AUDIT_LOG = "read and export the audit log"
    SEE_STATUS = "see the setup page, figures and states of the server, and Django's admin"


_OWNERS = frozenset({ServerRole.OWNER})
_STAFF = frozenset({ServerRole.OWNER, ServerRole.ADMIN})
_MODERATORS = _STAFF | {ServerRole.MODERATOR}
_MEMBERS = _MODERATORS | {ServerRole.MEMBER}
# By the values of ROOM_CREATORS.
ROOM_CREATORS = {"members": _MEMBERS, "moderators": _MODERATORS}

SERVER_RIGHTS: dict[ServerAction, frozenset[ServerRole]] = {
    ServerAction.CREATE_ROOMS: _MEMBERS,  # unless ROOM_CREATORS says otherwise
    ServerAction.INVITE_TO_SERVER: _STAFF,
    ServerAction.INVITE_ADMINS: _OWNERS,
    ServerAction.MANAGE_GROUPS: _STAFF,
    ServerAction.MANAGE_EMOJI: _STAFF,
    ServerAction.MANAGE_BOTS: _STAFF,
    ServerAction.MANAGE_PEOPLE: _STAFF,
    ServerAction.DECIDE_REPORTS: _STAFF | {ServerRole.MODERATOR},
    ServerAction.RUN_SERVER: _STAFF,
    ServerAction.CHANGE_SETTINGS: _STAFF,
    ServerAction.TIME_OUT: _STAFF,
    ServerAction.BLOCK_WORDS: _STAFF,
    ServerAction.READ_AUDIT_LOG: _STAFF,
    ServerAction.SEE_STATUS: _STAFF,
}


def may_on_server(user: User | AnonymousUser, action: ServerAction) -> bool:
    """Nobody who is not signed in may."""
    return isinstance(user, User) and user.role in _roles(action)


def _roles(action: ServerAction) -> frozenset[ServerRole]:
    is_set = action == ServerAction.CREATE_ROOMS
    return ROOM_CREATORS[current.text("ROOM_CREATORS")] if is_set else SERVER_RIGHTS[action]
