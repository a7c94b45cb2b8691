"""Django's admin, which records each change in the audit log."""

import json
from typing import Any

from django.contrib import admin
from django.db import models, transaction
from django.http import HttpRequest

from .recording import record


class Audited(admin.ModelAdmin):
    """Writes entries where Django logs what was done, in the same transaction.

    A class with `audited_by_services` writes none: the services that its pages call do so.
    """

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        self._record(request, "admin.added", obj)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        self._record(request, "admin.changed", obj, fields=_fields(message))
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for obj in queryset:
            self._record(request, "admin.deleted", obj)
        return super().log_deletions(request, queryset)

    def response_action(self, request: HttpRequest, queryset: Any, *args: Any, **kwargs: Any) -> Any:
        action = request.POST.get("action")
        if getattr(self, "audited_by_services", False):  # each row is a transaction of its own: there may be many
            return super().response_action(request, queryset, *args, **kwargs)
        with transaction.atomic():
            response = super().response_action(request, queryset, *args, **kwargs)
            if action != "delete_selected" and action in self.get_actions(request):
                self._record(request, "admin.action", action=action)
        return response

    def _record(self, request: HttpRequest, act: str, obj: models.Model | None = None, **params: Any) -> None:
        if getattr(self, "audited_by_services", False):
            return
        if obj:
            params["row"] = str(obj.pk)
        with transaction.atomic():  # some of Django's pages open no transaction
            record(act, actor=request.user.pk, table=self.opts.label_lower, **params)


def _fields(message: Any) -> str:
    """The names of the fields that were changed, as Django's log has them."""
    parts = json.loads(message) if isinstance(message, str) and message.startswith("[") else message
    if not isinstance(parts, list):
        return ""
    return ", ".join(name for part in parts for each in part.values() for name in each.get("fields", []))


class AuditedAdminSite(admin.AdminSite):
    """Makes every registered class record what is done on its pages."""

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        base = admin_class or admin.ModelAdmin
        audited = type(base.__name__, (Audited, base), {"__module__": base.__module__, "__doc__": base.__doc__})
        super().register(model_or_iterable, audited, **options)
