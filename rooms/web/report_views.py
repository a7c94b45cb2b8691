"""The pages for reporting a message or a person, and for following and deciding reports."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ..kernel import rate_limits
from ..kernel.errors import ChatError
from ..kernel.protocol import whole_number
from ..models import MAX_REPORT_WORDS, Decision, Report, ReportReason
from ..queries.serializers import excerpt_of
from ..services import report_queue, reports
from ..services.membership import get_user_by_name
from . import ban_forms
from .absent import render_no_person
from .responses import render_not_found
from .sidebar import get_entries

EXCERPT = 300  # characters of the message


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report_message(request, name: str, message_id: int):
    try:
        message = reports.get_reportable(request.user, name, message_id)
    except ChatError as error:
        return render_not_found(request, error.message)
    context = {
        "person": message.sender,
        "excerpt": excerpt_of(message, EXCERPT) or ", ".join(file["name"] for file in message.files or []),
        "back": get_entries([message.room], request.user)[message.room_id].address,
        "is_direct": message.room.is_direct,
        "here": reverse("report_message", args=[message.room.name, message.pk]),
    }
    return _report(request, context, lambda *why: reports.report_message(request.user, name, message_id, *why))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report_person(request, username: str):
    try:
        person = get_user_by_name(username, also_gone=True)
    except ChatError as error:
        return render_no_person(request, username, error)
    if person == request.user:
        return render_not_found(request, ChatError("report_yourself").message)
    context = {
        "person": person,
        "back": reverse("about_person", args=[person.username]),
        "here": reverse("report_person", args=[person.username]),
    }
    return _report(request, context, lambda *why: reports.report_person(request.user, person.username, *why))


def _report(request, context: dict, report):
    reason, words, status = request.POST.get("reason", ""), request.POST.get("words", ""), 200
    if request.method == "POST":
        try:
            with rate_limits.counted_post(request.user.id):
                report(reason, words)
        except ChatError as error:
            messages.error(request, error.message)
            status = error.status
        else:
            messages.success(request, _("Thank you. Moderators will look at your report."))
            return redirect(f"{context['here']}?sent=1")  # in the panel, too
    context |= {
        "sent": "sent" in request.GET,
        "reasons": ReportReason.choices,
        "reason": reason,
        "words": words[:MAX_REPORT_WORDS],
    }
    return render(request, "rooms/report.html", context | {"longest": MAX_REPORT_WORDS}, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reports_page(request):
    """The reader's own reports; for moderators also the reports they may decide. ?decided=1: those already decided."""
    if request.method == "POST":
        _handle_form(request)
        return redirect("reports")
    decided, moderates = bool(request.GET.get("decided")), report_queue.may_moderate(request.user)
    context = {
        "moderates": moderates,
        "decided": decided,
        "queue": [_present(each) for each in report_queue.queue(request.user, decided)] if moderates else [],
        "own": reports.own_reports(request.user),
        "ban_durations": ban_forms.choices(),
        "message_hours": ban_forms.HOURS.items(),
        "longest": MAX_REPORT_WORDS,
    }
    return render(request, "rooms/reports.html", context)


def _handle_form(request) -> None:
    number, do = whole_number(request.POST.get("report")) or 0, request.POST.get("do", "")
    try:
        rate_limits.check_post(request.user.id)
        if do in ("take", "leave"):
            report_queue.assign(request.user, number, do == "take")
        else:
            report_queue.decide(request.user, number, do, request.POST.get("note", ""), ban_forms.terms_of(request),
                ban_forms.hours_of(request),
            )  # fmt: skip
            messages.success(request, _("The report is closed."))
    except ChatError as error:
        messages.error(request, error.message)


def _present(report: Report) -> dict:
    evidence = list(report.evidence.all())
    return {
        "report": report,
        "reported": [each for each in evidence if each.is_reported],
        "evidence": evidence,
        "decisions": [] if report.decided else report_queue.decisions_for(report),
        "decision": Decision(report.decision).label if report.decision else "",
    }
