"""The page that shows a document's plain text, without its layout. Also in the panel."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.time_formats import date_and_time
from files import texts
from files.media_types import PDF

from ..kernel.errors import ChatError
from ..kernel.protocol import whole_number
from ..models import Attachment
from ..queries.serializers import file_fields
from ..services import uploads
from .responses import get_time_zone, render_not_found
from .sidebar import get_entries

SHOWN = 20  # pages at once: of plain text 80,000 characters


@login_required
@require_safe
def file_text(request, key: str):
    """Shows SHOWN pages from `page` on. 404 for a file that is not text, or that the person may not see."""
    try:
        found = uploads.get_visible(request.user, key)
        text = found.blob.text
        if not text:
            raise ChatError("no_such_file")
    except ChatError as error:
        return render_not_found(request, error.message)
    first = max(1, min(whole_number(request.GET.get("page")) or 1, text["pages"]))
    context = {
        "file": file_fields(found.description),
        "about": _about(request, found),
        "pages": texts.get_pages(found.blob_id, first, SHOWN),
        "is_numbered": found.blob.type == PDF,
        "before": max(1, first - SHOWN) if first > 1 else None,
        "after": first + SHOWN if first + SHOWN <= text["pages"] else None,
        "is_cut": text["cut"],
    }
    return render(request, "rooms/file_text.html", context)


def _about(request, found: Attachment) -> dict[str, str]:
    address = get_entries([found.room], request.user)[found.room_id].address
    return {
        "by": found.uploader.shown_name,
        "when": date_and_time(found.created.astimezone(get_time_zone(request))),
        "room": address,
        "message": f"{address}?around={found.message_id}#m{found.message_id}" if found.message_id else "",
    }
