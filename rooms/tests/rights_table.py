"""Who may do what with rooms: for every operation, what each kind of person is answered in each kind of room.

What one needs a right for is taken from the table of rights; by hand is only what else decides.
"""

from collections.abc import Callable
from dataclasses import dataclass

from rooms.kernel.reasons import REASONS
from rooms.kernel.rights import RIGHTS, Action, Who, refusal

from .operations import ONLY_READ

MEMBERS = ["owner", "moderator", "member", "reader", "blocked", "bot"]
OUTSIDERS = ["stranger", "former", "removed", "banned", "pending", "staff"]
ROOMS = ["public", "public archived", "private", "private archived", "direct"]


@dataclass(frozen=True)
class Case:
    """One person in front of one room."""

    person: str
    room: str

    @property
    def sees(self) -> bool:
        if self.room == "direct":
            return self.person in ("member", "blocked")  # the two of it
        return self.person in MEMBERS or (self.room.startswith("public") and self.person != "banned")

    @property
    def who(self) -> frozenset[Who]:
        """What they are in front of a room that they see."""
        if self.direct:
            return frozenset({Who.MEMBER})
        member = "member" if self.person in MEMBERS else "visitor"
        standing = self.person if self.person in {who.value for who in Who} else member
        return frozenset({Who.VISITOR, Who.STAFF} if self.person == "staff" else {Who(standing)})

    @property
    def kind(self) -> str:
        return self.room.split()[0]

    @property
    def open(self) -> bool:
        return "archived" not in self.room

    @property
    def direct(self) -> bool:
        return self.room == "direct"


Rule = Callable[[Case], str]


def by(action: Action) -> Rule:
    """As the table of rights has it: who may, in which kind of room, and whether in archived ones."""

    def rule(case: Case) -> str:
        if not case.sees:
            return "not_found"
        if (reason := refusal(action, case.kind, case.who)) is not None:
            return REASONS[reason].code
        return "ok" if case.open or RIGHTS[action].archived else REASONS["room_archived"].code

    return rule


reads, writes = by(Action.READ), by(Action.POST)


def unreacts(case: Case) -> str:
    """Whoever may not react any more may still take back what they said so."""
    return reads(case) if case.open or not case.sees else "forbidden"


def without_a_file(case: Case) -> str:
    """Files come in beside Django: see test_files_serving.py."""
    return "invalid" if case.sees else "not_found"


def staff(case: Case) -> str:
    return "ok" if case.person == "staff" else "forbidden"


def staff_finds_none(case: Case) -> str:
    return "not_found" if case.person == "staff" else "forbidden"


def staff_in_page(case: Case) -> str:
    return "ok" if case.person == "staff" else "not_found"


def deletes(case: Case) -> str:
    """By the form, in which its name was not typed."""
    return "conflict" if case.sees and not case.direct else by(Action.DELETE_ROOM)(case)


changes_picture = by(Action.CHANGE_PICTURE)


def gives_picture(case: Case) -> str:
    """Without one: files come in beside Django."""
    return "invalid" if changes_picture(case) == "ok" else changes_picture(case)


def other_than_mine(_case: Case) -> str:
    return "forbidden"


def for_staff(case: Case) -> str:
    return "ok" if case.person == "staff" else "forbidden"


def in_form(rule: Rule) -> Rule:
    """What a form says of a refusal is that there is nothing."""
    return lambda case: "ok" if rule(case) == "ok" else "not_found"


def never(case: Case) -> str:
    return "forbidden" if case.sees else "not_found"


def always(_case: Case) -> str:
    return "ok"


def no_link(_case: Case) -> str:
    return "not_found"


def only_post(_case: Case) -> str:
    return "405"


def edits(case: Case) -> str:
    """A message of somebody else."""
    return never(case)


def finds_no_ban(case: Case) -> str:
    """Of a member."""
    found = by(Action.BAN)(case)
    return "not_found" if found == "ok" else found


def answers(case: Case) -> str:
    return "ok" if case.person == "pending" and not case.direct else "not_found"


