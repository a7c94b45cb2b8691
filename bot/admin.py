from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.names import USERNAME_MAX, username_validators

from .models import Bot, Run

_PERSONA = ["name", "enabled", "instruction", "rooms"]
_ENDPOINT = ["model", "base_url", "api", "key_variable"]
_TUNING = ["temperature", "max_tokens", "tools"]
_LIMITS = ["context_tokens", "person_daily_tokens", "room_daily_tokens", "daily_tokens"]
_PRICES = ["price_in", "price_out"]
_FIELDS = [*_PERSONA, *_ENDPOINT, *_TUNING, *_LIMITS, *_PRICES]


class BotForm(forms.ModelForm):
    handle = forms.CharField(label=_("handle"), max_length=USERNAME_MAX, validators=username_validators)

    class Meta:
        model = Bot
        fields = _FIELDS

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
        (_("Limits"), {"fields": _LIMITS}),
        (_("Prices"), {"fields": _PRICES}),
    ]

    def get_readonly_fields(self, request, obj=None):
        return _ENDPOINT if obj and obj.from_environment else []

    def has_delete_permission(self, request, obj=None):
        return False  # what it said stays: switch it off instead


@admin.register(Run)
class RunAdmin(admin.ModelAdmin):
    """What bots were asked, to look at. Questions and answers are not shown: they belong to their rooms."""

    list_display = ["id", "bot", "room", "asker", "state", "queued", "total_ms", "tokens_in", "tokens_out", "error"]
    list_filter = ["state", "bot"]
    list_select_related = ["bot__user", "room", "asker"]
    exclude = ["versions"]
    date_hierarchy = "queued"

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
