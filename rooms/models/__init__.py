"""The rows of rooms, where Django looks for them. Everybody imports them from here."""

from .chat import (
    UNFINISHED,
    Invitation,
    InvitationQuerySet,
    Kind,
    Membership,
    Message,
    MessageKind,
    MessageQuerySet,
    Reaction,
    Role,
    Room,
    RoomQuerySet,
    State,
)
from .contacts import AskBeforeAdding, Block, BlockQuerySet, ContactSettings, InvitationState, PersonalInvitation
from .directory import NameKey, RoomKey, UserKey
from .erasure import Erasure

__all__ = [
    "AskBeforeAdding",
    "Block",
    "BlockQuerySet",
    "ContactSettings",
    "Erasure",
    "Invitation",
    "InvitationQuerySet",
    "InvitationState",
    "Kind",
    "Membership",
    "Message",
    "MessageKind",
    "MessageQuerySet",
    "NameKey",
    "PersonalInvitation",
    "Reaction",
    "Role",
    "Room",
    "RoomKey",
    "RoomQuerySet",
    "State",
    "UNFINISHED",
    "UserKey",
]
