"""The search page: by words, sender and time, in one room or in all rooms that the reader may read."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.fields import PlainLineField

from ..kernel import rate_limits
from ..kernel.errors import ChatError
from ..kernel.protocol import MAX_NUMBER
from ..models import Block, Room
from ..search.message_search import LATEST, SearchPage, search
from ..search.query import MAX_QUERY
from ..services.membership import get_visible_room
from .responses import get_time_zone, render_not_found
from .sidebar import get_entries

_TOO_LONG = _("The search is too long: %(show_value)d characters, of at most %(limit_value)d.")
FILTERS = ("sender", "since", "until")


class SearchForm(forms.Form):
    q = PlainLineField(label=_("Words"), required=False, max_length=MAX_QUERY, error_messages={"max_length": _TOO_LONG})
    sender = PlainLineField(label=_("From"), required=False, max_length=33)
    since = forms.DateField(label=_("Since"), required=False)
    until = forms.DateField(label=_("Until"), required=False)
    before = forms.IntegerField(required=False, min_value=1, max_value=MAX_NUMBER)


@login_required
@require_safe
def search_page(request):
    """The hits of one page, or why there are none."""
    try:
        room = get_visible_room(request.user.id, request.GET["room"]) if request.GET.get("room") else None
    except ChatError as error:
        return render_not_found(request, error.message)
    form = SearchForm(request.GET)
    found, problem, status = None, "", 200 if form.is_valid() else 400
    if form.is_valid() and (form.cleaned_data["q"] or form.cleaned_data["sender"]):
        try:
            found = _search(request, room, form.cleaned_data)
        except ChatError as error:
            problem, status = error.message, error.status
    place = get_entries([room], request.user)[room.id] if room else None
    filters = sum(bool(request.GET.get(name)) for name in FILTERS)
    context: dict = {"room": place, "form": form, "problem": problem, "found": found, "filters": filters}
    if found and found.hits:
        context |= {"hits": _present_hits(request, found), "older": _next_page_query(request, found)}
    return render(request, "rooms/search.html", context, status=status)


def _search(request, room: Room | None, wanted: dict) -> SearchPage:
    rate_limits.check_search(request.user.id)
    until = wanted["until"] and min(wanted["until"], LATEST.date()) + timedelta(days=1)
    return search(
        request.user.id,
        wanted["q"],
        room=room.name if room else None,
        sender=wanted["sender"].strip(),
        since=_midnight(request, wanted["since"]),
        until=_midnight(request, until),
        before=wanted["before"],
    )


def _midnight(request, day: date | None) -> datetime | None:
    return datetime.combine(day, time(tzinfo=get_time_zone(request))) if day else None


def _present_hits(request, found: SearchPage) -> list[dict]:
    messages, zone = [hit.message for hit in found.hits], get_time_zone(request)
    blocked = Block.objects.ids(request.user.id)
    rooms = get_entries(list({message.room_id: message.room for message in messages}.values()), request.user)
    return [
        {
            "address": f"{rooms[hit.message.room_id].address}?around={hit.message.id}#m{hit.message.id}",
            "room": rooms[hit.message.room_id],
            "sender": hit.message.sender,
            "folded": hit.message.sender_id in blocked,
            "created": hit.message.created.astimezone(zone),
            "excerpt": hit.excerpt,
            "file": hit.file,
        }
        for hit in found.hits
    ]


def _next_page_query(request, found: SearchPage) -> str:
    """The address of the next page."""
    query = request.GET.copy()
    query["before"] = found.hits[-1].message.id
    return query.urlencode() if found.more else ""
