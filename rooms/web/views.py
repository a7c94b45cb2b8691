"""The pages: the list of rooms, a room, a direct message. All of them work without JavaScript, too."""

import uuid

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.functional import SimpleLazyObject
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from accounts.plain_text import clean
from accounts.preferences import preferences_of

from ..kernel import rate_limits
from ..kernel.errors import ChatError
from ..kernel.protocol import MAX_TEXT, check_text, profile, whole_number
from ..kernel.rights import Action
from ..kernel.slugs import check_title, same_name
from ..kernel.uploads import max_file_size, received_with
from ..kernel.wire import MAX_FILES
from ..models import Block, Membership, Room, RoomKind
from ..queries import history, unread_counts
from ..queries.room_names import find_public_room
from ..services import deletion, direct_messages, membership, preferences, uploads
from ..services.messages import post
from ..services.rights import may_as
from .absent import render_no_person, render_no_room
from .forms import FindOrCreateRoomForm, PostMessageForm
from .naming import names_of_asked
from .render_cache import client_templates, hide_blocked, render_messages
from .responses import get_time_zone, render_refusal
from .room_lists import present_rooms
from .sidebar import get_sidebar
from .timeline import render_log
from .writing import chosen_example, example_prompts, sentence, writing_context


@require_safe
def index(request):
    return redirect("rooms")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def room_list(request):
    """All rooms that I can enter. POST: open a room by its title, or create it (the page where a room is missing)."""
    if request.method == "POST":
        return _open_room(request)
    try:
        listed = present_rooms(request, request.user)
    except ChatError as error:
        return render_refusal(request, error)
    context = {"listed": listed, "has_deleted": deletion.find_deleted(request.user).exists()}
    return render(request, "rooms/list.html", context)


@login_required
@gzip_page
@require_http_methods(["GET", "HEAD", "POST"])
def room(request, name: str):
    """A room by its address. Looking at it changes nothing: a public one is joined by a button, or by writing there."""
    try:
        found, mine = membership.get_visible_room_and_membership(request.user.id, name)
    except ChatError as error:
        return render_no_room(request, name, error)
    if found.is_direct:
        return redirect("direct_message", username=direct_messages.other_member(found, request.user.id).username)
    if request.POST.get("do") == "join":
        return _join_room(request, found)
    return _render_room(request, found, mine)


@login_required
@gzip_page
@require_http_methods(["GET", "HEAD", "POST"])
def direct_message(request, username: str):
    """The direct message with one person or bot. Its room is created with the first message."""
    try:
        other = membership.get_user_by_name(username, also_gone=True)
    except ChatError as error:
        return render_no_person(request, username, error)
    try:
        found = direct_messages.find_direct_message(request.user, other)
    except ChatError as error:
        return render_refusal(request, error)
    if other.username != username:
        return redirect("direct_message", username=other.username)
    if found is None:
        return _render_room(request, Room(kind=RoomKind.DIRECT), None, other)
    return _render_room(request, *membership.get_visible_room_and_membership(request.user.id, found.name), other)


@login_required
@require_safe
def find_direct_message(request):
    """The form “Message someone”: redirect to the page of that user name."""
    name = request.GET.get("username", "").strip().lstrip("@＠")
    return redirect("direct_message", username=name) if name and "/" not in name else redirect("rooms")


def _open_room(request):
    """Errors are shown on the page for a new room, where the name can be changed."""
    form = FindOrCreateRoomForm(request.POST)
    status = 400
    if form.is_valid():
        try:
            return redirect("room", name=_get_or_create_room(request, form).name)
        except ChatError as error:
            if error.reason == "cannot_create_rooms":
                return render_refusal(request, error)
            form.add_error("title", error.message)
            status = 429 if error.code == "rate_limited" else 400
    return render(request, "rooms/new.html", {"form": form}, status=status)


def _get_or_create_room(request, form: FindOrCreateRoomForm) -> Room:
    """The room of the form's title: joined if it exists, else created. One that only has the name is not joined."""
    title = check_title(form.cleaned_data["title"])
    found = find_public_room(title) if form.kind == RoomKind.PUBLIC else None
    if found and not same_name(title, found.title):
        return found
    if not found:
        rate_limits.check_new_room(request.user.id)
    return membership.create_room(request.user, title, form.kind)


def _join_room(request, room: Room):
    try:
        rate_limits.check_post(request.user.id)
        membership.get_or_join(request.user, room.name)
    except ChatError as error:
        return render_refusal(request, error)
    return redirect(request.get_full_path())


