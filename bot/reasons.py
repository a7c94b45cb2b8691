"""The reasons for which a bot's reply is refused, in the catalogue of rooms (rooms/kernel/reasons.py)."""

from django.utils.translation import gettext_lazy as _

from rooms.kernel.reasons import register

register("not_found", receipt_unknown=_("There are no details about this reply."))
register(
    "conflict",
    reply_not_repeatable=_("This reply cannot be generated again."),
    question_deleted=_("The question was deleted."),
    bot_disabled=_("This bot is disabled."),
    bot_not_in_room=_("This bot is not available in this room."),
    asker_left_room=_("You are no longer in the room this reply belongs to."),
)
register("rate_limited", too_many_questions=_("Too many questions are waiting in this room. Try again in a moment."))
