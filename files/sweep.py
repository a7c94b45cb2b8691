"""Finds and deletes what interruptions leave: partial uploads, bytes without a row, rows without references.

Also reports rows whose bytes are lost.
"""

import hashlib
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from . import places
from .incoming import sweep_halves
from .models import Blob
from .store import discard_unreferenced, references

BATCH_SIZE = 200
logger = logging.getLogger(__name__)

MIN_AGE = 3600  # seconds; younger files may still be coming in
_FILE_NAME = re.compile(r"../../([0-9a-f]{64})(?:-[0-9a-f]{8})?(?:\.\d+\.webp)?")


def unreferenced(min_age: float = MIN_AGE) -> QuerySet[Blob]:
    """Rows without references. min_age: seconds; younger ones may be about to get their reference."""
    found = Blob.objects.filter(created__lt=timezone.now() - timedelta(seconds=min_age))
    for relation in references():
        found = found.exclude(
            Exists(relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")}))
        )
    return found


def sweep_rows(min_age: float = MIN_AGE) -> int:
    """Delete some rows to which nothing refers, with their bytes. Returns how many; 0: there are no more."""
    return discard_unreferenced(list(unreferenced(min_age).values_list("pk", flat=True)[:BATCH_SIZE]))


def sweep_bytes(min_age: float = MIN_AGE) -> int:
    """Delete bytes without a row. Returns how many. (A row that is written later has another place.)"""
    found = 0
    for store in places.configured():
        try:
            found += _sweep_store(store, min_age)
        except OSError as error:  # the next round comes
            logger.warning("%s cannot be swept: %s", store, error)
    return found


def _sweep_store(store: str, min_age: float) -> int:
    before, found = timezone.now() - timedelta(seconds=min_age), 0
    old = (name for name, written in places.names_in(store) if written < before and _FILE_NAME.fullmatch(name))
    while names := list(islice(old, BATCH_SIZE)):
        digests = {_FILE_NAME.sub(r"\1", name) for name in names}
        known = {blob.place for blob in Blob.objects.filter(digest__in=digests, store=store)}
        lost = [name for name in names if name.partition(".")[0] not in known]
        if places.is_copied():  # checked after reading the rows: a backup that begins now names none of these
            return found
        places.remove_names(store, lost)
        found += sum("." not in name for name in lost)  # the others are small pictures
    return found


def sweep(min_age: float = MIN_AGE) -> dict[str, int]:
    """Run all sweeps. Returns how many of each kind were deleted."""
    rows = 0
    while some := sweep_rows(min_age):
        rows += some
    return {"halves": sweep_halves(), "rows": rows, "bytes": sweep_bytes(min_age)}


def find_damaged(compare: bool = False) -> Iterator[tuple[Blob, str]]:
    """Rows whose bytes are "missing", or of another "size"; with `compare` also those with another "content"."""
    for blob in Blob.objects.order_by("pk").iterator(BATCH_SIZE):
        if problem := _problem(blob, compare):
            yield blob, problem


def _problem(blob: Blob, compare: bool) -> str:
    try:
        if places.size_in(blob.store, blob.place) != blob.size:
            return "size"
    except FileNotFoundError:
        return "missing"
    if compare:
        with places.open_blob(blob) as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != blob.digest:  # type: ignore[arg-type]  # it reads
                return "content"
    return ""
