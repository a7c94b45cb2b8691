"""`@bot catch me up`: what happened since I was here, told to me alone.

The answer moves to the direct messages of the asker and the bot, which nobody else can read, and is queued there like
any other; in the room a line says so. What is read stays the room it was asked in.
"""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rooms.models import MessageState, Room
from rooms.publishing.payloads import RunWaiting
from rooms.services import bot_replies, direct_messages
from rooms.text.rendering import render

from ..models import Run, RunState
from ..queue import notify_workers, runs, scheduling
from . import builtin

REDIRECT_NOTICE = _("That is only for you, so I am sending it as a [direct message](/dm/{bot}/).")


def should_redirect(run: Run) -> bool:
    """Whether a run belongs into the asker's direct messages and is not there yet."""
    if run.room.is_direct or run.stop_note:
        return False
    return builtin.asks_to_catch_up(run.question.text)


def redirect(run: Run) -> None:
    """Move a run to the asker's direct messages with the bot."""
    text = REDIRECT_NOTICE.format(bot=run.bot.user.username)
    html = bot_replies.finished_html(render(text))  # before anything is locked
    found = direct_messages.get_or_create_direct_message(run.asker, run.bot.user.username)
    with runs.lock_rooms(run.room_id, found.id) as (room, direct):
        mine = Run.objects.select_for_update().filter(pk=run.pk, worker=run.worker, state=RunState.RUNNING).first()
        if mine and room and direct:
            _move(mine, run, room, direct, text, html)


def _move(mine: Run, run: Run, room: Room, direct: Room, text: str, html: str) -> None:
    bot_replies.update(run.message_id, text=text, html=html, state=MessageState.COMPLETE, room=room)
    mine.message = bot_replies.create_placeholder(direct, run.bot.user, None)
    bot_replies.save_room_heads([direct])
    mine.reads_id, mine.room = run.reading_room_id, direct
    mine.state, mine.queued, mine.worker = RunState.WAITING, timezone.now(), ""
    mine.lease_until, mine.attempts = None, 0
    mine.save()
    scheduling.publish_positions_after_commit(room)
    notify_workers.after_commit(RunWaiting())
