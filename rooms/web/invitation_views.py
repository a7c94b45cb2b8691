"""The page of an invitation link to a room. It asks whether the reader wants to join."""

from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.security.client_addresses import request_address_block
from site_settings import current

from ..kernel import rate_limits
from ..kernel.errors import ChatError
from ..services import invitation_links
from .responses import render_not_found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_invitation(request, secret: str):
    """Joining needs a click, so that a page of another site cannot make somebody join by opening the address.

    People who are not signed in see who invites them and to which room, as everybody with the link does.
    """
    if not request.user.is_authenticated:
        return _show_to_stranger(request, secret)
    try:
        rate_limits.check_links(request.user.id, request_address_block(request))
        if request.method == "POST":
            return redirect("room", name=invitation_links.accept(request.user, secret).name)
        invitation, belongs = invitation_links.get_visible_link(request.user, secret)
    except ChatError as error:
        if error.code == "not_found":
            return render_not_found(request, error.message)
        return render(request, "rooms/invited.html", {"error": error.message}, status=error.status)
    if belongs:
        return redirect("room", name=invitation.room.name)
    return render(request, "rooms/invited.html", {"invitation": invitation})


def _show_to_stranger(request, secret: str):
    if request.method == "POST":
        return redirect_to_login(request.get_full_path())
    try:
        rate_limits.check_links_of_block(request_address_block(request))
        invitation = invitation_links.get_working_link(secret)
    except ChatError as error:
        return render(request, "rooms/invited.html", {"error": error.message}, status=error.status)
    context = {"invitation": invitation, "open_signup": current.flag("OPEN_SIGNUP")}
    return render(request, "rooms/invited.html", context)
