"""The steps of an erasure that replace the user's name in notices."""

from ..kernel.notices import english, notice
from ..models import Erasure, Membership, Message, MessageKind, Role, Room
from ..publishing import events
from ..services.room_locks import lock_room_or_none
from ..text.markup import render_plain
from ..text.search_terms import index_text

BATCH_SIZE = 5000  # messages in one transaction


def rename_in_notices(erasure: Erasure) -> bool:
    """In rooms that the user owns: notices that name them as the new owner."""
    room_id, last = map(int, (erasure.after or "0:0").split(":"))
    owned = Membership.objects.filter(user=erasure.user_id, role=Role.OWNER, room_id__gte=room_id)
    found = owned.order_by("room_id").values_list("room_id", flat=True).first()
    if found is None:
        return False
    last = last if found == room_id else 0
    messages = Message.objects.filter(room=found, pk__gt=last).order_by("pk")
    ids = messages.values_list("pk", flat=True)[:BATCH_SIZE]
    end = max(ids, default=None)
    erasure.after = f"{found + 1}:0" if end is None else f"{found}:{end}"
    if end is not None and (room := lock_room_or_none(found)):
        named = {"kind": MessageKind.NOTICE, "notice__reason": "owner_left"}
        for message in messages.for_wire().filter(pk__lte=end, notice__params__name__iexact=erasure.name, **named):
            _rename(message, room, erasure)
    return True


def rename_in_removals(erasure: Erasure) -> bool:
    """In all rooms: notices that somebody added, removed or banned the user."""
    ids = Message.objects.filter(pk__gt=int(erasure.after or 0)).order_by("pk").values_list("pk", flat=True)
    batch = list(ids[:BATCH_SIZE])
    if not batch:
        return False
    told = {"kind": MessageKind.NOTICE, "notice__reason__in": ["person_added", "person_removed", "person_banned"]}
    found = Message.objects.for_wire().filter(pk__gte=batch[0], pk__lte=batch[-1], **told)
    for message in found.filter(notice__params__name__iexact=erasure.name).order_by("room_id", "pk"):
        if room := lock_room_or_none(message.room_id):
            _rename(message, room, erasure)
    erasure.after = str(batch[-1])
    return True


def _rename(message: Message, room: Room, erasure: Erasure) -> None:
    user = erasure.user
    assert message.notice is not None  # noqa: S101 - it was found by its reason
    message.notice = notice(message.notice["reason"], name=user.username)
    text = english(message.notice)
    message.room, message.seq = room, room.next_seq()
    message.set_text(text, index_text(text))
    message.html = render_plain(text).html({user.username.lower(): user.pk})
    message.save(update_fields=["text", "search_text", "html", "notice", "seq"])
    room.save(update_fields=["seq"])
    events.message(message)
