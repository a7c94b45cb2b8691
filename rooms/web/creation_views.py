"""The page that creates a room: its name, who can see it, its topic, and the first people."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from ..kernel import rate_limits
from ..kernel.errors import ChatError
from ..kernel.slugs import MAX_TITLE
from ..queries.room_names import find_public_room
from ..services import creation
from ..services.membership import check_may_create
from .forms import NewRoomForm
from .responses import render_refusal


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_room(request):
    """?title= fills in the name."""
    try:
        check_may_create(request.user)
    except ChatError as error:
        return render_refusal(request, error)
    form = NewRoomForm(request.POST or None, initial={"title": request.GET.get("title", "")[:MAX_TITLE]})
    status, taken = 200, None
    if form.is_valid():
        try:
            return _create(request, form)
        except ChatError as error:
            taken = find_public_room(form.cleaned_data["title"]) if error.reason == "room_title_taken" else None
            form.add_error("topic" if error.reason == "room_text_too_long" else "title", error.message)
            status = error.status
    elif form.errors:
        status = 400
    return render(request, "rooms/new.html", {"form": form, "taken": taken}, status=status)


def _create(request, form: NewRoomForm):
    rate_limits.check_new_room(request.user.id)
    about = form.cleaned_data
    room, refused = creation.create(request.user, about["title"], about["kind"], about["topic"], about["people"])
    for name, error in refused.items():
        messages.error(request, f"{name}: {error.message}")
    return redirect("room_people" if refused else "room", name=room.name)
