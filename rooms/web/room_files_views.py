"""The page of a room's files: also a tab of the panel."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.time_formats import date_and_time

from ..kernel.errors import ChatError
from ..kernel.protocol import whole_number
from ..models import Attachment, Block
from ..queries import room_files
from ..queries.serializers import file_fields
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
    before, blocked = whole_number(request.GET.get("before")), Block.objects.ids(request.user.id)
    found = room_files.page(room, kind, before, without=blocked)
    context = {
        "room": room,
        "place": (place := get_entries([room], request.user)[room.id]),
        "kind": kind,
        "kinds": _KINDS.items(),
        "files": [_present(each, place.address, get_time_zone(request)) for each in found.files],
        "older": found.files[-1].message_id if found.more else None,
    }
    return render(request, "rooms/files.html", context)


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
