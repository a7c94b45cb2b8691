"""Hears what is said in rooms. Addressed to a bot? Then the question's own transaction makes a Run and a placeholder.

An ordinary message costs no query here.
"""

import time
from collections.abc import Set as AbstractSet

from django.conf import settings
from django.db.models.signals import post_delete, post_save, pre_delete

from accounts.models import User
from rooms.kernel import signals
from rooms.kernel.notes import NO_NOTE, Note, note
from rooms.models import Message, MessageKind, MessageState, Room
from rooms.publishing.payloads import RunWaiting
from rooms.services import bot_replies

from ..models import Bot, Run, RunState
from ..privacy import erasure, personal_data
from ..queue import catch_up, notify_workers, policy, reply_controls, runs, scheduling, sql
from . import deleted_sources
from .deleted_rooms import on_room_deleted

BOT_USERS_TTL = 5.0  # seconds that another process may take to notice a new bot, or its new name


def connect() -> None:
    """Called once, when the app is ready."""
    signals.message_posted.connect(on_message_posted)
    signals.messages_deleted.connect(reply_controls.on_deleted)
    signals.messages_deleted.connect(deleted_sources.on_deleted)
    signals.stop_requested.connect(reply_controls.on_stop)
    signals.retry_requested.connect(reply_controls.on_retry)
    signals.bots_wanted.connect(on_bots_wanted)
    signals.places_wanted.connect(on_places_wanted)
    signals.blocks_wanted.connect(notify_workers.on_blocks_wanted)
    signals.personal_data_wanted.connect(personal_data.collect_personal_data)
    erasure.connect()
    pre_delete.connect(on_room_deleted, sender=Room)
    for signal in (post_save, post_delete):
        signal.connect(_clear_bot_users, sender=Bot)


def on_message_posted(sender, message: Message, room: Room, addressed: list[int], **_signal) -> None:
    """Called inside the transaction of a post, with the room locked."""
    if message.kind != MessageKind.HUMAN or message.sender.is_bot:
        return
    called = _addressed_user_ids(message) | policy.direct_message_user_ids(room)
    users = _bot_users() if called else {}  # most messages are for nobody in particular
    asked = users.keys() & called
    if not asked:
        return
    for bot in _in_order(policy.available_among(room, asked), addressed):
        bot.user = users[bot.user_id]
        _create_run(bot, message, room)
    if room.is_direct:
        _refuse_outsiders(message, room, asked)


def on_bots_wanted(sender, room_id: int, **_signal) -> set[int]:
    """Which bots listen in a room, for its list of who is here."""
    room = Room.objects.filter(pk=room_id).first()
    if room is None:
        return set()
    bots = policy.available_bots(room)
    bots = bots.filter(user_id__in=policy.direct_message_user_ids(room)) if room.is_direct else bots
    return set(bots.values_list("user_id", flat=True))


def on_places_wanted(sender, room_id: int, **_signal) -> list[tuple[int, int]]:
    """Who is next there, for whoever comes in."""
    return scheduling.positions_to_publish(room_id)


def _addressed_user_ids(message: Message) -> set[int]:
    ids = set(message.mentions)
    if message.reply_to_id and (answered := message.reply_to) and answered.kind == MessageKind.BOT:
        ids.add(answered.sender_id)
    return ids


def _in_order(bots: list[Bot], addressed: list[int]) -> list[Bot]:
    """As they were named; one that was only replied to comes first."""
    return sorted(bots, key=lambda bot: addressed.index(bot.user_id) if bot.user_id in addressed else -1)


def _refuse_outsiders(question: Message, room: Room, asked: AbstractSet[int]) -> None:
    """Somebody writes to a bot that does not answer them: that is told, since a bot that is silent looks broken."""
    own = policy.direct_message_user_ids(room) & asked
    bots = Bot.objects.filter(enabled=True, user__is_active=True, user_id__in=own).select_related("user")
    for bot in bots.exclude(pk__in=policy.available_bots(room)):
        _create_run(bot, question, room, refusal=note("members_only"))


def _create_run(bot: Bot, question: Message, room: Room, refusal: Note = NO_NOTE) -> None:
    """Place the reply, and the run that writes it; or, with a refusal, both as failed."""
    if not refusal and sql.count_waiting(room.pk) >= settings.BOT_MAX_QUEUED:
        refusal = note("too_many_waiting")
    state = MessageState.FAILED if refusal else MessageState.QUEUED
    reply = bot_replies.create_placeholder(room, bot.user, question, refusal, state)
    run = Run(bot=bot, room=room, question=question, asker=question.sender, message=reply)
    run.reads = catch_up.find_room(question, room, bot)
    if refusal:
        run.state = RunState.FAILED
        runs.record_failure(run, refusal)
    run.save()
    if not refusal:
        notify_workers.after_commit(RunWaiting())
        scheduling.publish_positions_after_commit(room)


_bot_users_cache: tuple[float, dict[int, User]] = (0.0, {})


def _bot_users() -> dict[int, User]:
    """All users that are bots, by id, remembered for a moment: this runs for every message."""
    global _bot_users_cache
    if _bot_users_cache[0] < time.monotonic():
        _bot_users_cache = time.monotonic() + BOT_USERS_TTL, User.objects.filter(bot__isnull=False).in_bulk()
    return _bot_users_cache[1]


def _clear_bot_users(**_signal) -> None:
    global _bot_users_cache
    _bot_users_cache = (0.0, {})
