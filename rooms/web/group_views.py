"""The pages of groups of people: the list, and one group, where staff choose its members and members can leave."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ..kernel import rate_limits
from ..kernel.errors import ChatError
from ..queries.people_groups import groups_with_counts, members_of_group
from ..services import people_groups
from ..services.messages import check_room_text
from .responses import render_refusal


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def groups(request):
    """All groups, and a form for staff to create one."""
    name = request.POST.get("name", "").strip()
    if request.method == "POST":
        try:
            rate_limits.check_post(request.user.id)
            group = people_groups.create(request.user, name, _about(request))
            return redirect("group", name=group.name)
        except ChatError as error:
            messages.error(request, error.message)
    return render(request, "rooms/groups.html", {"groups": groups_with_counts(), "name": name})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def group(request, name: str):
    """One group and its members."""
    try:
        found = people_groups.get_group(name)
    except ChatError as error:
        return render_refusal(request, error)
    if request.method == "POST":
        gone = _handle_form(request, found.name)
        return redirect("groups") if gone else redirect("group", name=found.name)
    members = [each.user for each in members_of_group(found)]
    return render(request, "rooms/group.html", {"group": found, "members": members, "mine": request.user in members})


def _handle_form(request, name: str) -> bool:
    """Returns whether the group is gone."""
    do, username = request.POST.get("do"), request.POST.get("username", "").strip().lstrip("@＠")
    try:
        rate_limits.check_post(request.user.id)
        if do == "delete":
            people_groups.delete(request.user, name)
            messages.success(request, _("The group %(name)s is deleted.") % {"name": f"@{name}"})
            return True
        messages.success(request, _change(request, name, do, username))
    except ChatError as error:
        messages.error(request, error.message)
    return False


def _change(request, name: str, do: str | None, username: str) -> str:
    if do == "add":
        added = people_groups.add(request.user, name, username)
        return _("%(name)s belongs to the group now.") % {"name": added.shown_name}
    if do == "remove":
        removed = people_groups.remove(request.user, name, username)
        return _("%(name)s no longer belongs to the group.") % {"name": removed.shown_name}
    if do == "leave":
        people_groups.remove(request.user, name, request.user.username)
        return _("You have left the group.")
    if do == "describe":
        people_groups.describe(request.user, name, _about(request))
    return _("Saved.")


def _about(request) -> str:
    """What a group is for: one line."""
    return check_room_text(" ".join(request.POST.get("about", "").split()), 200)
