"""The addresses of staff's own pages, and of what everybody sees of the audit log."""

from django.urls import path

from . import audit_views, operation_views, overview_views, people_views, settings_views

urlpatterns = [
    path("server/", overview_views.overview, name="server"),
    path("server/people/", people_views.people, name="server_people"),
    path("server/people/<int:user_id>/", people_views.person, name="server_person"),
    path("server/jobs/", operation_views.jobs, name="server_jobs"),
    path("server/mail/", operation_views.mail, name="server_mail"),
    path("server/bots/", operation_views.bots, name="server_bots"),
    path("server/storage/", operation_views.storage, name="server_storage"),
    path("server/backups/", operation_views.backups, name="server_backups"),
    path("server/audit/", audit_views.audit_log, name="audit_log"),
    path("server/audit/export/", audit_views.export_audit_log, name="export_audit_log"),
    path("server/settings/", settings_views.server_settings, name="server_settings"),
    path("server/settings/<str:group>/", settings_views.settings_group, name="settings_group"),
    path("settings/activity/", audit_views.account_activity, name="account_activity"),
]
