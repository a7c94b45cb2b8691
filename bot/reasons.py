"""The reasons for which a bot's reply is refused, in the catalogue of rooms (rooms/kernel/reasons.py), and what may
stand under one (rooms/kernel/notes.py): why it failed or was stopped, and what was looked up for it."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from common.sentences import CountedSentence, Sentence
from rooms.kernel import notes
from rooms.kernel.reasons import REASONS, register

register("not_found", receipt_unknown=_("There are no details about this reply."))
register(
    "conflict",
    reply_not_repeatable=_("This reply cannot be generated again."),
    question_deleted=_("The question was deleted."),
    bot_disabled=_("This bot is disabled."),
    bot_not_in_room=_("This bot is not available in this room."),
    asker_left_room=_("You are no longer in the room this reply belongs to."),
)
register("invalid", feedback_value=_("The feedback is one of: good, bad, none."))
register("too_long", feedback_reason_too_long=_("The reason is too long; the limit is %(limit)s characters."))
register("rate_limited", too_many_questions=_("Too many questions are waiting in this room. Try again in a moment."))

# Why a reply failed.
FAILURES: dict[str, Sentence] = {
    # before the model was asked
    "question_deleted": REASONS["question_deleted"],
    "bot_disabled": REASONS["bot_disabled"],
    "asker_left_room": REASONS["asker_left_room"],
    "members_only": Sentence(_("This bot answers only members of the rooms that it is in.")),
    "too_many_waiting": Sentence(_("Too many questions are waiting here already. Ask again when some are answered.")),
    # said by the server
    "model_key_rejected": Sentence(_("The model server rejected the API key. Please tell an administrator.")),
    "model_unknown": Sentence(_("The model server has no model “%(model)s”. Please tell an administrator.")),
    "model_quota_exhausted": Sentence(_("The model provider's quota is exhausted. Please tell an administrator.")),
    "model_busy": Sentence(_("The model is busy. Ask again in a moment.")),
    "model_busy_for": Sentence(_("The model is busy. Ask again in %(seconds)s seconds.")),
    "model_overloaded": Sentence(_("The model server is overloaded. Ask again in a moment.")),
    "model_context_exceeded": Sentence(_("The conversation is too long for this model.")),
    "model_filtered": Sentence(_("The model provider withheld the answer.")),
    "model_rejected": Sentence(_("The model rejected the question (error %(status)s).")),
    "model_failed": Sentence(_("The model failed (error %(status)s).")),
    "model_broke_off": Sentence(_("The answer was cut off by a model error.")),
    # seen from here
    "model_not_configured": Sentence(_("The model server's address is invalid. Please tell an administrator.")),
    "model_key_unusable": Sentence(
        _("The API key for the model server contains invalid characters. Please tell an administrator.")
    ),
    "model_not_server": Sentence(
        _("There is no model server at the address of this bot. Please tell an administrator.")
    ),
    "model_unreachable": Sentence(_("The model server cannot be reached.")),
    "model_resting": Sentence(_("The model cannot be reached right now. Try again in a moment.")),
    "model_late": Sentence(_("The model did not start to answer within %(seconds)s seconds.")),
    "model_silent": Sentence(_("The model sent nothing for %(seconds)s seconds, so the answer was cut off.")),
    "model_connection_lost": Sentence(_("The connection to the model was lost during the answer.")),
    "model_invalid_response": Sentence(_("The model server sent an invalid response.")),
    "reply_blocked": Sentence(_("The answer was stopped: “%(phrase)s” cannot be written here.")),
    "model_empty": Sentence(_("The model did not reply.")),
    "answer_timed_out": Sentence(_("The model took longer than %(seconds)s seconds, so the answer was cut off here.")),
    "answer_broke": Sentence(_("Something went wrong on this server during the answer. Try again.")),
    "interrupted_twice": Sentence(_("The answer was interrupted twice. Try again later.")),
    # limits of bots
    "share_of_person_used": Sentence(
        _("You have used your share of @%(bot)s for today. It resets at 00:00 UTC, in %(left)s.")
    ),
    "share_of_room_used": Sentence(
        _("This room has used its share of @%(bot)s for today. It resets at 00:00 UTC, in %(left)s.")
    ),
    "day_of_bot_used": Sentence(_("@%(bot)s has reached its limit for today. It resets at 00:00 UTC, in %(left)s.")),
    "month_of_bot_used": Sentence(_("@%(bot)s has reached its limit for this month. It resets in %(left)s.")),
    "month_of_bot_used_for_days": CountedSentence(
        ngettext_lazy(
            "@%(bot)s has reached its limit for this month. It resets in %(count)s day.",
            "@%(bot)s has reached its limit for this month. It resets in %(count)s days.",
            "count",
        )
    ),
    "day_of_server_used": Sentence(
        _("The bots of this server have used their share for today. It resets at 00:00 UTC, in %(left)s.")
    ),
    "month_of_server_used": Sentence(
        _("The bots of this server have used their share for this month. It resets in %(left)s.")
    ),
    "month_of_server_used_for_days": CountedSentence(
        ngettext_lazy(
            "The bots of this server have used their share for this month. It resets in %(count)s day.",
            "The bots of this server have used their share for this month. It resets in %(count)s days.",
            "count",
        )
    ),
    "share_of_newcomers_used": Sentence(
        _("New accounts have used their share of the bots for today. It resets at 00:00 UTC, in %(left)s.")
    ),
}

notes.register(FAILURES)
notes.register(
    {
        # why a reply ended early
        "stopped_by": Sentence(_("Stopped by %(name)s.")),
        "reply_deleted": Sentence(_("Deleted.")),
        "account_deleted": Sentence(_("The account that asked was deleted.")),
        "answer_truncated": Sentence(_("The answer was cut off at the length limit.")),
        "source_deleted": Sentence(_("A message that this answer was made from has been deleted.")),
        # what was looked up
        "searched": CountedSentence(
            ngettext_lazy(
                "searched “%(words)s”: %(count)s message", "searched “%(words)s”: %(count)s messages", "count"
            )
        ),
        "read_around": Sentence(_("read messages around #%(id)s")),
        "read_since": Sentence(_("read what was said since %(day)s")),
        "missed_left_out": CountedSentence(
            ngettext_lazy(
                "%(count)s earlier message that you missed was too much and is left out",
                "%(count)s earlier messages that you missed were too much and are left out",
                "count",
            )
        ),
        "missed_left_out_many": Sentence(
            _("more than %(count)s earlier messages that you missed were too much and are left out")
        ),
        "read_missed": Sentence(_("read what you missed")),
        "read_thread": Sentence(_("read the thread of #%(id)s")),
        "listed_files": Sentence(_("looked for files: %(count)s")),
        "read_file": Sentence(_("read file %(number)s of #%(id)s")),
        "looked_up_person": Sentence(_("looked up what %(name)s said")),
        "looked_up_members": Sentence(_("looked who is a member")),
        "checked_online": Sentence(_("checked who is here")),
    }
)
