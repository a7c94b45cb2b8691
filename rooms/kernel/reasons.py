"""The catalogue of reasons why something is refused: each has a code and a sentence. Other apps register theirs."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from common.sentences import Sentence

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


@dataclass(frozen=True)
class Reason(Sentence):
    """code: one of STATUS."""

    code: str


REASONS: dict[str, Reason] = {}


def register(code: str, **sentences: Promise) -> None:
    """Add reasons with this code. Raises ValueError."""
    if code not in STATUS:
        raise ValueError(f"there is no code {code}")
    for name, sentence in sentences.items():
        if name in REASONS:
            raise ValueError(f"there is a reason {name} already")
        REASONS[name] = Reason(sentence, code)


register(
    "invalid",
    unknown_type=_("Unknown type; use one of: %(types)s."),
    id_missing=_("The field id is missing; send a UUID of your own."),
    id_invalid=_("The field id must be a UUID."),
    frame_binary=_("Send text frames; this one was binary."),
    frame_not_json=_("This frame is not valid JSON."),
    frame_not_object=_("Send one JSON object per frame."),
    command_unknown_field=_("%(command)s has no field %(field)s."),
    command_field_missing=_("%(command)s needs the field %(field)s."),
    field_not_text=_("The field %(field)s must be a string."),
    field_not_number=_("The field %(field)s must be a whole number, not below 0."),
    field_not_boolean=_("The field %(field)s must be true or false."),
    body_not_object=_("Send one JSON object."),
    field_not_texts=_("The field %(field)s must be a list of strings."),
    body_unknown_field=_("There is no field %(field)s here."),
    parameter_not_number=_("%(parameter)s must be a whole number, not below 0."),
    parameter_not_time=_("%(parameter)s must be a date or a time like 2026-11-20 or 2026-11-20T10:00:00Z."),
    parameters_exclusive=_("Give only one of before, after and around."),
    method_not_allowed=_("Use one of: %(methods)s."),
    only_messages_here=_("Only messages can be posted here."),
    command_not_here=_("Here you can use %(commands)s."),
    form_outdated=_("The page was out of date. Send the message again."),
    message_empty=_("The message is empty."),
    blocked_in_room=_("“%(phrase)s” cannot be written in this room. Change the text."),
    blocked_on_server=_("“%(phrase)s” cannot be written on this server. Change the text."),
    unknown_file_kind=_("Use one of: %(kinds)s."),
    upload_length_wrong=_("Say how large the file is, in bytes, in the header Upload-Length."),
    upload_metadata_unreadable=_("The header Upload-Metadata cannot be read."),
    file_missing=_("Send a file in the field “file” of a form (multipart/form-data)."),
    file_infected=_("The file was refused: the virus scanner found %(virus)s in it."),
    form_unreadable=_("What was sent is not a whole form. Try again."),
    too_many_files=_("Send at most %(limit)s files at once."),
    not_one_emoji=_("The reaction must be one emoji."),
    bad_emoji_name=_("Use 2 to 30 small letters (a–z), digits, hyphens, plus signs and underscores."),
    emoji_too_large=_("The picture may have at most %(limit)s KB."),
    emoji_too_many_pixels=_("The picture may be at most %(limit)s pixels wide and high."),
    no_picture=_("This picture cannot be read. Use a photo or an image, such as JPEG, PNG or WebP."),
    not_a_picture=_("Use a picture in PNG, GIF or WebP."),
    too_many_emoji=_("There are %(limit)s emoji already; delete one first."),
    too_many_reactions=_("This message has as many different reactions as it can hold."),
    not_forwardable=_("Only what people and bots have finished saying can be forwarded."),
    notice_not_pinnable=_("Only what people and bots say can be pinned."),
    no_link_to_message=_("Enter a link to a message in this room."),
    room_title_empty=_("Enter a name for the room."),
    room_title_unusable=_("Use at least one letter or digit in the name, and no control characters."),
    hidden_characters=_("This text contains hidden characters that change its direction. Remove them."),
    bad_keywords=_("Choose at most %(count)s words or phrases, each of at most %(limit)s characters."),
    bad_group_name=_("Use up to 32 letters, digits, “_”, “.” or “-”, and a name that is nobody's and not reserved."),
    too_many_groups=_("There are %(limit)s groups already; delete one first."),
    unknown_level=_("Use one of: %(levels)s."),
    unknown_inbox_kind=_("Use one of: %(kinds)s."),
    permission_unknown=_("Who may do it is one of these: %(choices)s."),
    files_days_unknown=_(
        "A room keeps its files for one of these numbers of days: %(choices)s; 0: as long as the server."
    ),
    unknown_room_kind=_("A room is either public or private."),
    role_not_assignable=_("A role is reader, member or moderator, and only rooms have roles."),
    posting_unknown=_("Who may write is one of: %(choices)s."),
    timeout_limits=_("A timeout needs a reason, and ends within %(days)s days."),
    bad_block_list=_("Block at most %(count)s words and %(count)s links, each of at most %(limit)s characters."),
    no_block_host=_("“%(host)s” is no host. Enter one like example.org, without a path."),
    slow_mode_unknown=_("Slow mode is one of these numbers of seconds: %(choices)s; 0: off."),
    link_limits=_("A link is valid for 1 to 30 days, and for 1 to 1000 people or any number."),
    server_invitation_limits=_("An invitation is valid for 1 to 90 days, and for 1 to 1000 people or any number."),
    server_role_unknown=_("People are invited as member, moderator or admin."),
    admin_invited_once=_("An invitation that makes administrators is for one person."),
    bad_address=_("%(address)s is no e-mail address."),
    too_many_addresses=_("Enter 1 to %(limit)s e-mail addresses at once."),
    domain_unusable=_("Enter a domain such as example.org."),
    unknown_hours=_("Messages of one of these numbers of hours can be deleted: %(hours)s."),
    ban_ended_before=_("The end of a ban must be in the future."),
    unknown_report_reason=_("Use one of: %(reasons)s."),
    unknown_decision=_("Use one of: %(decisions)s."),
    not_reportable=_("Only what people and bots say can be reported."),
    report_yourself=_("You cannot report yourself."),
    room_needs_no_link=_("Only private rooms have invitation links. Anyone can join a public room at its address."),
    setting_refused=_("%(setting)s: %(problem)s"),
    profile_invalid=_("%(problem)s"),
    time_zone_unknown=_("There is no such time zone."),
    direct_with_yourself=_("You cannot send a direct message to yourself."),
    block_yourself=_("You cannot block yourself."),
    bot_not_erasable=_("Bots cannot be erased. Disable them instead."),
)
register(
    "too_long",
    message_too_long=ngettext_lazy(
        "The message is %(excess)s character too long; the limit is %(limit)s.",
        "The message is %(excess)s characters too long; the limit is %(limit)s.",
        "excess",
    ),
    room_title_too_long=_("The name is too long: %(count)s characters, of at most %(limit)s."),
    too_many_invited_rooms=_("An invitation leads to at most %(limit)s rooms."),
    too_many_rooms_in_order=_("Put at most %(limit)s rooms in order."),
    explanation_too_long=_("The reason is too long; the limit is %(limit)s characters."),
    room_text_too_long=_("This is too long; the limit is %(limit)s characters."),
    search_too_long=_("The search is too long: %(count)s characters, of at most %(limit)s."),
    upload_longer_than_said=_("There is more of the file than was said when its upload began."),
    file_too_large=_("The file is too large; the limit is %(limit)s MB."),
    person_has_no_space=_("Your files take %(limit)s MB already, as much as they may. Delete some first."),
    room_has_no_space=_("The files of this room take %(limit)s MB already, as much as they may."),
    request_too_large=_("The request is too large; the limit is %(limit)s KiB."),
)
register("unauthenticated", sign_in_needed=_("Sign in first, or send a valid token."))
register(
    "not_found",
    no_such_room=_("There is no such room."),
    no_such_person=_("There is no person with this name."),
    no_such_group=_("There is no such group."),
    no_such_report=_("There is no such report."),
    no_such_message=_("There is no such message in this room."),
    no_such_reply=_("There is no such reply in this room."),
    no_such_notification=_("There is no such notification."),
    no_such_session=_("Nobody is signed in there any more."),
    no_such_upload=_("There is no such upload, or its time is over."),
    no_such_file=_("There is no such file."),
    no_such_address=_("There is nothing at this address."),
    message_deleted=_("This message was deleted."),
    reply_to_elsewhere=_("The message you reply to is not in this room."),
    not_banned=_("This person is not banned."),
    not_a_member=_("This person is not in the room."),
    not_invited=_("You have not invited this person."),
    invitation_gone=_("This invitation is no longer valid."),
    link_invalid=_("This link is not valid. It may have expired; ask for a new one."),
    no_such_server_invitation=_("There is no such invitation."),
    join_link_unknown=_("There is no such invitation. Check that you have the whole link, or ask for a new one."),
    join_link_expired=_("This invitation has expired. Ask whoever invited you for a new one."),
    join_link_used_up=_(
        "This invitation has been used by as many people as it was for. Ask whoever invited you for a new one."
    ),
    join_link_revoked=_("This invitation was withdrawn. Ask whoever invited you."),
)
register(
    "forbidden",
    room_archived=_("This room is archived. It can be read, but nobody can write in it."),
    second_factor_needed=_("Turn on two-factor authentication first: this server requires it."),
    room_is_announcement=_("Only moderators can write in this room."),
    read_only=_("You can read this room, but not write in it."),
    timed_out=_("You cannot write in this room until %(until)s. Reason: %(why)s"),
    timed_out_on_server=_("You cannot write on this server until %(until)s. Reason: %(why)s"),
    cannot_time_out=_("Only a moderator can time people out, and nobody can do that to a moderator or a bot."),
    cannot_block_words=_("Only a moderator can block words and links in the room."),
    cannot_set_posting=_("Only a moderator can decide who writes in the room, and how often."),
    direct_has_no_limits=_("In a direct message both people can write as often as they like."),
    page_outdated=_("The page is out of date. Reload it and try again."),
    token_of_some_rooms=_("This token is for some rooms only, and cannot do this."),
    insufficient_scope=_("This token may not do that; it needs the scope “%(scope)s”."),
    no_mail=_("This server sends no mail."),
    not_owner=_("Only an owner of this server can do this."),
    address_elsewhere=_("This invitation is for people with an address at %(domain)s."),
    not_staff=_("Only members of staff can do this."),
    setting_needs_token=_("Change settings on the page, or with a token."),
    not_file_owner=_("Only who sent a file can change or delete it."),
    not_author=_("Only its author can edit a message."),
    not_author_or_moderator=_("Only its author or a moderator can delete a message."),
    not_asker_or_moderator=_("Only the person who asked, or a moderator, can ask again."),
    cannot_remove=_("Only a moderator can remove people, and nobody can remove the owner."),
    not_own_picture=_("You can change your own picture; staff can change those of bots."),
    cannot_change_picture=_("Only a moderator can change the picture of the room."),
    cannot_rename=_("Only a moderator can rename the room."),
    cannot_create_rooms=_("On this server you cannot create rooms. Ask its moderators or administrators."),
    cannot_invite=_("In this room only moderators may invite people."),
    cannot_set_permissions=_("Only the owner of the room can decide who may invite people and use @room."),
    cannot_set_files_days=_("Only the owner of the room can decide for how long its files are kept."),
    cannot_change_kind=_("Only the owner of the room can make it private or public."),
    cannot_pin=_("Only a moderator can pin and unpin messages."),
    cannot_archive=_("Only a moderator can archive or unarchive the room."),
    cannot_manage_links=_("Only a moderator can create and revoke invitation links."),
    cannot_appoint=_("Only the owner of the room can change roles."),
    person_banned=_("This person is banned. Only a moderator can lift the ban."),
    direct_has_no_title=_("A direct message has no name of its own."),
    direct_has_no_topic=_("A direct message has no topic."),
    direct_has_no_picture=_("A direct message has no picture of its own."),
    cannot_delete_room=_("Only the owner of the room can delete it."),
    direct_stays=_("Direct messages cannot be deleted as a whole."),
    direct_stays_private=_("Direct messages always stay between two people."),
    direct_is_for_two=_("A direct message is between two people. Create a room for more."),
    direct_cannot_be_left=_("You cannot leave a direct message."),
)
register(
    "conflict",
    already_subscribed=_("This connection is in this room already."),
    not_subscribed=_("Subscribe to this room first."),
    group_exists=_("There is a group of this name already."),
    too_many_subscriptions=_("A connection can be in at most %(limit)s rooms. Leave one first."),
    upload_offset_differs=_("Ask how much of the file has arrived, and go on there."),
    upload_busy=_("Another request is sending this file. Ask in a moment how much has arrived."),
    upload_elsewhere=_("What has arrived of this file is not on this host. Send it again."),
    emoji_name_taken=_("There is an emoji of this name already."),
    file_sent_already=_("This file has been sent already. Attach it again."),
    id_taken=_("This id belongs to another message; send it again with a new one."),
    reply_finished=_("This reply is already finished."),
    reply_unfinished=_("This reply is not finished yet."),
    report_decided=_("Somebody has decided about this report already."),
    room_title_taken=_("Another room has this name. Choose another one."),
    lobby_stays=_("The lobby cannot be deleted. It can be archived."),
    room_title_differs=_("This is not the name of the room. Nothing was deleted."),
    too_many_same_titles=_("Too many rooms have a similar name. Choose another one."),
    too_many_invited=_("%(count)s people you invited have not answered yet. Withdraw some invitations first."),
    too_many_pins=_("There are already %(count)s pinned messages. Unpin one first."),
    too_many_server_invitations=_("You have %(count)s invitations that still work. Revoke one first."),
    too_many_links=_("There are already %(count)s links. Revoke one first."),
    too_many_blocked=_("You have already blocked %(count)s people. Unblock one first."),
    only_administrator=_("This is the only administrator. Make another account an administrator first."),
)
register(
    "rate_limited",
    slow_mode=_("Slow mode: one message every %(every)s s. Wait %(seconds)s s."),
    sending_too_fast=_("You are sending messages too fast. Wait %(seconds)s s."),
    too_many_changes=_("Too many changes at once. Wait %(seconds)s s."),
    too_many_commands=_("Too many commands at once. Wait %(seconds)s s."),
    too_many_calls=_("A large room can be called as a whole %(limit)s times an hour."),
    too_many_searches=_("Too many searches in a short time. Wait %(seconds)s s."),
    too_many_lookups=_("Too many lookups in a short time. Wait %(seconds)s s."),
    too_many_downloads=_("You have downloaded your data too often. Wait %(seconds)s s."),
    too_many_links_opened=_("Too many links in a short time. Wait %(seconds)s s."),
    too_many_new_rooms=_("Too many new rooms in a short time. Wait %(seconds)s s."),
    too_many_new_directs=_("You have started too many conversations today. Try again in %(hours)s h."),
    too_many_invitation_mails=_("You can invite %(limit)s people by mail in a day. Try again tomorrow."),
    too_many_reports=_("You have reported a lot today. Try again in %(hours)s h."),
    too_many_invitations=_("You have sent too many invitations today. Try again in %(hours)s h."),
    download_running=_("Your data is already being downloaded. Wait until it is finished."),
    too_many_uploads=_("You are sending too many files at once. Wait %(seconds)s s."),
    too_many_frames=_("Too many frames. Slow down, or this connection will be closed."),
    too_many_control_frames=_("Too many control frames. Slow down, or this connection will be closed."),
    too_many_fragments=_("Too many fragments in one message. Send it in fewer."),
    too_many_bytes=_("Too much data. Slow down, or this connection will be closed."),
)
register(
    "overloaded",
    server_busy=_("The server is busy. Your message is kept: send it again."),
    too_many_rooms_being_made=_("Many rooms are being created right now. Try again in a moment."),
    search_too_slow=_("This search takes too long. Search in one room, or for a less common word."),
)
register(
    "unavailable",
    file_not_scanned=_("The file could not be checked for viruses just now. Try again later."),
    file_store_away=_("The file could not be stored just now. Try again later."),
    server_has_no_space=_("There is no space for this file on the server. Ask whoever runs it."),
    database_away=_("The server cannot reach its database right now. Nothing is lost: send it again."),
)
register(
    "internal",
    internal_error=_("Something went wrong on the server. Please report the number %(incident)s."),
    message_not_written=_("Something went wrong on the server. Please send it again."),
)
