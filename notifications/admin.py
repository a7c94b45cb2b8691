"""The admin page of pushes: what waits, and what push services answered. It does not show what they say."""

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.admin import ReadOnly

from .models import PushDelivery
from .push import backlog
from .push.hosts import service_of


@admin.register(PushDelivery)
class PushDeliveryAdmin(ReadOnly):
    list_display = ["user", "service", "state", "attempts", "answer", "created", "due"]
    list_filter = ["state", "answer"]
    list_select_related = ["user", "subscription"]
    search_fields = ["user__username"]
    fields = ["user", "service", "state", "attempts", "answer", "created", "due"]
    date_hierarchy = "created"

    def changelist_view(self, request, extra_context=None):
        """Warns above the table when push services refuse this server."""
        if refused := backlog.counts()["refused"]:
            self.message_user(request, _refused(refused), messages.WARNING)
        return super().changelist_view(request, extra_context)

    @admin.display(description=_("push service"))
    def service(self, row: PushDelivery) -> str:
        """Its host alone: whoever knows the whole address can fill the device."""
        found = service_of(row.subscription.endpoint)
        return found.host if found else ""


def _refused(count: int) -> str:
    return ngettext(
        "In the last hour, %(count)d push was refused for the key of this server. All hosts must have the same key and "
        "the right time; with a new key, devices are registered again when their people come back.",
        "In the last hour, %(count)d pushes were refused for the key of this server. All hosts must have the same key "
        "and the right time; with a new key, devices are registered again when their people come back.",
        count,
    ) % {"count": count}
