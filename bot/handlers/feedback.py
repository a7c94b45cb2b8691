"""What people think of answers: `POST …/messages/<id>/feedback` says it, `GET …/feedback` tells what one has said."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.plain_text import clean_line
from rooms.api.framework import ApiRequest
from rooms.kernel.errors import ChatError
from rooms.services import bot_replies
from rooms.services.membership import get_visible_room

from ..models import OPEN, Feedback, Run

MAX_REASON = 300  # characters
MAX_TOLD = 500  # answers, the latest ones
_VALUES = {"good": True, "bad": False}


def give(request: ApiRequest, name: str, message_id: int) -> dict:
    """`{"value": "good" | "bad" | "none", "reason"?}`; "none" takes back what one has said.

    Raises ChatError: feedback_reason_too_long, feedback_value, reply_unfinished, no_such_reply, no_such_room.
    """
    fields = request.text_fields("value", "reason?")
    value, reason = fields["value"], clean_line(fields.get("reason", ""))
    if value not in (*_VALUES, "none"):
        raise ChatError("feedback_value")
    if len(reason) > MAX_REASON:
        raise ChatError("feedback_reason_too_long", limit=MAX_REASON)
    message = bot_replies.get_visible_reply(request.user, name, message_id)
    with transaction.atomic():
        run = Run.objects.filter(message=message).first()
        if run is None or run.state in OPEN or message.deleted:
            raise ChatError("reply_unfinished")
        if value == "none":
            Feedback.objects.filter(run=run, user=request.user).delete()
        else:
            said = {"is_good": _VALUES[value], "reason": reason, "given": timezone.now()}
            Feedback.objects.update_or_create(run=run, user=request.user, defaults=said)
    return {"value": value}


def list_mine(request: ApiRequest, name: str) -> dict:
    """`{"feedback": {id of a reply: "good" | "bad"}}`: what one has said of answers as they stand there now.

    Raises ChatError: no_such_room.
    """
    room = get_visible_room(request.user.id, name)
    mine = Feedback.objects.filter(run__room=room, user=request.user).select_related("run").order_by("-run__message_id")
    return {
        "feedback": {
            str(each.run.message_id): "good" if each.is_good else "bad"
            for each in mine.filter(given__gt=F("run__queued"))[:MAX_TOLD]
        }
    }
