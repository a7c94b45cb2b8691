"""The text of documents by page. The rights are those of whatever refers to the blob."""

from django.db.models import Exists, OuterRef

from .documents import DOCUMENTS
from .incoming import Text
from .models import Blob, BlobText

BATCH_SIZE = 200


def count_pages(blob_id: int) -> int:
    """0 when there is no text."""
    about = Blob.objects.filter(pk=blob_id).values_list("text", flat=True).first()
    return about["pages"] if about else 0


def get_page(blob_id: int, page: int) -> str:
    """page: from 1. Empty when the page is, or does not exist."""
    found = BlobText.objects.filter(blob=blob_id, page=page).values_list("text", flat=True)
    return found.first() or ""


def get_pages(blob_id: int, first: int, count: int) -> list[tuple[int, str]]:
    """(page, text) for pages that have text, beginning with `first`."""
    found = BlobText.objects.filter(blob=blob_id, page__gte=first, page__lt=first + count).order_by("page")
    return list(found.values_list("page", "text"))


def write(blob: Blob, text: Text | None) -> None:
    """Store the pages of a document that has none yet."""
    if text:
        rows = [BlobText(blob=blob, page=number, text=page) for number, page in enumerate(text.pages, 1) if page]
        BlobText.objects.bulk_create(rows)


def settle() -> int:
    """Earlier versions said of files other than documents that a text is due. Returns how many it corrected."""
    others = Blob.objects.filter(text_due=True).exclude(type__in=DOCUMENTS)
    return Blob.objects.filter(pk__in=list(others.values_list("pk", flat=True)[:BATCH_SIZE])).update(text_due=False)


def discard_lost() -> int:
    """Delete texts whose blob an earlier version has deleted. Returns how many; 0: there are no more."""
    lost = BlobText.objects.exclude(Exists(Blob.objects.filter(pk=OuterRef("blob_id"))))
    return BlobText.objects.filter(pk__in=list(lost.values_list("pk", flat=True)[:BATCH_SIZE])).delete()[0]