# By the label of an operation. Another room and other people are always to be had.
RULES: dict[str, Rule] = {
    "GET receipt": reads,
    "GET feedback": reads,
    "POST give_feedback": reads,
    "GET rooms": always,
    "POST rooms": always,
    "GET search": always,
    "GET people": always,
    "GET jump": always,
    "GET emoji": always,
    "GET server_invitations": staff,
    "POST server_invitations": staff,
    "POST mail_server_invitations": lambda case: "forbidden",  # there is no mail
    "GET server_invitation": staff_finds_none,
    "DELETE server_invitation": staff_finds_none,
    "GET members": reads,
    "GET blocks": always,
    "POST block": always,
    "POST unblock": always,
    "POST direct": always,
    "GET room": reads,
    "PATCH room": by(Action.DESCRIBE),
    "GET messages": reads,
    "POST messages": writes,
    "GET files": reads,
    "POST files": without_a_file,
    "POST uploads": without_a_file,
    "GET upload": no_link,
    "PATCH upload": no_link,
    "DELETE upload": no_link,
    "PATCH own_file": no_link,
    "DELETE own_file": no_link,
    "POST forward": writes,
    "POST report_message": reads,
    "POST report_person": always,
    "GET reports": always,
    "GET report_queue": always,
    "POST decide_report": no_link,
    "POST avatar": other_than_mine,
    "DELETE avatar": other_than_mine,
    "POST room_avatar": gives_picture,
    "DELETE room_avatar": changes_picture,
    "GET reactions": reads,
    "POST commands: edit": edits,
    "POST commands: delete": by(Action.DELETE_OTHERS),
    "POST commands: react": by(Action.REACT),
    "POST commands: unreact": unreacts,
    "POST commands: pin": by(Action.PIN),
    "POST commands: unpin": by(Action.PIN),
    "GET pins": reads,
    "POST commands: read": reads,
    "POST commands: unread": reads,
    "POST commands: stop": by(Action.STOP_REPLY),
    "POST commands: retry": by(Action.RETRY_OTHERS),
    "GET online": reads,
    "POST read_all": always,
    "POST restore_unread": always,
    "GET inbox": always,
    "GET inbox_new": always,
    "POST inbox_all_done": always,
    "POST inbox_restore": always,
    "POST inbox_done": no_link,
    "POST inbox_read": no_link,
    "GET invitations": always,
    "POST accept_invitation": answers,
    "POST decline_invitation": answers,
    "POST invite": by(Action.INVITE),
    "GET invited": reads,
    "POST withdraw": by(Action.WITHDRAW_OTHERS),
    "POST remove": by(Action.REMOVE),
    "POST ban": by(Action.BAN),
    "PATCH ban": finds_no_ban,
    "GET bans": by(Action.BAN),
    "POST unban": by(Action.BAN),
    "POST delete_messages": by(Action.DELETE_OTHERS),
    "POST appoint": by(Action.APPOINT),
    "POST kind": by(Action.CHANGE_KIND),
    "POST permissions": by(Action.SET_PERMISSIONS),
    "POST files_days": by(Action.SET_FILES_DAYS),
    "GET timeouts": by(Action.TIME_OUT),
    "POST timeout": by(Action.TIME_OUT),
    "POST lift_timeout": by(Action.TIME_OUT),
    "GET server_timeouts": staff,
    "POST server_timeouts": staff,
    "POST server_lift_timeout": staff,
    "POST posting": by(Action.SET_POSTING),
    "POST slow_mode": by(Action.SET_POSTING),
    "GET block_list": by(Action.BLOCK_WORDS),
    "POST block_list": by(Action.BLOCK_WORDS),
    "GET server_block_list": staff,
    "POST server_block_list": staff,
    "POST delete": by(Action.DELETE_ROOM),
    "POST restore": no_link,
    "GET deleted_rooms": always,
    "POST rename": by(Action.RENAME),
    "POST close": by(Action.ARCHIVE),
    "POST reopen": by(Action.ARCHIVE),
    "POST leave": by(Action.LEAVE),
    "POST level": reads,
    "POST mute": reads,
    "POST unmute": reads,
    "POST star": reads,
    "POST unstar": reads,
    "POST order": always,
    "GET notification_settings": always,
    "PATCH notification_settings": always,
    "GET devices": always,
    "POST devices": always,
    "GET device_key": always,
    "DELETE device": no_link,
    "POST test_device": no_link,
    "GET preferences": always,
    "PATCH preferences": always,
    "GET sessions": always,
    "DELETE sessions": always,
    "DELETE session": no_link,
    "GET audit": for_staff,
    "GET server_settings": for_staff,
    "PATCH server_settings": other_than_mine,
    "GET me": always,
    "PATCH me": always,
}


def in_page(rule: Rule) -> Rule:
    """The same on the page about a room, which direct messages do not have."""
    return lambda case: "not_found" if case.direct else rule(case)


