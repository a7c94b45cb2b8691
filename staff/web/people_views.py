"""People for staff: a list to search, and a page of each with what can be done."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.rights import ServerAction
from accounts.roles import GRANTED_BY, ServerRole
from accounts.security import second_factor
from accounts.security.reauthentication import sudo_required
from rooms.kernel.protocol import whole_number
from rooms.web.responses import render_not_found

from .. import people_actions
from ..people import PAGE, PeopleQuery, figures_of, may_manage
from ..people_actions import NotAllowed
from .access import allowed_to
from .forms import PeopleFilterForm


@allowed_to(ServerAction.MANAGE_PEOPLE)
@require_safe
def people(request):
    """?q=, role=, state=, factor=, unseen=: see PeopleFilterForm; ?before= the id of the last one shown."""
    form = PeopleFilterForm(request.GET)
    before = whole_number(request.GET.get("before"))
    found = form.query().people() if form.is_valid() else User.objects.none()
    rows = list((found if before is None else found.filter(pk__lt=before))[: PAGE + 1])
    filters = request.GET.copy()
    filters.pop("before", None)
    context = {
        "form": form,
        "people": rows[:PAGE],
        "before": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "is_first": before is None,
        "filters": filters.urlencode(),
    }
    return render(request, "staff/people.html", context)


@allowed_to(ServerAction.MANAGE_PEOPLE)
@sudo_required
@require_http_methods(["GET", "HEAD", "POST"])
def person(request, user_id: int):
    """One account and its figures. POST `do`: a key of _ACTIONS."""
    found = PeopleQuery().people().filter(pk=user_id).first()
    if found is None:
        return render_not_found(request)
    link = ""
    if request.method == "POST":
        erased = request.POST.get("do") == "erase"
        try:
            link = _act(request, found)
        except NotAllowed as error:
            messages.error(request, str(error))
            erased = False
        if not link:
            return redirect("server_people") if erased else redirect("server_person", user_id)
    context = {
        "person": found,
        "figures": figures_of(found),
        "due": second_factor.due_of(found),
        "manageable": may_manage(request.user, found),
        "roles": GRANTED_BY.get(request.user.role, ()),
        "is_owner": request.user.role == ServerRole.OWNER,
        "link": link,
    }
    return render(request, "staff/person.html", context)


def _act(request: HttpRequest, person: User) -> str:
    """Do what the form asks for. Returns the link that is to be shown once, if there is one. Raises NotAllowed."""
    action = _ACTIONS.get(request.POST.get("do", ""))
    if action is None:
        raise NotAllowed(_("This cannot be done here."))
    return action(request, person) or ""


def _change_role(request: HttpRequest, person: User) -> None:
    wanted = request.POST.get("role", "")
    if wanted not in ServerRole.values:
        raise NotAllowed(_("There is no such role."))
    people_actions.change_role(request.user, person, ServerRole(wanted))  # type: ignore[arg-type]  # has signed in
    messages.success(request, _("The role is changed."))


def _deactivate(request: HttpRequest, person: User) -> None:
    people_actions.set_active(request.user, person, False)  # type: ignore[arg-type]  # likewise
    messages.success(request, _("The account is deactivated."))


def _activate(request: HttpRequest, person: User) -> None:
    people_actions.set_active(request.user, person, True)  # type: ignore[arg-type]  # likewise
    messages.success(request, _("The account is active again."))


def _sign_out(request: HttpRequest, person: User) -> None:
    ended = people_actions.sign_out(request.user, person)  # type: ignore[arg-type]  # likewise
    said = ngettext("Signed out of %(count)s session.", "Signed out of %(count)s sessions.", ended)
    messages.success(request, said % {"count": ended})


def _reset_link(request: HttpRequest, person: User) -> str:
    return people_actions.make_reset_link(request.user, person)  # type: ignore[arg-type]  # likewise


def _erase(request: HttpRequest, person: User) -> None:
    kept = request.POST.get("keep_messages") == "on"
    people_actions.erase(request.user, person, request.POST.get("typed", ""), kept)  # type: ignore[arg-type]  # likewise
    messages.success(request, _("The account is closed, and what belongs to it is being deleted."))


_ACTIONS: dict[str, Callable[[HttpRequest, User], str | None]] = {
    "role": _change_role,
    "deactivate": _deactivate,
    "activate": _activate,
    "sign_out": _sign_out,
    "reset_link": _reset_link,
    "erase": _erase,
}
