"""Who may do what with rooms: for every operation, what each kind of person is answered in each kind of room."""

from collections.abc import Callable
from dataclasses import dataclass

from .operations import ONLY_READ

MEMBERS = ["owner", "moderator", "member", "blocked", "bot"]
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
    def moderates(self) -> bool:
        return self.person in ("owner", "moderator", "staff") and self.room != "direct"

    @property
    def open(self) -> bool:
        return "archived" not in self.room

    @property
    def direct(self) -> bool:
        return self.room == "direct"


Rule = Callable[[Case], str]


def reads(case: Case) -> str:
    return "ok" if case.sees else "not_found"


def writes(case: Case) -> str:
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


def in_rooms(case: Case) -> str:
    """What members of a room do, and nobody in direct messages."""
    return "forbidden" if case.direct and case.sees else reads(case)


def moderates(case: Case) -> str:
    return reads(case) if case.moderates or not case.sees else "forbidden"


def renames(case: Case) -> str:
    return describes(case) if case.moderates else in_rooms(case) if case.direct or not case.sees else "forbidden"


def decides(case: Case) -> str:
    """What the owner of a room does, and staff."""
    if case.direct or not case.sees:
        return in_rooms(case)
    return "ok" if case.person in ("owner", "staff") else "forbidden"


def deletes(case: Case) -> str:
    """By the form, in which its name was not typed."""
    return "conflict" if case.sees and not case.direct else in_rooms(case)


def changes_picture(case: Case) -> str:
    return describes(case) if case.moderates else in_rooms(case) if case.direct or not case.sees else "forbidden"


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


def describes(case: Case) -> str:
    return "forbidden" if case.direct and case.sees else writes(case)


def edits(case: Case) -> str:
    """A message of somebody else."""
    return never(case)


def appoints(case: Case) -> str:
    if not case.sees:
        return "not_found"
    return "invalid" if case.direct else "ok" if case.person in ("owner", "staff") else "forbidden"


def retries(case: Case) -> str:
    """A reply that somebody else asked for."""
    if not case.sees or not case.open:
        return writes(case)
    return "ok" if case.moderates or case.direct else "forbidden"


def pins(case: Case) -> str:
    if not case.sees or not case.open:
        return writes(case)
    return "ok" if case.moderates or case.direct else "forbidden"


def withdraws(case: Case) -> str:
    """What the owner asked of somebody."""
    if not case.sees:
        return "not_found"
    return "ok" if case.moderates else "not_found"


def answers(case: Case) -> str:
    return "ok" if case.person == "pending" and not case.direct else "not_found"


def makes_links(case: Case) -> str:
    return "invalid" if not case.room.startswith("private") and case.sees else moderates(case)


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
    "PATCH room": describes,
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
    "POST avatar": other_than_mine,
    "DELETE avatar": other_than_mine,
    "POST room_avatar": gives_picture,
    "DELETE room_avatar": changes_picture,
    "GET reactions": reads,
    "POST commands: edit": edits,
    "POST commands: delete": moderates,
    "POST commands: react": writes,
    "POST commands: unreact": writes,
    "POST commands: pin": pins,
    "POST commands: unpin": pins,
    "GET pins": reads,
    "POST commands: read": reads,
    "POST commands: unread": reads,
    "POST commands: stop": reads,
    "POST commands: retry": retries,
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
    "POST invite": in_rooms,
    "GET invited": reads,
    "POST withdraw": withdraws,
    "POST remove": moderates,
    "POST ban": moderates,
    "POST appoint": appoints,
    "POST kind": decides,
    "POST files_days": decides,
    "POST delete": decides,
    "POST restore": no_link,
    "GET deleted_rooms": always,
    "POST rename": renames,
    "POST close": moderates,
    "POST reopen": moderates,
    "POST leave": in_rooms,
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
    "GET me": always,
    "PATCH me": always,
}


def in_page(rule: Rule) -> Rule:
    """The same on the page about a room, which direct messages do not have."""
    return lambda case: "not_found" if case.direct else rule(case)


FORMS: dict[str, Rule] = {
    "describe": describes,
    "invite": in_rooms,
    "withdraw": withdraws,
    "remove": moderates,
    "ban": moderates,
    "make_moderator": appoints,
    "make_member": appoints,
    "mute": reads,
    "level": reads,
    "star": reads,
    "move_up": reads,
    "move_down": reads,
    "join": reads,
    "leave": in_rooms,
    "kind": decides,
    "files_days": decides,
    "delete": deletes,
    "rename": renames,
    "close": moderates,
    "reopen": moderates,
    "make_link": makes_links,
    "revoke_link": makes_links,
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
    "page POST pins: pin": pins,
    "page POST pins: unpin": pins,
    "page GET invited": no_link,
    "page GET own_emoji": no_link,
    "page GET picture": no_link,
    "page GET large_picture": no_link,
    "page GET room_picture": no_link,
    "page GET large_room_picture": no_link,
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
    "ban": "room.person_banned",
    "appoint": "room.moderator_appointed",
    "make_moderator": "room.moderator_appointed",
    "make_member": "room.moderator_dismissed",
    "kind": "room.made_private",
    "files_days": "room.files_days_changed",
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
    word = label.split()[-1]
    if label == "POST commands: delete":
        return "message.deleted"
    if word == "leave" and case.person == "owner":
        return "room.owner_changed"
    own = word in ("pin", "unpin") and case.direct or word == "withdraw" and case.person == "owner"
    return None if own else AUDITED.get(word)