FORMS: dict[str, Rule] = {
    "describe": by(Action.DESCRIBE),
    "invite": by(Action.INVITE),
    "withdraw": by(Action.WITHDRAW_OTHERS),
    "remove": by(Action.REMOVE),
    "ban": by(Action.BAN),
    "change_ban": finds_no_ban,
    "lift_ban": by(Action.BAN),
    "make_moderator": by(Action.APPOINT),
    "make_member": by(Action.APPOINT),
    "mute": reads,
    "level": reads,
    "star": reads,
    "move_up": reads,
    "move_down": reads,
    "join": by(Action.JOIN),
    "leave": by(Action.LEAVE),
    "kind": by(Action.CHANGE_KIND),
    "permissions": by(Action.SET_PERMISSIONS),
    "files_days": by(Action.SET_FILES_DAYS),
    "time_out": by(Action.TIME_OUT),
    "lift_timeout": by(Action.TIME_OUT),
    "posting": by(Action.SET_POSTING),
    "slow_mode": by(Action.SET_POSTING),
    "block_words": by(Action.BLOCK_WORDS),
    "make_reader": by(Action.SET_READER),
    "delete": deletes,
    "rename": by(Action.RENAME),
    "close": by(Action.ARCHIVE),
    "reopen": by(Action.ARCHIVE),
    "make_link": by(Action.MANAGE_LINKS),
    "revoke_link": by(Action.MANAGE_LINKS),
}
PAGES: dict[str, Rule] = {
    "page GET rooms": always,
    "page POST rooms": always,
    "page POST rooms: private": always,
    "page GET room": reads,
    "page POST room": writes,
    "page GET about": in_page(reads),
    "page GET room_people": in_page(reads),
    "page GET pins": reads,
    "page GET room_files": reads,
    "page POST pins: pin": by(Action.PIN),
    "page POST pins: unpin": by(Action.PIN),
    "page GET invited": no_link,
    "page GET own_emoji": no_link,
    "page GET picture": no_link,
    "page GET large_picture": no_link,
    "page GET room_picture": no_link,
    "page GET large_room_picture": no_link,
    "page GET report_message": reads,
    "page POST report_message": reads,
    "page GET report_person": always,
    "page POST report_person": always,
    "page GET reports": always,
    "page POST reports": no_link,
    "page GET forward": reads,
    "page POST forward": writes,
    "page GET send_shared": only_post,
    "page POST send_shared": writes,
    "page GET change_picture": only_post,
    "page POST change_picture": no_link,
    "page GET change_room_picture": only_post,
    "page POST change_room_picture": in_form(changes_picture),
    "page GET file": no_link,
    "page GET file_text": no_link,
    "page GET preview": no_link,
    "page GET linked_file": no_link,
    "page POST invited": no_link,
    "page GET direct_message": always,
    "page POST direct_message": always,
    "page GET about_person": always,
    "page GET about_person_before": always,
    "page GET privacy": always,
    "page GET new_room": always,
    "page POST new_room": always,
    "page GET deleted_rooms": always,
    "page POST deleted_rooms": no_link,
    "page GET settings": always,
    "page GET settings_keys": always,
    "page GET dismiss_welcome": only_post,
    "page GET settings_notifications": always,
    "page GET setup": staff_in_page,
    "page GET join_server": no_link,
    "page POST join_server": no_link,
    "page GET server_invitations": staff_in_page,
    "page POST server_invitations": staff_in_page,
    "page GET server_timeouts": staff_in_page,
    "page POST server_timeouts": staff_in_page,
    "page GET server_block_list": staff_in_page,
    "page POST server_block_list": staff_in_page,
    "page GET server_invitation": no_link,
    "page POST server_invitation": no_link,
    "page GET groups": always,
    "page POST groups": always,
    "page GET group": no_link,
    "page POST group": no_link,
    "page GET unread": always,
    "page POST unread": always,
    "page GET inbox": always,
    "page POST inbox": always,
    "page GET answer_invitation": only_post,
    "page POST answer_invitation: accept": answers,
    "page POST answer_invitation: decline": answers,
}
PAGES |= {f"page POST about: {do}": in_page(rule) for do, rule in FORMS.items()}
PAGES |= {
    f"page POST {page}: {do}": always for page in ("about_person", "privacy") for do in ("block", "unblock", "settings")
}
PAGES |= {f"page GET {page}": always for page in ONLY_READ}


# What an operation writes into the audit log where it changes something, by the last word of its label. All others
# write nothing: what members do with what is their own is no act of moderators or staff.
AUDITED: dict[str, str] = {
    "room_avatar": "room.picture_changed",
    "change_room_picture": "room.picture_changed",
    "delete": "room.deleted",
    "pin": "message.pinned",
    "unpin": "message.unpinned",
    "withdraw": "room.invitation_withdrawn",
    "remove": "room.person_removed",
    "delete_messages": "room.messages_deleted",
    "ban": "room.person_banned",
    "appoint": "room.moderator_appointed",
    "make_moderator": "room.moderator_appointed",
    "make_member": "room.moderator_dismissed",
    "kind": "room.made_private",
    "permissions": "room.inviters_changed",
    "files_days": "room.files_days_changed",
    "posting": "room.posting_changed",
    "timeout": "room.person_timed_out",
    "time_out": "room.person_timed_out",
    "server_timeouts": "account.timed_out",
    "slow_mode": "room.slow_mode_changed",
    "block_list": "room.block_list_changed",
    "block_words": "room.block_list_changed",
    "server_block_list": "server.block_list_changed",
    "make_reader": "room.person_made_reader",
    "rename": "room.renamed",
    "close": "room.archived",
    "reopen": "room.unarchived",
    "groups": "group.made",
    "server_invitations": "server.invitation_made",
    "make_link": "room.link_made",
    "revoke_link": "room.link_revoked",
}


def audited(label: str, case: Case) -> str | None:
    """The act of an operation that changes something; None: it is told nowhere."""
    if label == "page POST server_timeouts":  # it lifts one that there is not
        return None
    word = label.split()[-1]
    if label == "POST commands: delete":
        return "message.deleted"
    if word == "leave" and case.person == "owner":
        return "room.owner_changed"
    own = word in ("pin", "unpin") and case.direct or word == "withdraw" and case.person == "owner"
    return None if own else AUDITED.get(word)
