"""What a search shows: the messages that it has found, with excerpts of them or of their files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from files.media_types import PDF
from files.models import BlobText

from ..models import Attachment, Message
from ..text.markup import visible_text
from .file_search import Place
from .query import Excerpt, Phrase, Query, excerpt


@dataclass(frozen=True, slots=True)
class FoundFile:
    """Where the words are, if not in the message itself."""

    key: str
    name: Excerpt
    page: int  # of the text of a document; 0: in the name
    is_numbered: bool  # people call it so, too: it is a page of a PDF


@dataclass(frozen=True, slots=True)
class Hit:
    message: Message  # loaded with `for_wire`
    excerpt: Excerpt  # of the page of the file, or of the message
    file: FoundFile | None = None


def hits_of(
    messages: Sequence[Message], places: Mapping[int, Place], query: Query, names: Sequence[Phrase] = ()
) -> list[Hit]:
    """names: marked in the names of files, too. The files of all are read at once, and their pages."""
    wanted = {message.pk: places[message.pk] for message in messages if message.pk in places}
    rows = Attachment.objects.select_related("blob").filter(message__in=wanted) if wanted else ()
    files = {id: row for row in rows if (id := row.message_id) and row.position == wanted[id].position}
    texts = _texts([(row.blob_id, wanted[id].page) for id, row in files.items()])
    marked = Query((*query.phrases, *names))
    hits = []
    for message in messages:
        file, shown = files.get(message.pk), excerpt_of(message, query)
        if file is None:
            hits.append(Hit(message, shown))
            continue
        page = wanted[message.pk].page
        if text := texts.get((file.blob_id, page)):
            shown = excerpt(text, query)
        hits.append(
            Hit(
                message,
                shown,
                FoundFile(file.key, excerpt(file.name, marked), page, bool(page) and file.blob.type == PDF),
            )
        )
    return hits


def _texts(pages: Sequence[tuple[int, int]]) -> dict[tuple[int, int], str]:
    conditions = [Q(blob=blob, page=page) for blob, page in pages if page]
    if not conditions:
        return {}
    found = BlobText.objects.filter(Q(*conditions, _connector=Q.OR)).values_list("blob_id", "page", "text")
    return {(blob, page): text for blob, page, text in found}


def excerpt_of(message: Message, query: Query) -> Excerpt:
    """Of the visible text, or of the source if only that contains the words (in a URL, for example)."""
    found = excerpt(visible_text(message.html), query)
    is_visible = found and (not query or any(is_hit for _piece, is_hit in found))
    return found if is_visible else excerpt(message.text, query)
