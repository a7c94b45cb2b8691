"""The page of deleted rooms, which can still be restored."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ..kernel import rate_limits
from ..kernel.errors import ChatError
from ..services import deletion
from .responses import get_time_zone

MAX_SHOWN = 100


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def deleted_rooms(request):
    """The deleted rooms that this person may restore, each with the day on which it is deleted for good."""
    if request.method == "POST":
        return _restore(request)
    zone = get_time_zone(request)
    found = deletion.find_deleted(request.user)[:MAX_SHOWN]
    rooms = [{"room": room, "until": deletion.gone_at(room).astimezone(zone).date()} for room in found]
    return render(request, "rooms/deleted.html", {"rooms": rooms})


def _restore(request):
    try:
        rate_limits.check_post(request.user.id)
        return redirect("room", name=deletion.restore(request.user, request.POST.get("room", "")).name)
    except ChatError as error:
        messages.error(request, error.message)
    return redirect("deleted_rooms")
