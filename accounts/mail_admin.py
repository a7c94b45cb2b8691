"""The admin pages of mails: what waits and has failed, addresses that are switched off, and a check of the server."""

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.admin import WrittenByProgram

from .mail import check_job
from .models import OutgoingMail, RefusedAddress


@admin.register(OutgoingMail)
class OutgoingMailAdmin(WrittenByProgram):
    """Without what they say."""

    list_display = ["kind", "address", "state", "reason", "code", "attempts", "created"]
    list_filter = ["state", "reason", "kind"]
    search_fields = ["address"]
    fields = ["kind", "user", "address", "state", "reason", "code", "attempts", "created"]
    change_list_template = "admin/accounts/outgoingmail/change_list.html"

    def get_urls(self):
        page = self.admin_site.admin_view(self.check_server)
        return [path("check/", page, name="mail_check"), *super().get_urls()]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def check_server(self, request):
        """GET shows the last check; POST begins one."""
        if not request.user.has_perm("accounts.view_outgoingmail"):
            raise PermissionDenied
        if request.method == "POST":
            check_job.start(request.user)
            return redirect("admin:mail_check")
        report = check_job.get_report()
        context = self.admin_site.each_context(request) | {
            "title": _("Check of the mail server"),
            "opts": self.model._meta,
            "server": settings.EMAIL_HOST and f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}",
            "report": report,
            "running": bool(report and report["running"] and not report["lost"]),
        }
        return render(request, "admin/accounts/mail_check.html", context)


@admin.register(RefusedAddress)
class RefusedAddressAdmin(WrittenByProgram):
    """Mail goes there again when the row is deleted."""

    list_display = ["email", "code", "since"]
    search_fields = ["email"]
    fields = ["email", "code", "since"]
