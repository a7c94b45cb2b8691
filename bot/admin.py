from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Case, When
from django.urls import path
from django.utils.translation import gettext_lazy as _

from accounts.fields import NameField, PlainTextField
from accounts.models import User
from accounts.usernames import USERNAME_MAX, username_validators
from common.admin import ReadOnly, WrittenByProgram
from rooms.models import Room

from .models import Bot, EndpointTrait, Feedback, Run
from .web import check_views, usage_views

_PERSONA = ["name", "enabled", "instruction", "description", "examples", "rooms"]
_ENDPOINT = ["model", "base_url", "api", "key_variable"]
_TUNING = ["temperature", "max_tokens", "patience", "tools"]
_LIMITS = ["context_tokens", "person_daily_tokens", "room_daily_tokens", "daily_tokens", "monthly_tokens"]
_PRICES = ["price_in", "price_cached", "price_out"]
_FIELDS = [*_PERSONA, *_ENDPOINT, *_TUNING, *_LIMITS, *_PRICES]


class BotForm(forms.ModelForm):
    handle = forms.CharField(label=_("handle"), max_length=USERNAME_MAX, validators=username_validators)

    class Meta:
        model = Bot
        fields = _FIELDS
        field_classes = {"name": NameField} | dict.fromkeys(["instruction", "description", "examples"], PlainTextField)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["handle"].initial = self.instance.user.username
            self.fields["handle"].disabled = self.instance.from_environment  # BOT_NAME

    def clean_handle(self):
        handle = self.cleaned_data["handle"]
        if User.objects.filter(username__iexact=handle).exclude(pk=self.instance.user_id).exists():
            raise ValidationError(_("This name is taken."))
        return handle

    def save(self, commit=True):
        if not self.instance.pk:
            self.instance.user = User(is_bot=True)
            self.instance.user.set_unusable_password()
        self.instance.user.username = self.cleaned_data["handle"]
        self.instance.user.save()
        self.instance.user = self.instance.user  # now with its id
        return super().save(commit)


@admin.register(Bot)
class BotAdmin(admin.ModelAdmin):
    form = BotForm
    list_display = ["__str__", "name", "enabled", "model", "api", "base_url"]
    list_filter = ["enabled"]
    filter_horizontal = ["rooms"]
    fieldsets = [
        (None, {"fields": ["handle", *_PERSONA]}),
        (_("Model"), {"fields": [*_ENDPOINT, *_TUNING]}),
        (_("Limits"), {"fields": [*_LIMITS]}),
        (_("Prices"), {"fields": [*_PRICES]}),
    ]

    def formfield_for_manytomany(self, db_field, request, **options):
        if db_field.name == "rooms":
            options["queryset"] = Room.objects.visible_to(request.user.id)
        return super().formfield_for_manytomany(db_field, request, **options)

    def save_related(self, request, form, formsets, change):
        """Rooms that this member of staff may not see were not offered, and stay as they are."""
        hidden = list(form.instance.rooms.exclude(pk__in=Room.objects.visible_to(request.user.id))) if change else []
        super().save_related(request, form, formsets, change)
        form.instance.rooms.add(*hidden)

    def get_readonly_fields(self, request, obj=None):
        return _ENDPOINT if obj and obj.from_environment else []

    def get_urls(self):
        report = self.admin_site.admin_view(usage_views.usage_report)
        check = self.admin_site.admin_view(check_views.check_bot)
        return [
            path("usage/", report, name="bot_usage"),
            path("<int:bot_id>/check/", check, name="bot_check"),
            *super().get_urls(),
        ]

    def has_delete_permission(self, request, obj=None):
        return False  # what it said stays: switch it off instead


@admin.register(Run)
class RunAdmin(ReadOnly):
    """How replies went, to look at. What was asked, read and searched belongs to the rooms; so do the names of those
    rooms that this member of staff may not enter, and who asked there."""

    list_display = ["id", "bot", "where", "who", "state", "queued", "total_ms", "tokens_in", "tokens_out", "error"]
    list_filter = ["state", "bot"]
    list_select_related = ["bot__user", "room", "asker", "question__room"]
    fields = [
        "bot", "where", "who", "state", "queued", "finished", "attempts", "model", "tokens_in", "tokens_cached",
        "tokens_out", "spent", "cost", "first_token_ms", "total_ms", "error", "error_detail", "without",
    ]  # fmt: skip
    readonly_fields = ["where", "who"]
    date_hierarchy = "queued"

    def get_queryset(self, request):
        visible = Room.objects.visible_to(request.user.id).values("pk")
        shown = Case(When(room__in=visible, question__room__in=visible, then=True), default=False)
        return super().get_queryset(request).annotate(shown=shown)

    @admin.display(description=_("room"))
    def where(self, run: Run) -> str:
        return str(run.room if run.shown else _("(private)"))

    @admin.display(description=_("asked by"))
    def who(self, run: Run) -> str:
        return str(run.asker if run.shown else _("(private)"))


@admin.register(Feedback)
class FeedbackAdmin(ReadOnly):
    """What people think of answers, to look at; of rooms that this member of staff may enter."""

    list_display = ["given", "bot", "user", "is_good", "reason"]
    list_filter = ["is_good", "run__bot"]
    list_select_related = ["run__bot__user", "user"]
    fields = ["given", "run", "user", "is_good", "reason"]
    date_hierarchy = "given"

    def get_queryset(self, request):
        visible = Room.objects.visible_to(request.user.id).values("pk")
        return super().get_queryset(request).filter(run__room__in=visible)

    @admin.display(description=_("bot"))
    def bot(self, feedback: Feedback) -> str:
        return str(feedback.run.bot)


@admin.register(EndpointTrait)
class EndpointTraitAdmin(WrittenByProgram):
    """What was found out about model servers. To delete a row is to have it found out anew."""

    list_display = ["base_url", "model", "api", "name", "value", "reason", "learned"]
    list_filter = ["name"]
