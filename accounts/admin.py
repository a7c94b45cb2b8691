"""The admin pages of users, tokens and authenticators. Deactivating a user closes their sockets (see
security/access_revocation.py)."""

from http import HTTPStatus

from allauth.account.decorators import secure_admin_login
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from common.admin import WrittenByProgram
from site_settings import current

from . import (
    mail_admin,  # noqa: F401 - more pages
    role_changes,
)
from .mail.security_notices import send_security_notice
from .models import Token, User
from .roles import ServerRole
from .security import second_factor

# Staff sign in on the same page as everyone, with its rate limits and two-factor authentication.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # as allauth documents it
admin.site.site_header = admin.site.site_title = lazy(current.text, str)("SERVER_NAME")


ONLY_OWNER = _("They are the only owner of this server.")


class UserForm(UserChangeForm):
    """actor: whose page it is. What they may not do is said at its field."""

    actor: User

    def clean_server_role(self) -> str:
        """Raises ValidationError as `role_changes.check_change` does."""
        role = ServerRole(self.cleaned_data["server_role"])
        if role == ServerRole.GUEST != self.initial["server_role"]:
            raise ValidationError(_("Guests have no rights of their own yet."))
        role_changes.check_change(self.instance, role, self.actor)
        return role

    def clean_is_active(self) -> bool:
        active = self.cleaned_data["is_active"]
        if not active and role_changes.is_last_owner(self.instance):
            raise ValidationError(ONLY_OWNER)
        return active


class SecondFactorFilter(admin.SimpleListFilter):
    """People whom the rule wants a second factor of (security/second_factor.py)."""

    title = _("two-factor authentication")
    parameter_name = "second_factor"

    def lookups(self, request, model_admin):
        return [("lacking", _("required, but off"))] if second_factor.is_wanted() else []

    def queryset(self, request, queryset):
        return queryset.filter(pk__in=second_factor.lacking()) if self.value() == "lacking" else queryset


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    form = UserForm
    list_display = ["username", "is_active", "server_role", "is_bot", "last_login", "date_joined"]
    list_filter = ["is_active", "server_role", SecondFactorFilter, "is_bot"]
    search_fields = ["username", "display_name", "email"]
    ordering = ["username"]
    readonly_fields = ["is_bot", "last_login", "date_joined", "second_factor_due"]
    fieldsets = [
        (None, {"fields": ["username", "display_name", "password", "status", "email", "is_active", "vouched"]}),
        (_("Permissions"), {"fields": ["server_role", "groups", "user_permissions"]}),
        (_("Dates"), {"fields": ["date_joined", "last_login", "second_factor_due"]}),
    ]
    actions = ["deactivate", "activate"]
    audited_by_services = True  # by audit_trail.py

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.actor = request.user  # type: ignore[attr-defined]  # a class made for this request
        return form

    def save_model(self, request, obj, form, change):
        """Tells the old address when staff change it."""
        if "server_role" in form.changed_data:
            role_changes.apply_role(obj, ServerRole(obj.server_role))
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data and (old := form.initial["email"]):
            send_security_notice(request, obj, "account/email/address_changed", old)

    def user_change_password(self, request, id, form_url=""):
        """Tells the owner when staff change their password."""
        response = super().user_change_password(request, id, form_url)
        changed = response.status_code == HTTPStatus.FOUND
        if changed and (user := self.get_object(request, unquote(id))):
            send_security_notice(request, user, "account/email/password_changed")
        return response

    def has_delete_permission(self, request, obj=None):
        """Messages keep their author: users are deactivated, not deleted."""
        return False

    @admin.action(description=_("Deactivate: sign out everywhere and block sign-in"), permissions=["change"])
    def deactivate(self, request, queryset):
        self._set_active(request, queryset.exclude(pk=request.user.pk), False)

    @admin.action(description=_("Reactivate"), permissions=["change"])
    def activate(self, request, queryset):
        self._set_active(request, queryset, True)

    def _set_active(self, request, people, active: bool):
        for user in people.filter(is_active=not active):
            with transaction.atomic():
                if not active and role_changes.is_last_owner(user):
                    self.message_user(request, ONLY_OWNER, messages.ERROR)
                    continue
                user.is_active = active
                user.save(update_fields=["is_active"])  # one by one: `QuerySet.update` sends no signals
            self.log_change(request, user, _("activated") if active else _("deactivated"))


@admin.register(Token)
class TokenAdmin(admin.ModelAdmin):
    """Staff can see and revoke tokens; only their owners create them."""

    list_display = ["name", "user", "prefix", "scope", "created", "ends", "last_used"]
    list_filter = ["scope"]
    search_fields = ["user__username", "name", "prefix"]
    list_select_related = ["user"]
    audited_by_services = True  # by audit_trail.py
    fields = readonly_fields = ("name", "user", "prefix", "scope", "created", "ends", "last_used")

    @admin.display(description=_("expires"), empty_value="-")
    def ends(self, token):
        return token.end

    def has_add_permission(self, request):
        return False


admin.site.unregister(Authenticator)  # allauth's page shows the secret


@admin.register(Authenticator)
class AuthenticatorAdmin(WrittenByProgram):
    """Staff can delete the authenticator of a user who has lost it."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    search_fields = ["user__username"]
    list_select_related = ["user"]
    audited_by_services = True  # by audit_trail.py
    fields = readonly_fields = ("user", "type", "created_at", "last_used_at")

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        self._notify_owners(request, [obj])

    def delete_queryset(self, request, queryset):
        deleted = list(queryset.select_related("user"))
        super().delete_queryset(request, queryset)
        self._notify_owners(request, deleted)

    def _notify_owners(self, request, deleted: list[Authenticator]) -> None:
        for user in {each.user for each in deleted if each.type == Authenticator.Type.TOTP}:
            send_security_notice(request, user, "mfa/email/totp_deactivated")


admin.site.unregister([SocialApp, SocialToken, SocialAccount])  # issuers are none of allauth's rows


@admin.register(SocialAccount)
class SocialAccountAdmin(WrittenByProgram):
    """Staff can disconnect an account elsewhere that is no longer its owner's."""

    list_display = ["user", "provider", "uid", "last_login"]
    search_fields = ["user__username", "uid"]
    list_select_related = ["user"]
    audited_by_services = True  # by audit_trail.py
    fields = readonly_fields = ("user", "provider", "uid", "date_joined", "last_login")

    def has_delete_permission(self, request, obj=None):
        return admin.ModelAdmin.has_delete_permission(self, request, obj)
