"""The addresses of staff's own pages, and of what everybody sees of the audit log."""

from django.urls import path

from . import audit_views

urlpatterns = [
    path("server/audit/", audit_views.audit_log, name="audit_log"),
    path("server/audit/export/", audit_views.export_audit_log, name="export_audit_log"),
    path("settings/activity/", audit_views.account_activity, name="account_activity"),
]
