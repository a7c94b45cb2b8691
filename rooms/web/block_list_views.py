"""Blocked words and links: what the form on a room's page does, and the server's page for staff."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ..kernel import rate_limits
from ..kernel.errors import ChatError
from ..services import block_list_changes
from .limit_actions import entered
from .responses import render_refusal


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def server_block_list(request):
    """What nobody can write on the server, in a form."""
    try:
        blocked = block_list_changes.list_of_server(request.user)
    except ChatError as error:
        return render_refusal(request, error)
    if request.method == "POST":
        blocked.phrases, blocked.hosts = entered(request)
        try:
            rate_limits.check_post(request.user.id)
            block_list_changes.set_list_of_server(request.user, blocked.phrases, blocked.hosts)
            messages.success(request, _("Saved."))
            return redirect("server_block_list")
        except ChatError as error:
            messages.error(request, error.message)
            return render(request, "rooms/server_block_list.html", {"blocked": blocked}, status=error.status)
    return render(request, "rooms/server_block_list.html", {"blocked": blocked})
