"""The pictures that a model is shown: drawn anew for it, when it is asked."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Sequence

from files.models import Blob
from files.shrinking import shrink
from rooms.kernel.db_executor import run_db
from rooms.models import Attachment

from ..context.files import ChosenPicture
from ..llm.prompt import Picture

logger = logging.getLogger(__name__)

MAX_KEPT = 32 * 2**20  # bytes in one worker: the next question there shows the same ones
_kept: OrderedDict[tuple[int, int], bytes] = OrderedDict()  # by blob and side


async def fetch(chosen: Sequence[ChosenPicture]) -> dict[str, Picture]:
    """By key; without those that are gone or cannot be drawn."""
    blobs = await run_db(_blobs, chosen) if chosen else {}
    there = [each for each in chosen if each.file.key in blobs]
    drawn = await asyncio.gather(*(_draw(blobs[each.file.key], each.side) for each in there))
    return {
        each.file.key: Picture(data, f"Picture {each.file.mark}:", each.tokens)
        for each, data in zip(there, drawn, strict=True)
        if data
    }


def _blobs(chosen: Sequence[ChosenPicture]) -> dict[str, Blob]:
    """Of those that still belong to their messages, and are not deleted with them."""
    keys = [each.file.key for each in chosen]
    rows = Attachment.objects.select_related("blob").filter(key__in=keys, message__deleted=False)
    messages = {each.file.key: each.file.message_id for each in chosen}
    return {row.key: row.blob for row in rows if row.message_id == messages[row.key]}


async def _draw(blob: Blob, side: int) -> bytes | None:
    data = _kept.pop((blob.pk, side), None)
    if data is None:
        try:
            data = await shrink(blob, side)
        except OSError as error:  # its store is away; also: too busy
            logger.warning("a picture is not shown to a model: %r", error)
            return None
    if data:
        _kept[blob.pk, side] = data
        while sum(map(len, _kept.values())) > MAX_KEPT:
            _kept.popitem(last=False)
    return data
