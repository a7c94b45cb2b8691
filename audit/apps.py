from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = _("Audit log")
    default = True


class AuditedAdminConfig(admin_apps.AdminConfig):
    default_site = "audit.admin_site.AuditedAdminSite"
    default = False
