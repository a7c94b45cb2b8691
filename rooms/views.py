"""The pages: the list of rooms, a room, a talk. Everything here works without JavaScript too."""

import uuid

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from accounts.plain_text import clean

from . import actions, limits, membership, talks, timeline
from .addresses import find_public_room
from .client_texts import client_texts
from .contact_models import Block
from .drawn import client_templates, draw, without
from .errors import ChatError, not_found
from .forms import OpenRoomForm, SayForm
from .models import Kind, Room
from .names import check_title, is_random_slug
from .presentation import log, missing, public_rooms, refused, side, zone_of
from .protocol import MAX_TEXT, person, whole_number


@require_safe
def index(request):
    return redirect("rooms")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def room_list(request):
    """The rooms and talks I am in, public rooms, and a field that opens one by name."""
    form, status = OpenRoomForm(request.POST or None), 200
    if form.is_valid():
        try:
            return redirect("room", name=_made(request, form).name)
        except ChatError as error:
            form.add_error("title", error.message)
            status = 429 if error.code == "rate_limited" else 400
    elif form.errors:
        status = 400
    context = _common(request) | {"form": form, "public_rooms": public_rooms(request.user)}
    return render(request, "rooms/list.html", context, status=status)


@login_required
@gzip_page
@require_http_methods(["GET", "HEAD", "POST"])
def room(request, name: str):
    """A room by its name; a public one that does not exist is made."""
    try:
        found, moderates = _opened(request, name)
        if found.is_direct:
            return redirect("talk", username=talks.other_of(found, request.user.id).username)
    except ChatError as error:
        return refused(request, error)
    if found.name != name:
        return redirect("room", name=found.name)
    return _room_page(request, found, moderates=moderates)


@login_required
@gzip_page
@require_http_methods(["GET", "HEAD", "POST"])
def talk(request, username: str):
    """The private talk with one person or bot."""
    try:
        other = membership.named(username, also_gone=True)
        found = talks.existing_talk(request.user, other)
        if found is None:
            _count_new(request)
            found = talks.open_talk(request.user, username)
    except ChatError as error:
        return refused(request, error)
    if other.username != username:
        return redirect("talk", username=other.username)
    return _room_page(request, found, other)


@login_required
@require_safe
def find_talk(request):
    """From the form "talk to one person": a name becomes an address."""
    name = request.GET.get("username", "").strip().lstrip("@＠")
    return redirect("talk", username=name) if name and "/" not in name else redirect("rooms")


def page_not_found(request, exception):
    return missing(request, _("There is no such page."))


def _made(request, form: OpenRoomForm) -> Room:
    title = form.cleaned_data["title"]
    if form.kind == Kind.PUBLIC:
        return _open(request, title)
    _count_new(request)
    return membership.create(request.user, title, form.kind)


def _opened(request, name: str) -> tuple[Room, bool]:
    """The room, and whether this person keeps order in it."""
    try:
        found, mine = membership.enter(request.user, name)
        return found, mine.moderates or request.user.is_staff
    except ChatError:
        if is_random_slug(name):
            raise
    return _open(request, name), True


def _open(request, title: str) -> Room:
    """The public room of that name; only one that has to be made counts towards the person's rate limit."""
    if find_public_room(check_title(title)) is None:
        _count_new(request)
    return membership.open_room(request.user, title)


def _count_new(request) -> None:
    """May this request make a room or a talk? Looking for one with HEAD never does."""
    if request.method == "HEAD":
        raise not_found()
    try:
        limits.check_post(request.user.id)
    except ChatError as error:
        seconds = max(1, round(error.retry_after or 0))
        text = _("These were many new rooms in a short time. Wait %(seconds)s s.") % {"seconds": seconds}
        raise ChatError(error.code, text, error.retry_after) from None


def _room_page(request, room: Room, other=None, moderates: bool = False):
    error = None
    if request.method == "POST":
        try:
            _say(request, room)
            return redirect(request.path)
        except ChatError as failure:
            error = failure
    context = _context(request, room, other, moderates) | {
        "error": error.message if error else None,
        "draft": clean(request.POST.get("message", "")) if error else "",
    }
    return render(request, "rooms/room.html", context, status=error.status if error else 200)


def _say(request, room: Room) -> None:
    form = SayForm(request.POST)
    if "id" in form.errors:
        raise ChatError("invalid", form.errors["id"][0])
    with limits.counted_post(request.user.id):
        # As it was typed: the action says what is wrong with it.
        actions.post(request.user, room.name, request.POST.get("message", ""), form.cleaned_data["id"])


def _common(request, here: int | None = None) -> dict:
    return {
        "side": side(request.user, here),
        "profile_url": reverse("profile"),
        "bot_name": settings.BOT_NAME,
        "texts": client_texts(),
    }


def _context(request, room: Room, other, moderates: bool) -> dict:
    found = timeline.versions(room, **_where(request))
    blocked = Block.objects.ids(request.user.id)
    pictures = without(draw(found.rows, zone_of(request)), blocked, zone_of(request))
    common = _common(request, room.id)
    mine = common["side"].find(room.id)
    read_seq = mine.read_seq if mine else found.seq
    messages, new_id = log(pictures, request.user.id, read_seq, blocked)
    boot = {
        "me": person(request.user),
        "room": _about(room, other) | {"muted": bool(mine and mine.muted), "moderates": moderates},
        "seq": found.seq,
        "readSeq": read_seq,
        "newId": new_id,
        "more": found.older,
        "isNewest": found.newest is None,
        "newestId": found.newest,
        "maxText": MAX_TEXT,
        "botName": settings.BOT_NAME,
        "blocked": sorted(blocked),
        "messages": [picture.data for picture in pictures],
    }
    return common | {
        "room": room,
        "other": other,
        "blocks_other": other is not None and other.id in blocked,
        "log": messages,
        "older_than": pictures[0].id if found.older else None,
        "newer_than": pictures[-1].id if found.newest and pictures else None,
        "is_newest": found.newest is None,
        "message_id": uuid.uuid4(),
        "templates": client_templates(),
        "boot": boot,
    }


def _about(room: Room, other) -> dict:
    return {
        "name": room.name,
        "title": room.title,
        "kind": room.kind,
        "with": person(other) if other else None,
    }


def _where(request) -> dict[str, int]:
    """Which messages the page shows, when not the newest: ?before=, ?after= or ?around= an id."""
    for name in ("before", "after", "around"):
        if (number := whole_number(request.GET.get(name))) is not None:
            return {name: number}
    return {}
