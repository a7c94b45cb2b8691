"""What a room's timeline says that somebody did: stored as data, read in each reader's language."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from common.sentences import Sentence

# The sender's name stands before each.
NOTICES = {
    "topic_set": Sentence(_("set the topic to “%(topic)s”")),
    "topic_removed": Sentence(_("removed the topic")),
    "description_changed": Sentence(_("changed the description of the room")),
    "room_renamed": Sentence(_("renamed the room from “%(before)s” to “%(title)s”")),
    "picture_set": Sentence(_("changed the picture of the room")),
    "picture_removed": Sentence(_("removed the picture of the room")),
    "room_made_private": Sentence(_("made the room private: only its members can read it now")),
    "room_made_public": Sentence(_("made the room public: everyone can read it and join now")),
    "files_days_set": Sentence(_("decided that files are removed after %(days)s days")),
    "inviters_members": Sentence(_("decided that all members may invite people")),
    "inviters_moderators": Sentence(_("decided that only moderators may invite people")),
    "callers_members": Sentence(_("decided that all members may use @room")),
    "callers_moderators": Sentence(_("decided that only moderators may use @room")),
    "files_days_lifted": Sentence(_("decided that files are kept")),
    "posting_moderators": Sentence(_("made this a room for announcements: only moderators can write here now")),
    "posting_everyone": Sentence(_("let everyone in the room write again")),
    "slow_mode_seconds": Sentence(_("turned on slow mode: one message every %(seconds)s s")),
    "slow_mode_minutes": Sentence(_("turned on slow mode: one message every %(minutes)s min")),
    "slow_mode_off": Sentence(_("turned off slow mode")),
    "room_archived": Sentence(_("archived the room")),
    "room_unarchived": Sentence(_("unarchived the room")),
    "room_deleted": Sentence(_("deleted the room")),
    "room_restored": Sentence(_("restored the room")),
    "message_pinned": Sentence(_("pinned a message")),  # the one that the notice replies to
    "person_added": Sentence(_("added %(name)s to the room")),
    "person_removed": Sentence(_("removed %(name)s from the room")),
    "person_banned": Sentence(_("banned %(name)s from the room")),
    "owner_left": Sentence(_("left the room; @%(name)s owns it now")),
    "owner_deleted": Sentence(_("owns the room now; the account of its owner was deleted")),
}


def notice(reason: str, **params: Any) -> dict:
    """What is stored: {"reason": a key of NOTICES, "params": what its sentence names}.

    Raises KeyError and TypeError for anything else.
    """
    NOTICES[reason].check(reason, params)
    return {"reason": reason, "params": params}


def english(stored: dict) -> str:
    """The text of its message, which is searched, exported, and shown by clients that know no reasons."""
    with translation.override("en"):
        return NOTICES[stored["reason"]].text(stored["params"])


def sentence(stored: dict | None) -> str | None:
    """In the active language; None for what this version does not know."""
    if not stored:
        return None
    known = NOTICES.get(stored["reason"])
    return known.text(stored["params"]) if known else None
