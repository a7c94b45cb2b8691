"""Rooms, who is in them, and what was said, for staff: to look at what they may enter, and to keep order by the
same actions as a moderator. Private rooms and direct messages of others are as invisible here as anywhere."""

from django import forms
from django.contrib import admin
from django.contrib.messages import ERROR
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import render
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from site_settings import current

from .kernel.errors import ChatError
from .models import Membership, Message, OwnEmoji, Role, Room, files_in_words
from .queries import file_usage
from .services import messages, moderation, own_emoji


class LookingOnly(admin.ModelAdmin):
    audited_by_services = True
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        # Django's page offers actions to whoever may change something; the form itself has only fields to read.
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request, obj=None):
        return False

    def get_readonly_fields(self, request, obj=None):
        return self.fields

    def each(self, request, rows, act):
        """Do `act` with each row; what cannot be done is said, and the rest is done."""
        done = 0
        for row in rows:
            try:
                act(row)
                done += 1
            except ChatError as error:
                self.message_user(request, f"{row}: {error.message}", ERROR)
        self.message_user(request, _("Done: %(count)s.") % {"count": done})


@admin.register(Room)
class RoomAdmin(LookingOnly):
    list_display = ["title", "name", "kind", "archived", "topic", "seq", "created_by", "active"]
    list_filter = ["kind", "archived"]
    search_fields = ["title", "name", "topic"]
    list_select_related = ["created_by"]
    ordering = ["-active"]
    fields = ["title", "name", "kind", "topic", "description", "archived", "seq", "created_by", "created", "active"]

    def get_queryset(self, request):
        return Room.objects.visible_to(request.user.id)

    def get_urls(self):
        report = self.admin_site.admin_view(require_safe(self.show_files))
        return [path("files/", report, name="rooms_files"), *super().get_urls()]

    def show_files(self, request):
        """What takes how much space."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        report = file_usage.make_report(request.user)
        tables = [(_("Kinds"), report.kinds), (_("Rooms"), report.rooms), (_("People"), report.people)]
        context = self.admin_site.each_context(request) | {
            "title": _("Space that files take"), "report": report, "totals": [report.kept, report.sent],
            "tables": tables, "kept_days": current.number("FILES_KEPT_DAYS"),
        }  # fmt: skip
        return render(request, "admin/rooms/files.html", context)


@admin.register(Membership)
class MembershipAdmin(LookingOnly):
    list_display = ["user", "room", "role", "banned", "joined"]
    list_filter = ["role", "banned"]
    search_fields = ["user__username", "room__title", "room__name"]
    list_select_related = ["user", "room"]
    fields = ["user", "room", "role", "banned", "joined"]
    actions = ["appoint", "dismiss", "take_out", "ban", "lift_ban"]

    def get_queryset(self, request):
        return Membership.objects.filter(room__in=Room.objects.visible_to(request.user.id))

    @admin.action(description=_("Make a moderator"), permissions=["change"])
    def appoint(self, request, queryset):
        self.each(request, queryset, lambda row: self._appoint(request, row, Role.MODERATOR))

    @admin.action(description=_("Remove as moderator"), permissions=["change"])
    def dismiss(self, request, queryset):
        self.each(request, queryset, lambda row: self._appoint(request, row, Role.MEMBER))

    @admin.action(description=_("Remove from room"), permissions=["change"])
    def take_out(self, request, queryset):
        self.each(request, queryset, lambda row: moderation.remove(request.user, row.room.name, row.user_id))

    @admin.action(description=_("Ban from room"), permissions=["change"])
    def ban(self, request, queryset):
        self.each(request, queryset, lambda row: moderation.remove(request.user, row.room.name, row.user_id, ban=True))

    @admin.action(description=_("Unban"), permissions=["change"])
    def lift_ban(self, request, queryset):
        rows = queryset.filter(banned=True)
        self.each(request, rows, lambda row: moderation.lift_ban(request.user, row.room.name, row.user_id))

    @staticmethod
    def _appoint(request, row: Membership, role: str):
        moderation.appoint(request.user, row.room.name, row.user_id, role)


@admin.register(Message)
class MessageAdmin(LookingOnly):
    list_display = ["id", "room", "sender", "excerpt", "created", "deleted"]
    list_filter = ["kind", "deleted"]
    search_fields = ["sender__username", "room__name", "text"]
    list_select_related = ["room", "sender"]
    ordering = ["-id"]
    fields = ["room", "sender", "kind", "state", "text", "created", "edited", "deleted"]
    actions = ["delete_messages"]

    def get_queryset(self, request):
        return Message.objects.filter(room__in=Room.objects.visible_to(request.user.id))

    @admin.display(description=_("text"))
    def excerpt(self, message: Message) -> str:
        return "\n".join(filter(None, [message.text, files_in_words(message.files)]))[:80]

    @admin.action(description=_("Delete, leaving a placeholder"), permissions=["change"])
    def delete_messages(self, request, queryset):
        self.each(request, queryset, lambda row: messages.delete(request.user, row.room.name, row.id))


class OwnEmojiForm(forms.ModelForm):
    image = forms.FileField(label=_("picture"), help_text=_("PNG, GIF or WebP, at most 64 KB. Shown as a square."))

    class Meta:
        model = OwnEmoji
        fields = ["name"]
        help_texts = {"name": _("People write it between colons, as in :party:.")}

    def clean_name(self):
        return _valid(own_emoji.check_name, self.cleaned_data["name"])

    def clean_image(self):
        data = self.cleaned_data["image"].read(own_emoji.MAX_BYTES + 1)
        _valid(own_emoji.redraw, data)
        return data

    def clean(self):
        _valid(own_emoji.check_count)
        return super().clean()


def _valid(check, *values):
    try:
        return check(*values)
    except ChatError as error:
        raise ValidationError(error.message) from error


@admin.register(OwnEmoji)
class OwnEmojiAdmin(admin.ModelAdmin):
    audited_by_services = True
    form = OwnEmojiForm
    list_display = ["__str__", "shown", "added_by", "added"]
    list_select_related = ["added_by"]
    search_fields = ["name"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("picture")

    def has_change_permission(self, request, obj=None):
        return obj is None and super().has_change_permission(request)

    @admin.display(description=_("picture"))
    def shown(self, emoji: OwnEmoji) -> str:
        return format_html('<img src="{}" alt="" width="32" height="32">', emoji.address)

    def save_model(self, request, obj, form, change):
        added = own_emoji.add(request.user, form.cleaned_data["name"], form.cleaned_data["image"])
        obj.pk = added.pk

    def delete_model(self, request, obj):
        own_emoji.delete(request.user, [obj.name])

    def delete_queryset(self, request, queryset):
        own_emoji.delete(request.user, queryset.values_list("name", flat=True))
