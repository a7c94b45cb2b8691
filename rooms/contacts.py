"""The pages about contact with others: one person, and my own privacy."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from . import blocks, limits
from .contact_models import Block
from .errors import ChatError
from .membership import named
from .presentation import missing


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def about_person(request, username: str):
    """Who somebody is, and blocking or unblocking them."""
    try:
        other = named(username, also_gone=True)
    except ChatError as error:
        return missing(request, error.message)
    if request.method == "POST":
        return _changed(request, other.username, redirect("about_person", username=other.username))
    if other.username != username:
        return redirect("about_person", username=other.username)
    context = {"other": other, "blocked": other.id in Block.objects.ids(request.user.id)}
    return render(request, "rooms/person.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def privacy(request):
    """Whom I block; blocking somebody by name."""
    if request.method == "POST":
        username = request.POST.get("username", "").strip().lstrip("@")
        return _changed(request, username, redirect("privacy"))
    return render(request, "rooms/privacy.html", {"blocked": blocks.blocked_by(request.user.id)})


def _changed(request, username: str, answer):
    """`do` says what; what came of it is said on the page that comes next."""
    act, said = _DOINGS.get(request.POST.get("do"), (None, ""))
    if act is None:
        return answer
    try:
        limits.check_post(request.user.id)
        messages.success(request, said() % {"name": act(request.user, username).username})
    except ChatError as error:
        messages.error(request, error.message)
    return answer


_DOINGS = {
    "block": (blocks.block, lambda: _("You blocked %(name)s.")),
    "unblock": (blocks.unblock, lambda: _("%(name)s is no longer blocked.")),
}
