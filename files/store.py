"""Rows of stored contents. Equal contents are stored once.

Bytes are stored before the transaction that writes their row, and deleted after the one that deletes it, so that no
lock is held while the disk works. An interruption in between leaves bytes without a row, or a row without references;
the sweep finds both.
"""

from collections.abc import Callable
from typing import TypeVar

from django.db import transaction
from django.db.models import CASCADE, ManyToOneRel

from . import places, texts
from .incoming import IncomingFile, Previews, Text
from .models import Blob

Reference = TypeVar("Reference")


def keep(incoming: IncomingFile, refer: Callable[[Blob], Reference]) -> Reference:
    """Store a file that has come in. refer: writes the row that refers to it, in the same transaction."""
    while True:
        known = _find(incoming.digest)
        if known is None:
            place_bytes(incoming)
        elif not known.preview:
            _place_previews(incoming.previews, known.store, known.place)
        with transaction.atomic():
            blob = _row(incoming, known)
            kept = refer(blob) if blob else None
        if blob:
            if incoming.place and blob.place != incoming.place:  # another process stored the same bytes first
                places.remove(incoming.store, incoming.place)
            return kept  # type: ignore[return-value]  # it is what `refer` returned


def is_kept(digest: str) -> bool:
    """Whether bytes of this digest (SHA-256, hex) are here."""
    return _find(digest) is not None


def place_bytes(incoming: IncomingFile) -> None:
    """Store the bytes before `keep`, where that takes long."""
    if not incoming.place:
        store, place = places.current(), places.new_place(incoming.digest)
        _place_previews(incoming.previews, store, place)
        places.put(incoming.path, store, place, stays=incoming.stays)
        incoming.store, incoming.place = store, place


def take_back(incoming: IncomingFile) -> None:
    """Delete the bytes again, because the row that was to refer to them was refused."""
    if incoming.place:
        places.remove(incoming.store, incoming.place)
        incoming.store = incoming.place = ""


def discard_unreferenced(blob_ids: list[int]) -> int:
    """Delete those of these rows that nothing refers to, with their bytes, each in its own transaction.

    Returns how many.
    """
    return sum(map(_discard, blob_ids))


def add_previews(blob: Blob, made: Previews | None) -> bool:
    """Save previews that were due. None: the picture cannot be read. Returns whether it has previews now."""
    if made:
        _place_previews(made, blob.store, blob.place)
    with transaction.atomic():
        found = Blob.objects.select_for_update().filter(pk=blob.pk, kept_as=blob.kept_as).first()
        if found and found.preview_due:
            _update(found, **_previewed(made, due=False))
    return bool(found and found.preview)


def add_document(blob: Blob, made: Text | None, previews: Previews | None) -> bool:
    """Save the text and previews of a document that were due. Returns whether there are any now."""
    if previews:
        _place_previews(previews, blob.store, blob.place)
    with transaction.atomic():
        found = Blob.objects.select_for_update().filter(pk=blob.pk, kept_as=blob.kept_as, text_due=True).first()
        if found:
            _update(found, **_previewed(previews, due=False), **_read(made, due=False))
            texts.write(found, made)
    return bool(found and (made or previews))


def references() -> list[ManyToOneRel]:
    """The relations that refer to blobs and so keep them. Rows that are part of a blob are deleted with it."""
    relations = (each for each in Blob._meta.get_fields(include_hidden=True) if isinstance(each, ManyToOneRel))
    return [each for each in relations if each.on_delete is not CASCADE]


def is_referenced(blob: Blob) -> bool:
    """Whether a row of any app refers to it, even one marked as deleted. One query for each kind of reference."""
    return any(each.related_model._base_manager.filter(**{each.field.name: blob}).exists() for each in references())


def _find(digest: str) -> Blob | None:
    """The row with this digest, unless its bytes are lost."""
    blob = Blob.objects.filter(digest=digest).first()
    path = places.path_of(blob) if blob else None
    return blob if path is None or path.exists() else None


def _row(incoming: IncomingFile, known: Blob | None) -> Blob | None:
    """The row, locked. None when a known row has been deleted meanwhile, so that its bytes are needed after all."""
    rows = Blob.objects.select_for_update()
    found = rows.filter(digest=incoming.digest).first()
    if found is None:
        if not incoming.place:
            return None
        read = _read(incoming.text, incoming.text_due)
        found, made = Blob.objects.get_or_create(digest=incoming.digest, defaults=_described(incoming) | read)
        if made:
            texts.write(found, incoming.text)
            return found
        found = rows.get(pk=found.pk)
    if known is None and (path := places.path_of(found)) and not path.exists():  # its bytes were lost
        _update(found, **_described(incoming))
    elif incoming.previews and not found.preview and known and found.place == known.place:
        _update(found, **_previewed(incoming.previews, due=False))
    if found.text_due and not incoming.text_due:
        _update(found, **_read(incoming.text, due=False))
        texts.write(found, incoming.text)
    return found


def _described(incoming: IncomingFile) -> dict:
    return {
        "size": incoming.size,
        "type": incoming.type,
        "store": incoming.store,
        "kept_as": incoming.place,
        **_previewed(incoming.previews, incoming.previews_due),
    }


def _previewed(made: Previews | None, due: bool) -> dict:
    found = {"width": made.width, "height": made.height, "preview": made.about} if made else {"preview": None}
    return {**found, "preview_due": due}


def _read(text: Text | None, due: bool) -> dict:
    return {"text": text.about if text else None, "text_due": due}


def _update(blob: Blob, **values) -> None:
    for name, value in values.items():
        setattr(blob, name, value)
    blob.save(update_fields=list(values))


def _place_previews(made: Previews | None, store: str, place: str) -> None:
    if made:
        for side in made.about["sides"]:
            source = made.folder / f"{side}.webp"
            if source.exists():
                places.put(source, store, places.preview_place(place, side))


def _discard(blob_id: int) -> bool:
    with transaction.atomic():
        blob = Blob.objects.select_for_update().filter(pk=blob_id).first()
        if blob is None or is_referenced(blob):
            return False
        blob.delete()
        transaction.on_commit(lambda: places.remove(blob.store, blob.place), robust=True)
    return True
