"""The search page: words, from whom, when; in one room or in all that one may read."""

import re
from datetime import datetime, time, timedelta

from django import forms
from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.models import User

from .models import Message, Room
from .presentation import address_of, zone_of
from .search import search, words_of

PAGE = 30
AROUND = 90  # characters shown before and after the first hit


class SearchForm(forms.Form):
    q = forms.CharField(label=_("Words"), required=False, max_length=200)
    sender = forms.CharField(label=_("From"), required=False, max_length=33)
    room = forms.CharField(required=False, max_length=80)
    since = forms.DateField(label=_("Since"), required=False)
    until = forms.DateField(label=_("Until"), required=False)
    before = forms.IntegerField(required=False, min_value=1)


@login_required
@require_safe
def find(request):
    form = SearchForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    rooms = _rooms(request.user, wanted.get("room"))
    hits = _search(request, rooms, wanted) if wanted.get("q") else []
    context = {
        "form": form,
        "room": rooms[0] if wanted.get("room") and rooms else None,
        "hits": [_hit(message, request.user, wanted["q"], zone_of(request)) for message in hits[:PAGE]],
        "asked": bool(words_of(wanted.get("q", ""))),
        "older": _older(request, hits[PAGE - 1].id) if len(hits) > PAGE else None,
    }
    return render(request, "rooms/search.html", context)


def _rooms(user: User, name: str | None) -> list[Room]:
    visible = Room.objects.visible_to(user.id).order_by("-active")
    return list(visible.filter(name=name) if name else visible)


def _search(request, rooms: list[Room], wanted: dict) -> list[Message]:
    sender = None
    if name := wanted["sender"].strip().lstrip("@"):
        sender = User.objects.filter(username__iexact=name).values_list("id", flat=True).first()
        if sender is None:
            return []
    midnight = time(tzinfo=zone_of(request))
    since, until = wanted["since"], wanted["until"]
    return search(
        rooms,
        wanted["q"],
        sender_id=sender,
        since=datetime.combine(since, midnight) if since else None,
        until=datetime.combine(until + timedelta(days=1), midnight) if until else None,
        before=wanted["before"],
        limit=PAGE + 1,
    )


def _hit(message: Message, me: User, text: str, zone) -> dict:
    return {
        "address": f"{address_of(message.room, me)}#m{message.id}",
        "room": message.room,
        "sender": message.sender,
        "created": message.created.astimezone(zone),
        "excerpt": _excerpt(message.text, words_of(text)),
    }


def _excerpt(text: str, words: list[str]) -> SafeString:
    """The place of the first hit in its surroundings, hits marked."""
    text = " ".join(text.split())
    pattern = re.compile(r"\b(?:" + "|".join(re.escape(word) for word in words) + r")\w*", re.IGNORECASE)
    first = pattern.search(text)
    start = max(0, (first.start() if first else 0) - AROUND)
    piece = text[start : start + 3 * AROUND]
    marked, at = [], 0
    for match in pattern.finditer(piece):
        marked += [escape(piece[at : match.start()]), "<mark>", escape(match[0]), "</mark>"]
        at = match.end()
    ends = "…" if start else "", "…" if start + len(piece) < len(text) else ""
    return mark_safe(f"{ends[0]}{''.join(marked)}{escape(piece[at:])}{ends[1]}")  # noqa: S308 - every piece is escaped


def _older(request, last_id: int) -> str:
    query = request.GET.copy()
    query["before"] = last_id
    return query.urlencode()
