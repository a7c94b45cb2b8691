"""Posts notices: messages that say what somebody did."""

from accounts.models import User

from ..kernel.errors import ChatError
from ..kernel.notices import english
from ..models import MessageKind
from ..text.markup import render_plain
from .posting import Outcome, Post, Posted, post_many


def post_notice(user: User, room_id: int, notice: dict, about: int | None = None) -> Posted:
    """notice: from kernel/notices.py. about: the message that the notice quotes. Raises the errors of posting."""
    outcome = try_to_post_notice(user, room_id, notice, about)
    if isinstance(outcome, ChatError):
        raise outcome
    return outcome


def try_to_post_notice(user: User, room_id: int, notice: dict, about: int | None = None) -> Outcome:
    """The same for changes that stand even if their notice cannot be posted."""
    text = english(notice)
    # Rendered here, because the caller holds the room's lock.
    post = Post(
        user,
        room_id,
        text,
        reply_to=about,
        kind=MessageKind.NOTICE,
        notice=notice,
        rendered=render_plain(text),
        holds_room=True,
    )
    [outcome] = post_many([post])
    return outcome
