"""Pages about what bots use: one's own share, and the report for staff, which is a page of the admin."""

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..queue import policy
from ..usage import budgets, statistics
from ..usage.period import CHOICES, Period
from ..usage.report import make_report, tokens_chart


@login_required
@require_safe
def my_usage(request):
    """What the person has used in the last days, and what is left for today. Reads rows, and writes none."""
    bots = list(policy.bots_for(request.user).select_related("user").order_by("user__username"))
    days = statistics.tokens_by_day(period := Period.chosen(None), asker=request.user)
    context = {
        "budgets": budgets.of_person(request.user, bots),
        "chart": tokens_chart(days),
        "total": statistics.total(days),
        "period": period,
    }
    return render(request, "bot/usage.html", context)


@require_safe
def usage_report(request):
    """For staff that may look at replies. ?days= is one of 7, 30 and 90."""
    if not request.user.has_perm("bot.view_run"):
        raise PermissionDenied
    context = admin.site.each_context(request) | {
        "title": _("Usage of bots"),
        "report": make_report(request.user, Period.chosen(request.GET.get("days"))),
        "choices": CHOICES,
    }
    return render(request, "admin/bot/usage.html", context)
