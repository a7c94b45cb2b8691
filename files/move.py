"""Moves bytes from one store to the other, while both are in use.

The bytes are copied, then the row points to the copy, then the old bytes are deleted. An interruption leaves one copy
too many, which the sweep finds; the next run continues where this one stopped.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from . import places
from .incoming import folder
from .models import Blob

BATCH_SIZE = 200
MOVED, DAMAGED, GONE = "moved", "damaged", "gone"


def move_all(store: str) -> Iterator[tuple[Blob, str]]:
    """Each file that is not in this store yet, with what became of it: MOVED, DAMAGED (it stays where it is), or GONE:
    it has been deleted meanwhile. Raises OSError when a store is away."""
    last = 0
    while rows := list(Blob.objects.filter(pk__gt=last).exclude(store=store).order_by("pk")[:BATCH_SIZE]):
        for blob in rows:
            yield blob, move(blob, store)
        last = rows[-1].pk


def move(blob: Blob, store: str) -> str:
    """Move the bytes of one row and its previews. Returns MOVED, DAMAGED or GONE, as move_all says; raises OSError."""
    place = places.new_place(blob.digest)
    folder().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder()) as name:
        copy = Path(name) / "copy"
        try:
            places.fetch(blob.store, blob.place, copy)
        except FileNotFoundError:
            return DAMAGED if Blob.objects.filter(pk=blob.pk, store=blob.store).exists() else GONE
        with copy.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != blob.digest:
                return DAMAGED
        _copy_previews(blob, store, place, Path(name))
        places.put(copy, store, place)
    if _point_to(blob, store, place):
        places.remove(blob.store, blob.place)
        return MOVED
    places.remove(store, place)
    return GONE


def _copy_previews(blob: Blob, store: str, place: str, workplace: Path) -> None:
    for side in (blob.preview or {}).get("sides", ()):
        copy = workplace / str(side)
        places.fetch(blob.store, places.preview_place(blob.place, side), copy)
        places.put(copy, store, places.preview_place(place, side))


def _point_to(blob: Blob, store: str, place: str) -> bool:
    """Point the row to the copy. False: the row is gone or has moved, or its previews have changed."""
    with transaction.atomic():
        found = Blob.objects.select_for_update().filter(pk=blob.pk, store=blob.store, kept_as=blob.kept_as).first()
        if found is None or found.preview != blob.preview:
            return False
        Blob.objects.filter(pk=blob.pk).update(store=store, kept_as=place)
        return True
