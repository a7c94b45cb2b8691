"""The page of timeouts on the whole server, for staff. Those in a room: limit_actions.py."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ..kernel import rate_limits
from ..kernel.errors import ChatError
from ..services import timeouts
from .limit_actions import TIMEOUT_CHOICES, chosen_end, get_member
from .responses import get_time_zone, render_refusal
from .writing import duration


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def server_timeouts(request):
    """The people who cannot write anywhere on the server, and a form to time somebody out."""
    try:
        running = timeouts.running_on_server(request.user)
    except ChatError as error:
        return render_refusal(request, error)
    if request.method == "POST":
        try:
            rate_limits.check_post(request.user.id)
            messages.success(request, _do(request))
        except ChatError as error:
            messages.error(request, error.message)
        return redirect("server_timeouts")
    zone = get_time_zone(request)
    context = {
        "running": [(each, each.until.astimezone(zone)) for each in running],
        "timeout_choices": [(seconds, duration(seconds)) for seconds in TIMEOUT_CHOICES],
        "time_out_whom": request.GET.get("whom", ""),
    }
    return render(request, "rooms/server_timeouts.html", context)


def _do(request) -> str:
    person = get_member(request)
    if request.POST.get("do") == "lift":
        timeouts.lift_on_server(request.user, person.id)
        return _("%(name)s can write again.") % {"name": person.username}
    timeouts.time_out_on_server(request.user, person.id, chosen_end(request), request.POST.get("reason", ""))
    return _("%(name)s cannot write for now.") % {"name": person.username}
