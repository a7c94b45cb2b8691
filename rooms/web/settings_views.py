"""The settings of this program: look, keys, notifications. Those of the account are in accounts/views.py.

The pages are shown in place of a room, with the sidebar beside them. Forms and lists need more space than the panel,
which is for what the person is reading; and each page has an address. static/js/settings/ saves a choice as soon as
it is made."""

import re
from collections import ChainMap

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import look as looks
from accounts.preferences import preferences_of

from ..kernel import rate_limits
from ..kernel.errors import ChatError
from ..kernel.signals import answers, notification_sections_wanted
from ..models import Level
from ..queries.levels import chosen_levels, settings_of
from ..queries.own_rooms import first_rooms_of
from ..services import keywords, levels, preferences
from .forms import LookForm
from .sidebar import MAX_SIDEBAR_DIRECT, MAX_SIDEBAR_ROOMS, get_entries


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def look(request):
    """Theme and text size are kept in this browser; density, time format and language in the account.

    A form may send only some of them: the others are not changed."""
    chosen = preferences_of(request.user)
    initial = {
        "theme": looks.read_cookie(request, "theme"),
        "text_size": looks.read_cookie(request, "text-size"),
        "density": chosen.density,
        "time_format": chosen.time_format,
        "language": chosen.language or looks.read_language(request),
    }
    form = LookForm(initial | request.POST.dict() if request.method == "POST" else None, initial=initial)
    if form.is_valid() and (response := _save_look(request, form)):
        return response
    return render(request, "rooms/settings_look.html", {"form": form}, status=400 if form.errors else 200)


def _save_look(request, form: LookForm) -> HttpResponse | None:
    fields = form.cleaned_data
    try:
        rate_limits.check_post(request.user.id)
        changes = {name: fields[name] for name in ("density", "time_format", "language") if name in request.POST}
        if changes:
            preferences.change(request.user, changes)
    except ChatError as error:
        form.add_error(None, error.message)
        return None
    with translation.override(fields["language"] or translation.get_language()):
        response = _answer(request, "settings")
    looks.write_cookies(response, fields["theme"], fields["text_size"], fields["language"])
    return response


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request):
    """The script that handles the keys fills in their list."""
    if request.method == "POST":
        on = request.POST.get("single_keys") == "on"
        return _try(request, "settings_keys", lambda: preferences.change(request.user, {"single_keys": on}))
    return render(request, "rooms/settings_keys.html", {"single_keys": preferences_of(request.user).single_keys})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request):
    """What notifies the reader, when nothing does, and by which ways; then the level of each room."""
    if request.method == "POST":
        return _try(request, "settings_notifications", lambda: _set_notifications(request))
    rooms = first_rooms_of(request.user.id, MAX_SIDEBAR_ROOMS, MAX_SIDEBAR_DIRECT)
    entries = get_entries(rooms, request.user)
    shown = sorted(
        (entries[room.id] for room in rooms), key=lambda entry: (entry.other is not None, entry.title.lower())
    )
    chosen = chosen_levels(request.user.id, [room.id for room in rooms])
    context = {
        "entries": [(entry, chosen.get(entry.id, "")) for entry in shown],
        "levels": Level.choices,
        "settings": settings_of(request.user.id),
        "now": request.user.current_status,
        "sections": dict(ChainMap(*answers(notification_sections_wanted, HttpRequest, request=request))),
    }
    return render(request, "rooms/settings_notifications.html", context)


def _set_notifications(request) -> None:
    """One of the forms on the page."""
    room = request.POST.get("room", "")
    if "default_level" in request.POST:
        levels.set_default_level(request.user, request.POST["default_level"])
    elif "keywords" in request.POST:
        keywords.set_keywords(request.user, re.split(r"[,\n]", request.POST["keywords"]))
    elif request.POST.get("set") == "reactions":
        levels.set_reactions(request.user, request.POST.get("reactions") == "on")
    elif "muted" in request.POST:
        levels.mute(request.user, room, request.POST["muted"] == "on")
    else:
        levels.set_level(request.user, room, request.POST.get("level", ""))


@login_required
@never_cache
@require_POST
def dismiss_welcome(request):
    """Hide the card in rooms that tells newcomers what they can do first."""
    answer = _try(request, "rooms", lambda: preferences.change(request.user, {"welcome": False}))
    room = request.POST.get("room", "")
    return redirect("room", name=room) if room and "/" not in room else answer


def _try(request, page: str, change) -> HttpResponse:
    try:
        rate_limits.check_post(request.user.id)
        change()
    except ChatError as error:
        messages.error(request, error.message)
        return redirect(page)
    return _answer(request, page)


def _answer(request, page: str) -> HttpResponse:
    """The response after saving: 204 for the script, a redirect to the page for a form without it."""
    if "live" in request.POST:
        return HttpResponse(status=204)
    messages.success(request, _("Saved."))
    return redirect(page)
