"""The rows of rooms, where Django looks for them. Everybody imports them from here."""

from .attachment import Attachment, PartialUpload, files_in_words
from .bans import BAN_HAS_ENDED, BANNED_NOW, MAX_BAN_REASON, Ban
from .block_lists import BlockList
from .chat import (
    UNFINISHED,
    Membership,
    Message,
    MessageKind,
    MessageQuerySet,
    MessageState,
    Role,
    Room,
    RoomKind,
    RoomQuerySet,
)
from .contacts import (
    AskBeforeAdding,
    Block,
    BlockQuerySet,
    ContactSettings,
    InvitationState,
    PersonalInvitation,
    Removal,
)
from .directory import FormerRoomKey, NameKey, RoomKey, UserKey
from .erasure import Erasure
from .invitation_links import Invitation, InvitationQuerySet
from .invited_rooms import InvitedRoom
from .levels import MUTED_NOW, Level, NotificationSettings
from .notifications import (
    ADDRESSING,
    COLLAPSED,
    INVITATION_VALID_FOR,
    NEVER_PUSHED,
    OF_REPORTS,
    OF_WHOLE_ROOM,
    PERSONAL,
    WITHOUT_MESSAGE,
    ModerationNote,
    Notification,
    NotificationKind,
    NotificationQuerySet,
)
from .own_emoji import OwnEmoji
from .people_groups import GroupMember, PeopleGroup
from .permitted import Permitted
from .pictures import PersonPicture, RoomPicture
from .posting_limits import MAX_TIMEOUT_REASON, FormerReader, LastPost, Posting, Timeout
from .reactions import Reaction
from .reports import MAX_REPORT_WORDS, Decision, Evidence, Report, ReportReason

__all__ = [
    "BlockList",
    "ADDRESSING",
    "BANNED_NOW",
    "BAN_HAS_ENDED",
    "COLLAPSED",
    "INVITATION_VALID_FOR",
    "NEVER_PUSHED",
    "OF_REPORTS",
    "OF_WHOLE_ROOM",
    "WITHOUT_MESSAGE",
    "ModerationNote",
    "PERSONAL",
    "AskBeforeAdding",
    "Attachment",
    "Ban",
    "Block",
    "BlockQuerySet",
    "ContactSettings",
    "Decision",
    "Erasure",
    "Evidence",
    "FormerReader",
    "FormerRoomKey",
    "GroupMember",
    "Invitation",
    "InvitationQuerySet",
    "InvitationState",
    "InvitedRoom",
    "LastPost",
    "Level",
    "MAX_BAN_REASON",
    "MAX_REPORT_WORDS",
    "MAX_TIMEOUT_REASON",
    "MUTED_NOW",
    "Membership",
    "Message",
    "MessageKind",
    "MessageQuerySet",
    "MessageState",
    "NameKey",
    "Notification",
    "NotificationKind",
    "NotificationQuerySet",
    "NotificationSettings",
    "OwnEmoji",
    "PeopleGroup",
    "PersonPicture",
    "PersonalInvitation",
    "Posting",
    "Removal",
    "PartialUpload",
    "Reaction",
    "Permitted",
    "Report",
    "ReportReason",
    "Role",
    "Room",
    "RoomKey",
    "RoomKind",
    "RoomPicture",
    "RoomQuerySet",
    "Timeout",
    "UNFINISHED",
    "UserKey",
    "files_in_words",
]
