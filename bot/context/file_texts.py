"""The text of documents that a model is given. Who may read one is settled by its message, which comes first."""

from files import texts
from files.documents import DOCUMENTS
from rooms.models import Attachment

from .files import PromptFile, files_of
from .fitting import estimate_tokens
from .message_queries import PromptMessage

OVERHEAD = 40  # tokens for what is said of a page


def blob_id_of(file: PromptFile) -> int | None:
    """None: it has just been deleted, alone or with its message."""
    rows = Attachment.objects.filter(key=file.key, message=file.message_id, message__deleted=False)
    found: int | None = rows.values_list("blob_id", flat=True).first()
    return found


def count_pages(blob_id: int) -> int:
    return texts.count_pages(blob_id)


def get_page(blob_id: int, page: int) -> str:
    return texts.get_page(blob_id, page)


def read_along(message: PromptMessage, budget: int) -> list[tuple[PromptFile, dict]]:
    """What comes with a message: the pages of its documents, from the first on, as far as they fit into so many tokens.

    Each with what the model is told, as data.
    """
    found: list[tuple[PromptFile, dict]] = []
    for file in files_of(message):
        if file.described["type"] not in DOCUMENTS or not (blob_id := blob_id_of(file)):
            continue
        pages = count_pages(blob_id)
        for page in range(1, pages + 1):
            text = get_page(blob_id, page)
            told = (file, {"file": file.mark, "page": page, "pages": pages, "text": text})
            budget -= cost_of_page(told)
            if budget < 0:
                return found
            found.append(told)
    return found


def cost_of_page(told: tuple[PromptFile, dict]) -> int:
    """In estimated tokens, with what stands around it."""
    return estimate_tokens(told[1]["text"]) + OVERHEAD
