"""The pages of the audit log: all of it for staff, and for each person the entries about them."""

import csv

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.rights import ServerAction
from audit.models import EntryQuerySet
from rooms.kernel.protocol import timestamp, whole_number

from ..audit_lines import lines
from ..audit_query import AuditQuery
from .access import allowed_to
from .forms import AuditFilterForm

PAGE = 50  # entries
MAX_EXPORT = 10_000  # entries in one file; for more, export fewer days at a time


@allowed_to(ServerAction.READ_AUDIT_LOG)
@require_safe
def audit_log(request):
    """?area=, who=, room=, since=, until=: see AuditFilterForm; ?before= the id of the last entry shown."""
    form = AuditFilterForm(request.GET)
    query = form.query() if form.is_valid() else None
    context = _page(request, query.entries() if query else AuditQuery().entries().none())
    filters = request.GET.copy()
    filters.pop("before", None)
    return render(request, "staff/audit.html", context | {"form": form, "filters": filters.urlencode()})


@allowed_to(ServerAction.READ_AUDIT_LOG)
@require_safe
def export_audit_log(request):
    """The same entries as a table, the newest MAX_EXPORT of them."""
    form = AuditFilterForm(request.GET)
    if not form.is_valid():
        return render(request, "staff/audit.html", _page(request, AuditQuery().entries().none()) | {"form": form})
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="audit-{timezone.now():%Y-%m-%d}.csv"'
    table = csv.writer(response)
    table.writerow([_("Number"), _("Time"), _("Act"), _("By"), _("Concerns"), _("Room"), _("What happened")])
    for line in lines(request.user, form.query().entries()[:MAX_EXPORT]):
        cells = [line.act, line.actor_name, line.person_name, line.room_title, line.sentence]
        table.writerow([line.id, timestamp(line.made), *map(_harmless, cells)])
    return response


@login_required
@never_cache
@require_safe
def account_activity(request):
    """What this person did, and what was done with their account and to them."""
    return render(request, "staff/activity.html", _page(request, AuditQuery(about=request.user.pk).entries()))


def _page(request, entries: EntryQuerySet) -> dict:
    before = whole_number(request.GET.get("before"))
    found = list((entries if before is None else entries.filter(pk__lt=before))[: PAGE + 1])
    return {
        "lines": lines(request.user, found[:PAGE]),
        "before": found[PAGE - 1].pk if len(found) > PAGE else None,
        "is_first": before is None,
    }


def _harmless(cell: str) -> str:
    """Spreadsheet programs read a cell that begins with one of these characters as a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
