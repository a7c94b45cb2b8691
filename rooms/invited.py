"""Who opens an invitation: the page that asks whether they want to come in, and the door."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.addresses import block_of_request

from . import invitations, limits
from .errors import ChatError
from .presentation import missing


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invited(request, secret: str):
    """Coming in needs a click: an address alone, opened by a page of another site, changes nothing."""
    try:
        limits.check_links(request.user.id, block_of_request(request))
        if request.method == "POST":
            return redirect("room", name=invitations.accept(request.user, secret).name)
        invitation, belongs = invitations.look_at(request.user, secret)
    except ChatError as error:
        if error.code == "not_found":
            return missing(request, error.message)
        return render(request, "rooms/invited.html", {"error": error.message}, status=error.status)
    if belongs:
        return redirect("room", name=invitation.room.name)
    return render(request, "rooms/invited.html", {"invitation": invitation})
