"""The catalogue of reasons why something is refused: each has a code and a sentence. Other apps register theirs."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

STATUS = {
    "invalid": 400,
    "too_long": 413,
    "unauthenticated": 401,
    "not_found": 404,
    "forbidden": 403,
    "conflict": 409,
    "rate_limited": 429,
    "overloaded": 503,
    "unavailable": 503,
    "internal": 500,
}


class _Names(dict):
    """A mapping that remembers what a sentence asks it for."""

    def __missing__(self, name: str) -> int:
        return self.setdefault(name, 0)


@dataclass(frozen=True)
class Reason:
    """code: one of STATUS. sentence: translated where it is shown, with %(name)s for each of `params`."""

    code: str
    sentence: Promise

    @cached_property
    def params(self) -> frozenset[str]:
        """Read late: before the apps are loaded nothing can be translated."""
        names = _Names()
        self.sentence % names  # noqa: B018 (for the names that it asks for)
        return frozenset(names)

    def text(self, params: dict[str, Any]) -> str:
        """The sentence in the language of the reader, which is the active one."""
        return str(self.sentence % params) if params else str(self.sentence)


REASONS: dict[str, Reason] = {}


def register(code: str, **sentences: Promise) -> None:
    """Add reasons with this code. Raises ValueError."""
    if code not in STATUS:
        raise ValueError(f"there is no code {code}")
    for name, sentence in sentences.items():
        if name in REASONS:
            raise ValueError(f"there is a reason {name} already")
        REASONS[name] = Reason(code, sentence)


register(
    "invalid",
    unknown_type=_("Unknown type; use one of: %(types)s."),
    id_missing=_("The field id is missing; send a UUID of your own."),
    id_invalid=_("The field id must be a UUID."),
    frame_binary=_("Send text frames; this one was binary."),
    frame_not_json=_("This frame is not valid JSON."),
    frame_not_object=_("Send one JSON object a frame."),
    command_unknown_field=_("%(command)s has no field %(field)r."),
    command_field_missing=_("%(command)s needs the field %(field)s."),
    field_not_text=_("The field %(name)s must be a text."),
    field_not_number=_("The field %(name)s must be a whole number, not below 0."),
    body_not_object=_("Send one JSON object."),
    body_unknown_field=_("There is no field %(name)r here."),
    parameter_not_number=_("%(name)s must be a whole number, not below 0."),
    parameter_not_time=_("%(name)s must be a date or a time like 2026-11-20 or 2026-11-20T10:00:00Z."),
    parameters_exclusive=_("Give only one of before, after and around."),
    method_not_allowed=_("Use one of: %(methods)s."),
    only_messages_here=_("Only messages can be posted here."),
    command_not_here=_("Here you can use %(commands)s."),
    form_outdated=_("The page was out of date. Send the message once more."),
    message_empty=_("The message is empty."),
    not_one_emoji=_("The reaction must be one emoji."),
    too_many_reactions=_("This message has as many different reactions as it can hold."),
    room_title_empty=_("Type a name for the room."),
    room_title_unusable=_("Use at least one letter or digit in the name, and no control characters."),
    hidden_characters=_("This text contains hidden characters that change its direction. Remove them."),
    unknown_room_kind=_("The kind of a room is public or private."),
    role_not_assignable=_("Members and moderators can be appointed, and in rooms only."),
    link_limits=_("A link lasts 1 to 30 days, and lets in 1 to 1000 people or any number."),
    room_needs_no_link=_("Links are for private rooms. Into a public one its address leads everybody."),
    direct_with_yourself=_("A talk needs two people; this is you."),
    block_yourself=_("You cannot block yourself."),
    bot_not_erasable=_("Bots cannot be erased. Disable them instead."),
)
register(
    "too_long",
    message_too_long=ngettext_lazy(
        "The message is %(over)s character too long; at most %(most)s are possible.",
        "The message is %(over)s characters too long; at most %(most)s are possible.",
        "over",
    ),
    room_title_too_long=_("The name is too long: %(count)s characters of at most %(most)s."),
    room_text_too_long=_("This is too long; at most %(count)s characters are possible."),
    search_too_long=_("The search is too long: %(count)s characters of at most %(most)s."),
    request_too_large=_("The request is too large; at most 64 KiB are possible."),
)
register("unauthenticated", sign_in_needed=_("Sign in first, or send a valid token."))
register(
    "not_found",
    no_such_room=_("There is no such room."),
    no_such_person=_("There is nobody of that name."),
    no_such_message=_("There is no such message in this room."),
    no_such_reply=_("There is no such reply in this room."),
    no_such_address=_("There is nothing at this address."),
    message_deleted=_("This message was deleted."),
    reply_to_elsewhere=_("The message you reply to is not in this room."),
    not_a_member=_("This person is not in the room."),
    not_invited=_("You have not invited this person."),
    invitation_gone=_("This invitation no longer stands."),
    link_invalid=_("This link leads nowhere. Perhaps it has expired; ask for a new one."),
)
register(
    "forbidden",
    room_archived=_("This room is closed. It can be read, and nobody writes here."),
    page_outdated=_("The page is out of date. Reload it and try again."),
    insufficient_scope=_("This token may not do that; it needs the scope “%(scope)s”."),
    not_author=_("Only its author can edit a message."),
    not_author_or_moderator=_("Only its author or a moderator can delete a message."),
    not_asker_or_moderator=_("Only who asked, or a moderator, can ask again."),
    cannot_remove=_("Only a moderator of the room can remove somebody, and nobody its owner."),
    cannot_archive=_("Only a moderator of the room can close it or open it again."),
    cannot_manage_links=_("Only a moderator of the room can make and revoke links."),
    cannot_appoint=_("Only the owner of the room can appoint moderators."),
    person_banned=_("This person was banned. Only a moderator can let them back in."),
    direct_has_no_topic=_("A talk has no topic."),
    direct_is_for_two=_("A talk has exactly two people. Make a room for more."),
    direct_cannot_be_left=_("A talk cannot be left."),
)
register(
    "conflict",
    id_taken=_("This id belongs to another message; send it again with a new one."),
    reply_finished=_("This reply is finished already."),
    reply_unfinished=_("This reply is not finished yet."),
    too_many_same_titles=_("Too many rooms have a name like this. Choose another one."),
    too_many_invited=_(
        "%(count)s people whom you invited have not answered yet. Withdraw some of these invitations first."
    ),
    too_many_links=_("There are %(count)s links already. Revoke one of them."),
    too_many_blocked=_("You have blocked %(count)s people already. Unblock one of them first."),
    only_administrator=_("This is the only administrator. Make another account one first."),
)
register(
    "rate_limited",
    sending_too_fast=_("You write faster than others can read. Wait %(seconds)s s."),
    too_many_changes=_("Too many changes at once. Wait %(seconds)s s."),
    too_many_commands=_("Too many commands at once. Wait %(seconds)s s."),
    too_many_searches=_("These were many searches in a short time. Wait %(seconds)s s."),
    too_many_lookups=_("These were many look-ups in a short time. Wait %(seconds)s s."),
    too_many_downloads=_("You have downloaded your data several times. Wait %(seconds)s s."),
    too_many_links_opened=_("These were many links in a short time. Wait %(seconds)s s."),
    too_many_new_rooms=_("These were many new rooms in a short time. Wait %(seconds)s s."),
    too_many_new_directs=_("You have begun many conversations today. Try again in %(hours)s h."),
    too_many_invitations=_("You have invited many people today. Try again in %(hours)s h."),
    download_running=_("Your data is being downloaded already. Wait until that has ended."),
    connection_too_busy=_("Too many %(what)s. Send less, or this connection is closed."),
)
register(
    "overloaded",
    server_busy=_("The server is busy. Your message is kept: send it again."),
    too_many_rooms_being_made=_("Many rooms are being made just now. Try again in a moment."),
    search_too_slow=_("This search takes too long. Search in one room, or for a word that is not so frequent."),
)
register(
    "unavailable",
    database_away=_("The server cannot reach its database just now. Nothing is lost: send it again."),
)
register(
    "internal",
    internal_error=_("Something went wrong on the server. Please report the number %(quote)s."),
    message_not_written=_("Something went wrong on the server. Please send it again."),
)
