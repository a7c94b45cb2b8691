"""The addresses of staff's own pages, and of what everybody sees of the audit log."""

from django.urls import path

from . import audit_views, overview_views, people_views

urlpatterns = [
    path("server/", overview_views.overview, name="server"),
    path("server/people/", people_views.people, name="server_people"),
    path("server/people/<int:user_id>/", people_views.person, name="server_person"),
    path("server/audit/", audit_views.audit_log, name="audit_log"),
    path("server/audit/export/", audit_views.export_audit_log, name="export_audit_log"),
    path("settings/activity/", audit_views.account_activity, name="account_activity"),
]
