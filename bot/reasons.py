"""The reasons for which a bot's reply is refused, in the catalogue of rooms (rooms/kernel/reasons.py)."""

from django.utils.translation import gettext_lazy as _

from rooms.kernel.reasons import register

register("not_found", receipt_unknown=_("Nothing is known about this reply."))
register(
    "conflict",
    reply_not_repeatable=_("This reply cannot be asked for again."),
    question_deleted=_("The question was deleted."),
    bot_disabled=_("This bot was switched off."),
    bot_not_in_room=_("This bot does not listen in the room."),
    asker_left_room=_("You are no longer in the room that this is about."),
)
register("rate_limited", too_many_questions=_("Too many questions wait in this room. Ask again in a moment."))
