"""Saves the forms of the notification settings."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from rooms.kernel import rate_limits
from rooms.kernel.errors import ChatError

from .. import preferences
from ..models import delivery_settings_of
from ..push import devices
from .forms import QuietForm
from .sections import people_to_except


@login_required
@never_cache
@require_POST
def remove_device(request: HttpRequest, device_id: int) -> HttpResponse:
    return _try(request, lambda: devices.remove(_user(request), device_id), _("The device is removed."))


@login_required
@never_cache
@require_POST
def test_device(request: HttpRequest, device_id: int) -> HttpResponse:
    return _try(request, lambda: devices.send_test(_user(request), device_id), _("A test is on its way."))


@login_required
@never_cache
@require_POST
def quiet(request: HttpRequest) -> HttpResponse:
    """When devices are silent, and for whom not; or, of a form of its own, what they show."""
    if "content" in request.POST:
        return _save_push_content(request)
    user = _user(request)
    chosen = delivery_settings_of(user.pk)
    people = [each.pk for each, _excepted in people_to_except(user, chosen)]
    form = QuietForm(request.POST, people)
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return redirect("settings_notifications")
    return _try(request, lambda: preferences.save_quiet(user, **form.cleaned_data), _("Saved."))


def _save_push_content(request: HttpRequest) -> HttpResponse:
    shown = "push_content" in request.POST
    return _try(request, lambda: preferences.save_push_content(_user(request), shown), _("Saved."))


def _user(request: HttpRequest) -> Any:
    return request.user


def _try(request: HttpRequest, change: Callable[[], object], done: str) -> HttpResponse:
    try:
        rate_limits.check_post(_user(request).pk)
        change()
    except ChatError as error:
        messages.error(request, error.message)
    else:
        if "live" in request.POST:
            return HttpResponse(status=204)
        messages.success(request, done)
    return redirect("settings_notifications")
