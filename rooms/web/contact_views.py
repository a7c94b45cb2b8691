"""The pages about contact with others: privacy, and the invitations that the reader can answer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..kernel import rate_limits
from ..kernel.errors import ChatError
from ..services import blocks, contact_permissions, personal_invitations
from .contact_forms import handle_contact_form


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def privacy(request):
    """The people whom the reader blocks, and what others may do."""
    if request.method == "POST":
        handle_contact_form(request, request.POST.get("username", "").strip().lstrip("@＠"))
        return redirect("privacy")
    context = {
        "blocked": blocks.blocked_by(request.user.id),
        "settings": contact_permissions.settings_of(request.user.id),
    }
    return render(request, "rooms/privacy.html", context)


@login_required
@never_cache
@require_safe
def invitations(request):
    """The invitations that the reader can answer."""
    pending = personal_invitations.pending_for(request.user.id)
    return render(request, "rooms/invitations.html", {"pending": pending})


@login_required
@require_POST
def answer_invitation(request, invitation_id: int):
    """Accept or decline."""
    try:
        rate_limits.check_post(request.user.id)
        if request.POST.get("do") == "accept":
            return redirect("room", name=personal_invitations.accept(request.user, invitation_id).name)
        if request.POST.get("do") == "decline":
            personal_invitations.decline(request.user, invitation_id)
            messages.success(request, _("You declined the invitation. The person who invited you is not told."))
    except ChatError as error:
        messages.error(request, error.message)
    return redirect("invitations")
