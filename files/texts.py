"""The text of documents, page by page. Who may read a file is settled by whatever refers to its blob."""

from django.db.models import Exists, OuterRef

from .documents import DOCUMENTS
from .incoming import Text
from .models import Blob, BlobText

BATCH_SIZE = 200


def count_pages(blob_id: int) -> int:
    """0: there is no text of it."""
    about = Blob.objects.filter(pk=blob_id).values_list("text", flat=True).first()
    return about["pages"] if about else 0


def get_page(blob_id: int, page: int) -> str:
    """page: from 1. "": there is nothing on it, or no such page."""
    found = BlobText.objects.filter(blob=blob_id, page=page).values_list("text", flat=True)
    return found.first() or ""


def get_pages(blob_id: int, first: int, count: int) -> list[tuple[int, str]]:
    """(page, text) of those with some text, from this one on."""
    found = BlobText.objects.filter(blob=blob_id, page__gte=first, page__lt=first + count).order_by("page")
    return list(found.values_list("page", "text"))


def write(blob: Blob, text: Text | None) -> None:
    """The pages of one that has none yet."""
    if text:
        rows = [BlobText(blob=blob, page=number, text=page) for number, page in enumerate(text.pages, 1) if page]
        BlobText.objects.bulk_create(rows)


def settle() -> int:
    """Of files that are no documents no text is due, where an older version has taken them in. Returns how many of them
    there were, of some; 0: there are no more."""
    others = Blob.objects.filter(text_due=True).exclude(type__in=DOCUMENTS)
    return Blob.objects.filter(pk__in=list(others.values_list("pk", flat=True)[:BATCH_SIZE])).update(text_due=False)


def discard_lost() -> int:
    """Delete texts that an older version has left behind. Returns how many rows, of some; 0: there are no more."""
    lost = BlobText.objects.exclude(Exists(Blob.objects.filter(pk=OuterRef("blob_id"))))
    return BlobText.objects.filter(pk__in=list(lost.values_list("pk", flat=True)[:BATCH_SIZE])).delete()[0]
