"""Jobs, mails, bots, storage and backups, for those who keep the server running."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.mail import check_job, sending
from accounts.models import OutgoingMail, RefusedAddress
from accounts.outgoing_mail import MailState
from accounts.rights import ServerAction
from backups import lease
from backups.models import Backup
from bot.models import Bot
from bot.web import check_jobs
from files import usage
from jobs import backlog
from jobs.models import FAILED, Job
from rooms.kernel.protocol import whole_number
from rooms.queries import file_usage

from .. import operation
from .access import allowed_to

ROWS = 50


@allowed_to(ServerAction.SEE_STATUS)
@require_http_methods(["GET", "HEAD", "POST"])
def jobs(request):
    """Numbers of jobs, and the failed ones. POST `again`: the id of one, or "all"; or `remove`: the id of one."""
    if request.method == "POST":
        _change_jobs(request)
        return redirect("server_jobs")
    context = {"counts": backlog.counts(), "failed": Job.objects.filter(state=FAILED).order_by("-finished")[:ROWS]}
    return render(request, "staff/jobs.html", context)


def _change_jobs(request):
    again, remove = request.POST.get("again"), whole_number(request.POST.get("remove"))
    if remove is not None:
        if operation.remove_job(request.user, remove):
            messages.success(request, _("The job is removed."))
    elif again == "all" or whole_number(again) is not None:
        count = operation.run_jobs_again(request.user, whole_number(again))
        messages.success(request, ngettext("%d job waits again.", "%d jobs wait again.", count) % count)


@allowed_to(ServerAction.SEE_STATUS)
@require_http_methods(["GET", "HEAD", "POST"])
def mail(request):
    """Waiting and failed mails, refused addresses, and the last check of the mail server. POST starts a check, or with
    `allow`, the id of a refused address, allows mails to it again."""
    if request.method == "POST":
        allow = whole_number(request.POST.get("allow"))
        if allow is not None:
            if operation.allow_address(request.user, allow):
                messages.success(request, _("Mails go to this address again."))
        elif settings.EMAIL_HOST:
            operation.check_mail(request.user)
        return redirect("server_mail")
    report = check_job.get_report()
    context = {
        "server": settings.EMAIL_HOST and f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}",
        "counts": sending.counts(),
        "failed": OutgoingMail.objects.filter(state=MailState.FAILED).order_by("-created")[:ROWS],
        "refused": RefusedAddress.objects.order_by("-since")[:ROWS],
        "report": report,
        "running": bool(report and report["running"] and not report["lost"]),
    }
    return render(request, "staff/mail.html", context)


@allowed_to(ServerAction.MANAGE_BOTS)
@require_safe
def bots(request):
    """All bots, each with its model and how the last check of it ended."""
    found = Bot.objects.select_related("user").order_by("user__username")
    rows = [(bot, bot.endpoint, check_jobs.get_report(bot)) for bot in found[:ROWS]]
    return render(request, "staff/bots.html", {"rows": rows})


@allowed_to(ServerAction.SEE_STATUS)
@require_safe
def storage(request):
    """How much space files take. Rooms that the reader may not enter are counted, but not named."""
    report = file_usage.make_report(request.user)
    context = {
        "report": report,
        "disk_free": max(0, usage.disk_left() + usage.KEPT_FREE),
        "tables": [
            (_("In all"), [report.kept, report.sent]),
            (_("Kinds"), report.kinds),
            (_("Rooms"), report.rooms),
            (_("People"), report.people),
        ],
    }
    return render(request, "staff/storage.html", context)


@allowed_to(ServerAction.SEE_STATUS)
@require_http_methods(["GET", "HEAD", "POST"])
def backups(request):
    """Backups, including failed ones. POST starts one."""
    if request.method == "POST":
        if operation.begin_backup(request.user):
            messages.success(request, _("A job makes a backup now."))
        else:
            messages.warning(request, _("A backup is being made, or was made less than a minute ago."))
        return redirect("server_backups")
    context = {
        "backups": Backup.objects.order_by("-started")[:ROWS],
        "running": lease.is_running(),
        "every": settings.BACKUP_EVERY,
        "kept": settings.BACKUP_KEEP,
    }
    return render(request, "staff/backups.html", context)
