"""The words that the browser's code needs, in the page's language. A pair is (one, many); {names} are filled there."""

from functools import cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _


def client_texts() -> dict:
    return _texts(get_language())


@cache
def _texts(_language: str | None) -> dict:
    return {
        # what stands at a message
        "deleted": _("This message was deleted."),
        "notSent": _("Not sent. {why}"),
        "thinking": _("Thinking…"),
        "inLine": _("{place} in line"),
        "ordinal_one": _("{place}st"),
        "ordinal_two": _("{place}nd"),
        "ordinal_few": _("{place}rd"),
        "ordinal_other": _("{place}th"),
        "stopped": _("Stopped."),
        "noReply": _("No answer came."),
        # the connection
        "lostRetry": [
            _("Connection lost. Trying again in {count} s. What you write is kept."),
            _("Connection lost. Trying again in {count} s. What you write is kept."),
        ],
        "lostNow": _("Connection lost. Trying again now. What you write is kept."),
        "serverFull": [
            _("The server is full just now. Trying again in {count} second."),
            _("The server is full just now. Trying again in {count} seconds."),
        ],
        "phase_signed-out": _("You are signed out. Your draft is kept."),
        "phase_removed": _("You were removed from this room."),
        "phase_missing": _("This room is no longer there for you."),
        "phase_refused": _("The server closed the connection. Reload the page to go on."),
        "notConnected": _("Not connected just now. Try again in a moment."),
        # writing
        "editing": _("Editing your message"),
        "replyingTo": _("Replying to {name}"),
        "tooLong": [
            _("{count} character too long."),
            _("{count} characters too long."),
        ],
        "deletingSoon": _("Message deleted."),
        "pasteCode": _("Many lines. Paste as a code block?"),
        # people
        "typing": [_("{names} is typing…"), _("{names} are typing…")],
        "manyType": _("Several people are typing…"),
        "andMore": [_("and {count} more"), _("and {count} more")],
        "saysNow": _("{name}: {text}"),
        "newMessages": [_("{count} new message"), _("{count} new messages")],
        # done
        "copied": _("Text copied."),
        "copiedCode": _("Code copied."),
        "copiedLink": _("Link copied."),
        "cannotCopy": _("The browser did not allow copying."),
        "invited": _("{name} can now come in."),
        "topicSet": _("The topic is set."),
        "commandHelp": _("/me does something · /topic text · /invite name · /help"),
        "unknownCommand": _("There is no command {name}. Try /help."),
    }
