"""The pages of the server's settings: all of them with where each comes from, and a form for each group."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.rights import ServerAction
from accounts.security.reauthentication import is_confirmed, require_confirmation
from rooms.kernel import rate_limits
from rooms.kernel.errors import ChatError
from rooms.web.responses import render_not_found
from site_settings import changes
from site_settings.catalogue import GROUPS

from ..setting_lines import ENVIRONMENT, SettingLine, setting_lines
from .access import allowed_to
from .setting_forms import SettingsForm


@allowed_to(ServerAction.CHANGE_SETTINGS)
@require_safe
def server_settings(request):
    """All groups of settings. Each group is changed on its own page."""
    lines = setting_lines()
    groups = [(name, title, [each for each in lines if each.setting.group == name]) for name, title in GROUPS.items()]
    return render(request, "staff/settings.html", {"groups": groups})


@allowed_to(ServerAction.CHANGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def settings_group(request, group: str):
    """One group. `reset` is the name of a setting whose default counts again."""
    if group not in GROUPS:
        return render_not_found(request)
    if request.method == "POST" and not is_confirmed(request):
        # What somebody has typed, perhaps a password, would wait in their session for the answer.
        messages.error(request, _("Confirm your password first, then change this."))
        return redirect(request.get_full_path())
    require_confirmation(request)
    if request.method == "POST" and "reset" in request.POST:
        return _reset(request, request.POST["reset"])
    lines = _lines_of(group)
    form, status = SettingsForm(lines, request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        try:
            if _save(request, form):
                return redirect("setup" if _is_step(request) else request.get_full_path())
            status = 400
        except ChatError as error:
            form.add_error(None, error.message)
            status = error.status
        lines = _lines_of(group)
        form.lines = [each for each in lines if each.source != ENVIRONMENT]
    return _page(request, group, form, lines, status)


def _is_step(request) -> bool:
    """Whether somebody came from the setup page, and goes back there."""
    return request.GET.get("from") == "setup"


def _lines_of(group: str) -> list[SettingLine]:
    return [each for each in setting_lines() if each.setting.group == group]


def _page(request, group: str, form: SettingsForm, lines: list[SettingLine], status: int) -> HttpResponseBase:
    fixed = [each for each in lines if each.source == ENVIRONMENT]
    context = {"group": group, "title": GROUPS[group], "form": form, "fixed": fixed, "is_step": _is_step(request)}
    return render(request, "staff/settings_group.html", context, status=status)


def _save(request, form: SettingsForm) -> bool:
    """Whether it is saved; otherwise the form says what is wrong. Raises ChatError: rate_limited."""
    if not form.is_valid():
        return False
    rate_limits.check_post(request.user.pk)
    try:
        changed = changes.change(request.user.pk, form.changes(), form.versions())
    except ValidationError as error:
        for name, problems in error.message_dict.items():
            form.add_error(name if name in form.fields else None, problems)
        return False
    messages.success(request, _("Saved. It counts at once.") if changed else _("Nothing was changed."))
    return True


def _reset(request, name: str) -> HttpResponseBase:
    try:
        rate_limits.check_post(request.user.pk)
        changes.change(request.user.pk, {name: None})
        messages.success(request, _("The default counts again."))
    except ChatError as error:
        messages.error(request, error.message)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(request.get_full_path())