def _render_room(request, room: Room, mine: Membership | None, other=None):
    """room: unsaved for a direct message that does not exist yet."""
    error = None
    if request.method == "POST":
        try:
            _post_message(request, room, other)
            return redirect(request.path)
        except ChatError as failure:
            error = failure
    examples = example_prompts(other)
    context = _room_context(request, room, mine, other) | {
        "error": sentence(error, get_time_zone(request)) if error else None,
        "draft": clean(request.POST.get("message", "")) if error else chosen_example(request, examples),
        "examples": examples,
    }
    return render(request, "rooms/room.html", context, status=error.status if error else 200)


def _post_message(request, room: Room, other) -> None:
    form = PostMessageForm(request.POST)
    if "id" in form.errors:
        raise ChatError("form_outdated")
    received = received_with(request)
    with rate_limits.counted_post(request.user.id):
        # Check the text before creating a direct message for it.
        text = check_text(request.POST.get("message", ""), may_be_empty=bool(received.files))
        if room.pk is None:
            room = direct_messages.get_or_create_direct_message(request.user, other.username)
        alts = [request.POST.get(f"alt{number}", "") for number in range(len(received.files))]
        files = [
            uploads.take_in(request.user, room.name, each, alt=alt).key
            for each, alt in zip(received.files, alts, strict=True)
        ]
        reply_to = whole_number(request.POST.get("reply_to"))
        post(request.user, room.name, text, form.cleaned_data["id"], reply_to, files=files)
    if preferences_of(request.user).welcome:  # the card is for people who have not written yet
        preferences.change(request.user, {"welcome": False})


def _room_context(request, room: Room, mine: Membership | None, other) -> dict:
    found = history.versions(room, **_history_position(request)) if room.pk else history.NO_VERSIONS
    blocked = Block.objects.ids(request.user.id)
    messages = hide_blocked(render_messages(found.rows, get_time_zone(request)), blocked, get_time_zone(request))
    # With it, the browser shows what moderators may do with messages.
    moderates = not other and may_as(Action.DELETE_OTHERS, request.user, room, mine.role if mine else None)
    read_seq = mine.read_seq if mine else found.seq
    writing = writing_context(request.user, room, get_time_zone(request))
    log_html, new_id = render_log(messages, request.user.id, read_seq, blocked)
    boot = writing["boot"] | {
        "me": profile(request.user),
        "room": _serialize_room(room, other) | {"muted": bool(mine and mine.is_quiet), "moderates": moderates},
        "joined": mine is not None,
        "seq": found.seq,
        "readSeq": read_seq,
        "newId": new_id,
        "unread": unread_counts.unread_since(room, request.user.id, read_seq) if found.seq > read_seq else None,
        "more": found.older,
        "isNewest": found.newest is None,
        "newestId": found.newest,
        "maxText": MAX_TEXT,
        "maxFile": max_file_size(),
        "maxFiles": MAX_FILES,
        "scansFiles": bool(settings.CLAMAV_URL),
        "botName": settings.BOT_NAME,
        "blocked": sorted(blocked),
        "messages": [message.data for message in messages],
    }
    return writing | {
        "side": SimpleLazyObject(lambda: get_sidebar(request.user, room.id)),
        "room": room,
        "joined": mine is not None,
        "other": other,
        "blocks_other": other is not None and other.id in blocked,
        "log": log_html,
        "has_files": any(message.has_files for message in messages),
        "older_than": messages[0].id if found.older else None,
        "newer_than": messages[-1].id if found.newest and messages else None,
        "is_newest": found.newest is None,
        "message_id": uuid.uuid4(),
        "invited": names_of_asked(room) if mine and not room.is_direct and not found.older else "",
        "welcome": bool(mine and preferences_of(request.user).welcome) and not (room.is_direct or room.archived),
        "templates": client_templates(),
        "boot": boot,
    }


def _serialize_room(room: Room, other) -> dict:
    return {
        "name": room.name,
        "title": room.title,
        "kind": room.kind,
        "with": profile(other) if other else None,
    }


def _history_position(request) -> dict[str, int]:
    """Which messages the page shows, when not the newest: ?before=, ?after= or ?around= an id."""
    for name in ("before", "after", "around"):
        if (number := whole_number(request.GET.get(name))) is not None:
            return {name: number}
    return {}
