"""Finds and removes what an interruption leaves: halves of uploads, bytes without a row, rows to which nothing refers.
Also says which rows have lost their bytes."""

import hashlib
import time
from collections.abc import Iterator
from datetime import timedelta

from django.core.files.storage import FileSystemStorage
from django.db.models import Exists, ManyToOneRel, OuterRef, QuerySet
from django.utils import timezone

from .incoming import sweep_halves
from .models import Blob
from .store import discard_unreferenced, place_of, storage

BATCH_SIZE = 200
MIN_AGE = 3600  # seconds; what is younger may just be coming in


def unreferenced(min_age: float = MIN_AGE) -> QuerySet[Blob]:
    found = Blob.objects.filter(created__lt=timezone.now() - timedelta(seconds=min_age))
    for relation in Blob._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel):
            references = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
            found = found.exclude(Exists(references))
    return found


def sweep_rows(min_age: float = MIN_AGE) -> int:
    """Delete some rows to which nothing refers, with their bytes. Returns how many; 0: there are no more."""
    return discard_unreferenced(list(unreferenced(min_age).values_list("pk", flat=True)[:BATCH_SIZE]))


def sweep_bytes(min_age: float = MIN_AGE) -> int:
    """Delete bytes without a row. Returns how many there were."""
    found = 0
    for digests in _batches(_old_digests(time.time() - min_age)):
        known = set(Blob.objects.filter(digest__in=digests).values_list("digest", flat=True))
        lost = {digest for digest in digests if len(digest) == 64} - known
        # With a row they are locked like all others: perhaps the same bytes are coming in just now.
        rows = [Blob.objects.get_or_create(digest=digest, defaults={"size": 0, "type": ""})[0].pk for digest in lost]
        found += discard_unreferenced(rows)
    return found


def sweep(min_age: float = MIN_AGE) -> dict[str, int]:
    """All of it: what was found, by kind."""
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
    found, name = storage(), place_of(blob.digest)
    if not found.exists(name):
        return "missing"
    if found.size(name) != blob.size:
        return "size"
    if compare:
        with found.open(name) as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != blob.digest:
                return "content"
    return ""


def _old_digests(before: float) -> Iterator[str]:
    """Of bytes on this host that were written before then."""
    found = storage()
    if not isinstance(found, FileSystemStorage) or not found.exists(""):
        return
    for first in sorted(name for name in found.listdir("")[0] if len(name) == 2):
        for second in found.listdir(first)[0]:
            for digest in found.listdir(f"{first}/{second}")[1]:
                if found.get_modified_time(f"{first}/{second}/{digest}").timestamp() < before:
                    yield digest[:64]  # without the ending of a small picture


def _batches(digests: Iterator[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for digest in digests:
        batch.append(digest)
        if len(batch) == BATCH_SIZE:
            yield batch
            batch = []
    if batch:
        yield batch
