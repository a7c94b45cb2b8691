"""People, tokens, second factors, for staff. Deactivating somebody closes their sockets (access_revocation.py hears of
it)."""

from http import HTTPStatus

from allauth.account.decorators import secure_admin_login
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.utils.translation import gettext_lazy as _

from .mail.security_notices import notify
from .models import Token, User

# Staff sign in on the same page as everyone: with its rate limits, and their second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # as allauth's manual has it
admin.site.site_header = admin.site.site_title = "Roundtable"


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    list_display = ["username", "is_active", "is_staff", "is_bot", "last_login", "date_joined"]
    list_filter = ["is_active", "is_staff", "is_bot"]
    search_fields = ["username", "email"]
    ordering = ["username"]
    readonly_fields = ["is_bot", "last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "password", "status", "email", "is_active", "vouched"]}),
        (_("Permissions"), {"fields": ["is_staff", "is_superuser", "groups", "user_permissions"]}),
        (_("Dates"), {"fields": ["date_joined", "last_login"]}),
    ]
    actions = ["deactivate", "activate"]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data and (old := form.initial["email"]):
            notify(request, obj, "account/email/address_changed", old)

    def user_change_password(self, request, id, form_url=""):
        answer = super().user_change_password(request, id, form_url)
        changed = answer.status_code == HTTPStatus.FOUND
        if changed and (person := self.get_object(request, unquote(id))):
            notify(request, person, "account/email/password_changed")
        return answer

    def has_delete_permission(self, request, obj=None):
        """What somebody said stays, and so does who said it: people are deactivated."""
        return False

    @admin.action(description=_("Deactivate: sign out everywhere and block sign-in"), permissions=["change"])
    def deactivate(self, request, queryset):
        self._set_active(request, queryset.exclude(pk=request.user.pk), False)

    @admin.action(description=_("Reactivate"), permissions=["change"])
    def activate(self, request, queryset):
        self._set_active(request, queryset, True)

    def _set_active(self, request, people, active: bool):
        for user in people.filter(is_active=not active):
            user.is_active = active
            user.save(update_fields=["is_active"])  # one by one: a query that changes many tells nobody
            self.log_change(request, user, _("activated") if active else _("deactivated"))


@admin.register(Token)
class TokenAdmin(admin.ModelAdmin):
    """To look at and to revoke; they are made by their owners."""

    list_display = ["name", "user", "prefix", "scope", "created", "expires", "last_used"]
    list_filter = ["scope"]
    search_fields = ["user__username", "name", "prefix"]
    list_select_related = ["user"]
    fields = readonly_fields = ("name", "user", "prefix", "scope", "created", "expires", "last_used")

    def has_add_permission(self, request):
        return False


admin.site.unregister(Authenticator)  # allauth's page shows what the codes are made from


@admin.register(Authenticator)
class AuthenticatorAdmin(admin.ModelAdmin):
    """To remove that of somebody who has lost theirs."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    search_fields = ["user__username"]
    list_select_related = ["user"]
    fields = readonly_fields = ("user", "type", "created_at", "last_used_at")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        self._tell(request, [obj])

    def delete_queryset(self, request, queryset):
        deleted = list(queryset.select_related("user"))
        super().delete_queryset(request, queryset)
        self._tell(request, deleted)

    def _tell(self, request, deleted: list[Authenticator]) -> None:
        for user in {each.user for each in deleted if each.type == Authenticator.Type.TOTP}:
            notify(request, user, "mfa/email/totp_deactivated")
