"""Finds and removes what an interruption leaves: halves of uploads, bytes without a row, rows to which nothing refers.
Also says which rows have lost their bytes."""

import hashlib
import re
import time
from collections.abc import Iterator
from datetime import timedelta

from django.core.files.storage import FileSystemStorage
from django.db.models import Exists, ManyToOneRel, OuterRef, QuerySet
from django.utils import timezone

from .incoming import sweep_halves
from .models import Blob
from .places import storage
from .store import discard_unreferenced

BATCH_SIZE = 200
MIN_AGE = 3600  # seconds; what is younger may just be coming in
_FILE_NAME = re.compile(r"../../([0-9a-f]{64})(?:-[0-9a-f]{8})?(?:\.\d+\.webp)?")


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
    """Delete bytes without a row. Returns how many there were. (A row that comes later has a place of its own.)"""
    found = 0
    for names in _batches(_old_names(time.time() - min_age)):
        digests = {_FILE_NAME.sub(r"\1", name) for name in names}
        known = {blob.place for blob in Blob.objects.filter(digest__in=digests)}
        for name in names:
            if name.partition(".")[0] not in known:
                storage().delete(name)
                found += "." not in name  # else it is a small picture
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
    found, name = storage(), blob.place
    if not found.exists(name):
        return "missing"
    if found.size(name) != blob.size:
        return "size"
    if compare:
        with found.open(name) as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != blob.digest:
                return "content"
    return ""


def _old_names(before: float) -> Iterator[str]:
    """Of bytes on this host that were written before then, and of small pictures."""
    found = storage()
    if not isinstance(found, FileSystemStorage) or not found.exists(""):
        return
    for first in sorted(name for name in found.listdir("")[0] if len(name) == 2):
        for second in found.listdir(first)[0]:
            for file in found.listdir(f"{first}/{second}")[1]:
                name = f"{first}/{second}/{file}"
                if _FILE_NAME.fullmatch(name) and found.get_modified_time(name).timestamp() < before:
                    yield name


def _batches(names: Iterator[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for name in names:
        batch.append(name)
        if len(batch) == BATCH_SIZE:
            yield batch
            batch = []
    if batch:
        yield batch
