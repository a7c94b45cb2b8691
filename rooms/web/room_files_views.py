"""The page of a room's files, all or those found by a search: also a tab of the panel."""

from collections.abc import Collection

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.time_formats import date_and_time

from ..kernel import rate_limits
from ..kernel.errors import ChatError
from ..kernel.protocol import whole_number
from ..models import Attachment, Block, Room
from ..queries import room_files
from ..queries.room_files import FilesPage
from ..queries.serializers import file_fields
from ..search.message_search import search
from ..search.operators import ANY_FILE, read
from ..search.query import MAX_QUERY, has_all, parse
from ..services import attachments, membership
from .file_cards import cards
from .responses import get_time_zone, render_not_found
from .sidebar import get_entries

_KINDS = {"": _("All"), "image": _("Pictures"), "video": _("Videos"), "audio": _("Sound"), "document": _("Documents")}


@login_required
@require_safe
def files_page(request, name: str):
    try:
        room = membership.get_visible_room(request.user.id, name)
    except ChatError as error:
        return render_not_found(request, error.message)
    kind = request.GET.get("kind", "")
    kind = kind if kind in _KINDS else ""
    words, before = request.GET.get("q", "").strip()[:MAX_QUERY], whole_number(request.GET.get("before"))
    blocked, problem = Block.objects.ids(request.user.id), ""
    try:
        found = (
            _find(request.user.id, room, kind, words, before, blocked)
            if words
            else room_files.page(room, kind, before, without=blocked)
        )
    except ChatError as error:
        found, problem = FilesPage([], more=False), error.message
    context = {
        "words": words,
        "problem": problem,
        "room": room,
        "place": (place := get_entries([room], request.user)[room.id]),
        "kind": kind,
        "kinds": _KINDS.items(),
        "files": [_present(each, place.address, get_time_zone(request)) for each in found.files],
        "older": found.files[-1].message_id if found.more and found.files else None,
    }
    return render(request, "rooms/files.html", context)


def _find(user_id: int, room: Room, kind: str, words: str, before: int | None, without: Collection[int]) -> FilesPage:
    """Files with the words in their name or text, and all files of a message with them in its own. (A search names one
    file of each message; its other files are found by name only.)"""
    rate_limits.check_search(user_id)
    found = search(user_id, f"has:{kind or ANY_FILE} {words}", room=room.name, before=before)
    files = {hit.message.pk: hit.file and hit.file.key for hit in found.hits}
    rows = Attachment.objects.select_related("blob", "uploader").filter(message__in=files).exclude(uploader__in=without)
    rows = rows.filter(**{"kind": kind} if kind else {}).order_by("-message_id", "position")
    query = parse(read(words).words)
    fitting = [row for row in rows if files[row.message_id or 0] in (None, row.key) or has_all(row.name, query)]
    return FilesPage(fitting, found.more)


def _present(row: Attachment, address: str, zone) -> dict:
    [described] = attachments.describe([row])
    [card] = cards([file_fields(described)])
    when = date_and_time(row.created.astimezone(zone))
    return {
        "file": card,
        "by": row.uploader.shown_name,
        "when": when,
        "said": f"{row.uploader.shown_name} · {when}",
        "address": f"{address}?around={row.message_id}#m{row.message_id}",
    }
