"""The chain of hashes over the entries: changing or removing an entry breaks the chain there.

An entry is sealed right after its transaction is committed, not in it: writers wait for each other to get a place in
the chain, so acts that lock rooms would deadlock. Regular work seals the entries that a dead process left unsealed.
"""

import hashlib
import logging
from collections.abc import Generator, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

import orjson
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from .models import Entry, EntryQuerySet, Seal

logger = logging.getLogger(__name__)

BATCH_SIZE = 500  # entries in one transaction, or in memory
_ATTEMPTS = 20  # when others seal at the same moment
_START = "0" * 64  # stands before the first seal
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATE = timedelta(hours=2)  # after which an entry should have been sealed


def hash_of(before: str, position: int, entry: Entry) -> str:
    """SHA-256 over the seal before, the position and all fields of an entry; the time in whole microseconds."""
    microseconds = (entry.made - _EPOCH) // timedelta(microseconds=1)
    fields = [position, entry.pk, microseconds, entry.act, entry.actor, entry.person, entry.room, entry.params]
    return hashlib.sha256(before.encode() + orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)).hexdigest()


def try_to_seal(entry: Entry) -> None:
    """Seal an entry that has just been committed. When that fails, regular work does it later."""
    try:
        seal([entry])
    except DatabaseError:
        logger.warning("entry %s of the audit log is sealed later", entry.pk, exc_info=True)


def seal(entries: Iterable[Entry]) -> None:
    """Append entries to the chain; those already in it keep their place. Raises IntegrityError when others took the
    next place in every attempt."""
    waiting = {entry.pk: entry for entry in entries}
    for attempt in range(_ATTEMPTS):
        for sealed in Seal.objects.filter(entry__in=waiting).values_list("entry", flat=True):
            del waiting[sealed]
        last = Seal.objects.order_by("-position").first()
        try:
            with transaction.atomic():
                Seal.objects.bulk_create(_seals(last, waiting.values()))
            return
        except IntegrityError:  # somebody else has just taken the position
            if attempt == _ATTEMPTS - 1:
                raise


def _seals(last: Seal | None, entries: Iterable[Entry]) -> Iterator[Seal]:
    position, before = (last.position, last.hash) if last else (0, _START)
    for entry in entries:
        position += 1
        before = hash_of(before, position, entry)
        yield Seal(position=position, entry=entry.pk, hash=before)


def seal_batch() -> bool:
    """Seal some of what was left. Returns whether there may be more."""
    left = list(unsealed()[:BATCH_SIZE])
    seal(left)
    return len(left) == BATCH_SIZE


def unsealed() -> EntryQuerySet:
    """The entries that are not in the chain yet, the first one first."""
    return Entry.objects.filter(~Exists(Seal.objects.filter(entry=OuterRef("pk")))).order_by("pk")


def head() -> tuple[int, str]:
    """Position and hash of the last seal; (0, zeros) of an empty chain."""
    last = Seal.objects.order_by("-position").first()
    return (last.position, last.hash) if last else (0, _START)


def faults() -> Iterator[str]:
    """What is wrong with the chain, in English, in the order of the chain. Memory use does not depend on its length."""
    seals = Seal.objects.order_by("position").iterator(BATCH_SIZE)
    position, before = yield from _anchor()
    while batch := list(islice(seals, BATCH_SIZE)):
        entries = Entry.objects.in_bulk([each.entry for each in batch])
        for each in batch:
            if each.position <= position:
                continue
            if each.position != position + 1:
                yield f"positions {position + 1} to {each.position - 1} are missing"
            entry = entries.get(each.entry)
            if entry is None:
                yield f"the entry at position {each.position} is missing"
            elif each.position == position + 1 and hash_of(before, each.position, entry) != each.hash:
                yield f"the entry at position {each.position} is not as it was written"
            position, before = each.position, each.hash
    late = unsealed().filter(made__lt=timezone.now() - _LATE).count()
    if late:
        yield f"{late} entries are not in the chain"


def _anchor() -> Generator[str, None, tuple[int, str]]:
    """Where the chain begins: at its first entry, or after the last one that was removed for its age.

    Yields what is wrong with it; returns position and hash of the seal before the first that is checked.
    """
    first = Seal.objects.order_by("position").first()
    if first is None or first.position == 1 and Entry.objects.filter(pk=first.entry).exists():
        return 0, _START
    expired = Entry.objects.filter(act="log.expired", params__position=first.position)
    if not expired.exists():
        yield f"the chain begins at position {first.position}, and nothing says that older entries were removed"
    return first.position, first.hash
