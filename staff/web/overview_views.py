"""The first of the server's own pages: its figures, and what is wrong."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.rights import ServerAction

from ..overview import SPANS, make_overview, span_of
from .access import allowed_to


@allowed_to(ServerAction.SEE_STATUS)
@require_safe
def overview(request):
    """?span= is a key of SPANS."""
    context = {"overview": make_overview(span_of(request.GET.get("span"))), "spans": SPANS}
    return render(request, "staff/overview.html", context)
