"""The words that the browser's code needs, in the page's language. A pair is (one, many); {names} are filled there."""

from functools import cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ..kernel.notes import NOTES
from ..kernel.notices import NOTICES
from ..kernel.reasons import REASONS
from .key_strings import key_texts

# Reasons that a person meets on a socket. Of others the page says what it knows of the code.
SAID_BY_PAGE = (
    "message_empty",
    "room_archived",
    "reply_to_elsewhere",
    "no_such_file",
    "file_sent_already",
    "too_many_files",
    "not_one_emoji",
    "too_many_reactions",
    "notice_not_pinnable",
    "cannot_pin",
    "too_many_pins",
    "not_author",
    "not_author_or_moderator",
    "message_deleted",
    "reply_finished",
    "reply_unfinished",
    "reply_not_repeatable",
    "question_deleted",
    "bot_disabled",
    "bot_not_in_room",
    "asker_left_room",
    "not_asker_or_moderator",
    "too_many_questions",
    "no_such_reply",
    "no_such_message",
    "internal_error",
    "message_not_written",
)


def client_texts() -> dict:
    return _texts(get_language())


@cache
def _texts(language: str | None) -> dict:
    return {
        # what stands at a message
        "deleted": _("This message was deleted."),
        "edited": _("(edited)"),
        "taskDone": _("done"),
        "taskOpen": _("to do"),
        "notSent": _("Not sent. {why}"),
        "allRead": [_("{count} room marked as read."), _("{count} rooms marked as read.")],
        "nothingUnread": _("Nothing is unread."),
        "newSince": [_("{count} new since {when}"), _("{count} new since {when}")],
        "newCount": [_("{count} new message"), _("{count} new messages")],
        "thinking": _("Thinking…"),
        "readingTokens": [_("Reading {count} token…"), _("Reading {count} tokens…")],
        "thoughtFor": _("Thought for {seconds} s"),
        "thinkingFor": _("Thinking… {seconds} s"),
        "nextInLine": _("Next in line"),
        "inLine": _("{place} in line"),
        "ordinal_one": _("{place}st"),
        "ordinal_two": _("{place}nd"),
        "ordinal_few": _("{place}rd"),
        "ordinal_other": _("{place}th"),
        "stopped": _("Stopped."),
        "noReply": _("The bot did not reply."),
        # people whom the reader has blocked
        "folded": [
            _("{count} message from a person you blocked"),
            _("{count} messages from a person you blocked"),
        ],
        "foldedSeveral": _("{count} messages from people you blocked"),
        "othersMore": [_("{count} other"), _("{count} others")],
        "foldedQuote": _("Message from a person you blocked"),
        "blockedNow": _("You blocked {name}."),
        "unblockedNow": _("{name} is no longer blocked."),
        "blockTitle": _("Block {name}?"),
        "block": _("Block {name}"),
        "unblock": _("Unblock {name}"),
        "delete": _("Delete"),
        "signOut": _("Sign out"),
        "signOutLoses": [
            _("This browser keeps {count} draft or message that was not sent. Signing out deletes it."),
            _("This browser keeps {count} drafts or messages that were not sent. Signing out deletes them."),
        ],
        "deleteTheirs": _("Delete this message by {name} for everyone?"),
        # the connection
        "lostRetry": [
            _("Connection lost. Trying again in {count} s. What you write is kept."),
            _("Connection lost. Trying again in {count} s. What you write is kept."),
        ],
        "keptPage": _("You are offline. This is what was here at {when}."),
        "lostNow": _("Connection lost. Trying again now. What you write is kept."),
        "serverFull": [
            _("The server is full. Trying again in {count} second."),
            _("The server is full. Trying again in {count} seconds."),
        ],
        "tooManyPages": [
            _("You have too many pages open. Close some. Trying again in {count} second."),
            _("You have too many pages open. Close some. Trying again in {count} seconds."),
        ],
        "phase_second-factor": _("This server requires two-factor authentication. Your draft is kept."),
        "phase_signed-out": _("You are signed out. Your draft is kept."),
        "phase_removed": _("You were removed from this room."),
        "phase_missing": _("This room is no longer available to you. It may have been deleted or made private."),
        "phase_refused": _("The server closed the connection. Reload the page to continue."),
        "notConnected": _("Not connected. Try again in a moment."),
        "topic": _("Topic"),
        "roomActions": _("Actions for {name}"),
        "leave": _("Leave"),
        "leaveRoom": _("Leave {name}?"),
        "leavePrivate": _("Leave {name}? You need an invitation to come back."),
        "joinFirst": _("Join the room first."),
        # refusals
        "error_rate_limited": _("You're sending too fast. Your message will be sent automatically."),
        "error_too_long": _("The text is too long."),
        "error_overloaded": _("The server is busy. Your message will be sent automatically."),
        "error_unavailable": _("The server cannot save messages right now. Your message will be sent automatically."),
        "error_passing": _("That did not work. Try again in a moment."),
        "error_forbidden": _("You may not do that here."),
        "error_not_found": _("That no longer exists."),
        **{f"reason_{name}": REASONS[name].template() for name in SAID_BY_PAGE},
        # what stands under a bot's reply
        **{f"note_{name}": each.template() for name, each in NOTES.items()},
        # what somebody did
        **{f"notice_{name}": each.template() for name, each in NOTICES.items()},
        "dropHere": _("Drop files here to attach them."),
        "sendingFiles": _("Sending files… {percent} %"),
        "fileTooLarge": _("Too large, at most {limit}: {names}"),
        "fileGone": _("A file is no longer here. Discard the message, and attach the file again."),
        "filesReady": [_("{count} file is ready to be sent."), _("{count} files are ready to be sent.")],
        "removeFile": _("Remove {name}"),
        "deleteFile": _("Delete {name} for everyone?"),
        "recording": _("Recording"),
        "voiceName": _("Voice message, {seconds} s"),
        "microphoneRefused": _(
            "The browser does not allow this page to use the microphone. You can change that there."
        ),
        "microphoneMissing": _("No microphone was found, or another program uses it."),
        "fileScanned": _("Being checked for viruses…"),
        "fileReceived": _("Almost there…"),
        "fileHeld": _("Goes out with the message"),
        "waitsForLine": _("Waits for the connection"),
        "waitsForServer": _("The server is busy. Trying again soon…"),
        "bytes": [_("{count} byte"), _("{count} bytes")],
        "file_removed": [_("Removed after {count} day"), _("Removed after {count} days")],
        "saved": _("Saved."),
        # writing
        "replyingTo": _("Replying to {name}"),
        "tooLong": [
            _("{count} character too long."),
            _("{count} characters too long."),
        ],
        "charactersLeft": [_("{count} character left"), _("{count} characters left")],
        "deletingSoon": _("Message deleted."),
        # people
        "typing": [_("{names} is typing…"), _("{names} are typing…")],
        "manyType": _("Several people are typing…"),
        "you": _("you"),
        "more": [_("{count} more"), _("{count} more")],
        "andMore": [_("and {count} more"), _("and {count} more")],
        "status_here": _("here now"),
        "status_away": _("away"),
        "checkFields": _("Check the fields and try again."),
        "availability_away": _("Away"),
        "availability_dnd": _("Do not disturb"),
        "status_gone": _("last seen {when}"),
        "peopleStale": _("This list may be out of date."),
        # the load: the server says it in English, for programs too
        "overload_people": [
            _("Server overloaded: more than {count} person is here. Replies may be slower."),
            _("Server overloaded: more than {count} people are here. Replies may be slower."),
        ],
        "overload_loop": _("Server overloaded: the server answers slowly. Replies may be slower."),
        "overload_database": _("Server overloaded: the database is busy. Replies may be slower."),
        "overload_bot": _("Server overloaded: many questions wait for the bot. Replies may be slower."),
        "overload_none": _("Load is back to normal."),
        "saysNow": _("{name}: {text}"),
        "callPeople": [_("notifies {count} person"), _("notifies {count} people")],
        "askCall": [_("This notifies {count} person. Send it?"), _("This notifies {count} people. Send it?")],
        "send": _("Send"),
        "newMessages": [_("{count} new message"), _("{count} new messages")],
        # how a reply came about
        "aboutAnswer": _("About this answer"),
        "aboutShort": _("About"),
        "continueAnswer": _("Please continue."),
        "answerActions": _("This answer"),
        "sources": _("Sources {count}"),
        "versionOf": _("{number}/{count}"),
        "feedbackThanks": _("Thank you. The people who run this server can see it."),
        # done
        "copied": _("Text copied."),
        "copiedCode": _("Code copied."),
        "copiedLink": _("Link copied."),
        "codeAll": _("Show all {count} lines"),
        "codeLess": _("Show less"),
        "markedUnread": _("Unread from here."),
        "cannotCopy": _("The browser did not allow copying. Copy it from here:"),
        "added": _("{name} is now in the room."),
        "invited": _("{name} is invited."),
        "newInvitation": _("{name} invites you to the room {room}."),
        "topicSet": _("Topic set."),
        "topicGone": _("Topic removed."),
        "commandMe": _("describe what you are doing"),
        "commandTopic": _("set the room's topic"),
        "commandInvite": _("invite someone to the room"),
        "commandCatchup": _("ask in private what you missed here"),
        "catchUpQuestion": _("What did I miss in #{room}?"),
        "commandHelp": _("show keys, commands and formatting"),
        **key_texts(),
        "inRoom": _("{name} in {room}"),
        "notifyOn": _("You will be notified of mentions and direct messages while this page is hidden."),
        "notifyOff": _("Notifications are off."),
        "notifyDenied": _("The browser does not allow notifications from this site."),
        "noSuchMessage": _("That message no longer exists."),
        "close": _("Close"),
        "tryAgain": _("Try again"),
        "requestFailed": _("The server did not answer. Try again in a moment."),
        "unknownCommand": _("There is no command {name}. Try /help, or send it as it is."),
    }
