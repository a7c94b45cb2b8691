"""The admin page of pushes: what waits, and what push services answered. It does not show what they say."""

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.admin import ReadOnly

from .models import PushDelivery
from .push import answers, backlog
from .push.hosts import service_of


class AnswerFilter(admin.SimpleListFilter):
    """By what push services answered, in words."""

    title = _("answer")
    parameter_name = "answer"

    def lookups(self, request, model_admin):
        """Of the answers that there are."""
        codes = PushDelivery.objects.exclude(answer="").order_by("answer").values_list("answer", flat=True).distinct()
        return [(code, answers.words_of(code)) for code in codes]

    def queryset(self, request, queryset):
        """All, while none is chosen."""
        return queryset.filter(answer=self.value()) if self.value() else queryset


@admin.register(PushDelivery)
class PushDeliveryAdmin(ReadOnly):
    list_display = ["user", "service", "state", "attempts", "said", "created", "due"]
    list_filter = ["state", AnswerFilter]
    list_select_related = ["user", "subscription"]
    search_fields = ["user__username"]
    fields = ["user", "service", "state", "attempts", "said", "created", "due"]
    date_hierarchy = "created"

    def changelist_view(self, request, extra_context=None):
        """Warns above the table when push services refuse this server."""
        if refused := backlog.counts()["refused"]:
            self.message_user(request, _refused(refused), messages.WARNING)
        return super().changelist_view(request, extra_context)

    @admin.display(description=_("answer"), ordering="answer")
    def said(self, row: PushDelivery) -> str:
        """By the push service, in words."""
        return answers.words_of(row.answer)

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
