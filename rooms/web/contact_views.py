"""The pages about contact with others: my privacy, and the invitations that wait for my answer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..kernel import rate_limits
from ..kernel.errors import ChatError
from ..services import blocks, contact_permissions, personal_invitations


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def privacy(request):
    """Whom I block, and what I let others do."""
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
    """What waits for my answer."""
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


def handle_contact_form(request, username: str) -> None:
    """`do` says what; what came of it is said on the page that comes next."""
    action = _ACTIONS.get(request.POST.get("do"))
    if action is None:
        return
    try:
        rate_limits.check_post(request.user.id)
        messages.success(request, action(request, username))
    except ChatError as error:
        messages.error(request, error.message)


def _block(request, username: str) -> str:
    return _("You blocked %(name)s.") % {"name": blocks.block(request.user, username).username}


def _unblock(request, username: str) -> str:
    return _("%(name)s is no longer blocked.") % {"name": blocks.unblock(request.user, username).username}


def _save_settings(request, _username: str) -> str:
    chosen = {name: request.POST.get(name) == "on" for name in contact_permissions.SETTINGS}
    contact_permissions.save_settings(request.user.id, **chosen)
    return _("Saved.")


_ACTIONS = {"block": _block, "unblock": _unblock, "settings": _save_settings}
