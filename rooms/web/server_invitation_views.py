"""The pages where staff invite people to the server: all invitations, and one with the people who used it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.mail.links import absolute_url
from accounts.rights import ServerAction, may_on_server

from ..kernel import rate_limits
from ..kernel.errors import ChatError
from ..queries.own_rooms import first_rooms_of
from ..services import invitation_mails, server_invitations
from .forms import ServerInvitationForm
from .responses import render_refusal

MAX_ROOMS_OFFERED = 40


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request):
    """All invitations, and a form to create one."""
    try:
        found = server_invitations.invitations_for(request.user)
    except ChatError as error:
        return render_refusal(request, error)
    form = ServerInvitationForm(request.POST or None, initial={"language": get_language()})
    form.offer([room for room in first_rooms_of(request.user.id, MAX_ROOMS_OFFERED, 1) if not room.is_direct])
    form.offer_roles(may_on_server(request.user, ServerAction.INVITE_ADMINS))
    status = 400 if form.errors else 200
    if form.is_valid():
        try:
            rate_limits.check_post(request.user.id)
            return _make(request, form.cleaned_data)
        except ChatError as error:
            form.add_error(None, error.message)
            status = error.status
    context = {"form": form, "working": [each for each in found if each.works]}
    context["ended"] = [each for each in found if not each.works]
    return render(request, "rooms/server_invitations.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request, number: int):
    """One invitation: its link for its creator, the people who used it, and a form to revoke it."""
    try:
        found = server_invitations.get_invitation(request.user, number)
        if request.method == "POST":
            return _revoke(request, number)
    except ChatError as error:
        return render_refusal(request, error)
    secret = server_invitations.secret_for(request.user, found) if found.works else ""
    context = {
        "invitation": found,
        "link": absolute_url(reverse("join_server", args=[secret])) if secret else "",
        "rooms": server_invitations.rooms_for(request.user, found),
        "people": server_invitations.people_of(found),
    }
    return render(request, "rooms/server_invitation.html", context)


def _make(request, wanted: dict):
    addresses, language = wanted.pop("addresses", []), wanted.pop("language", "")
    if not addresses:
        return redirect("server_invitation", server_invitations.create(request.user, **wanted).pk)
    made = invitation_mails.mail_invitations(request.user, addresses, language, **wanted)
    sent = ngettext("%(count)s invitation is on its way.", "%(count)s invitations are on their way.", len(made))
    messages.success(request, sent % {"count": len(made)})
    return redirect("server_invitations")


def _revoke(request, number: int):
    try:
        rate_limits.check_post(request.user.id)
        server_invitations.revoke(request.user, number)
        messages.success(request, _("The invitation is revoked."))
    except ChatError as error:
        messages.error(request, error.message)
    return redirect("server_invitation", number)
