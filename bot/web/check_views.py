"""The page of the admin that tries a bot's model, and shows each step: what `manage.py checkbot` says."""

from datetime import UTC, datetime

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ..llm.endpoint import OPENAI_URL
from ..models import Bot
from . import check_jobs


@require_http_methods(["GET", "HEAD", "POST"])
def check_bot(request, bot_id: int):
    """GET shows the last check; POST starts one. For staff that may change bots."""
    if not request.user.has_perm("bot.change_bot"):
        raise PermissionDenied
    bot = get_object_or_404(Bot.objects.select_related("user"), pk=bot_id)
    if request.method == "POST":
        if bot.endpoint.configured and not check_jobs.start(bot):
            messages.warning(request, _("A check is running already. Wait until it has ended."))
        return redirect("admin:bot_check", bot.pk)
    report = check_jobs.get_report(bot)
    context = admin.site.each_context(request) | {
        "title": _("Check of %(bot)s") % {"bot": bot},
        "bot": bot,
        "endpoint": bot.endpoint,
        "address": bot.endpoint.base_url or OPENAI_URL,
        "report": report,
        "running": bool(report and report["state"] == "running"),
        "started": report and datetime.fromtimestamp(report["started"], UTC),
    }
    return render(request, "admin/bot/check.html", context)
