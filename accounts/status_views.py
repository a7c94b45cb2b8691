"""The page of one's status, which is also a menu at the foot of the sidebar (static/js/sidebar/status_menu.js)."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from . import profiles
from .fields import PlainLineField
from .models import MAX_STATUS
from .statuses import Availability, Duration


@dataclass(frozen=True, slots=True)
class Preset:
    emoji: str
    text: Promise
    duration: Duration


PRESETS = [
    Preset("📅", gettext_lazy("In a meeting"), Duration.HOUR),
    Preset("🍽️", gettext_lazy("At lunch"), Duration.HALF_HOUR),
    Preset("🏠", gettext_lazy("Working from home"), Duration.TODAY),
    Preset("🤒", gettext_lazy("Out sick"), Duration.TODAY),
    Preset("🌴", gettext_lazy("On holiday"), Duration.WEEK),
]


class StatusForm(forms.Form):
    emoji = PlainLineField(label=gettext_lazy("Emoji"), required=False, max_length=profiles.MAX_EMOJI)
    text = PlainLineField(label=gettext_lazy("Status"), required=False, max_length=MAX_STATUS)
    availability = forms.ChoiceField(
        label=gettext_lazy("Availability"), choices=Availability.choices, required=False, widget=forms.RadioSelect
    )
    duration = forms.ChoiceField(label=gettext_lazy("How long?"), choices=Duration.choices, required=False)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def status(request):
    """?card=1: only the form, for the menu."""
    now = request.user.current_status
    initial = {"emoji": now.emoji, "text": now.text, "availability": now.availability} if now else {}
    form = StatusForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST":
        try:
            _save(request, form)
            messages.success(request, _("Saved."))
            return redirect("status")
        except ValidationError as error:
            form.add_error(None, error)
    name = "account/_status_form.html" if "card" in request.GET else "account/status.html"
    context = {"form": form, "presets": PRESETS, "now": now}
    return render(request, name, context, status=400 if form.errors else 200)


def _save(request, form: StatusForm) -> None:
    presets = {str(number): preset for number, preset in enumerate(PRESETS)}
    if chosen := presets.get(request.POST.get("preset", "")):
        profiles.set_status(request.user, str(chosen.text), chosen.emoji, "", chosen.duration)
    elif request.POST.get("do") == "clear":
        profiles.set_status(request.user, "")
    elif form.is_valid():
        fields = form.cleaned_data
        profiles.set_status(request.user, fields["text"], fields["emoji"], fields["availability"], fields["duration"])
    else:
        raise ValidationError([])
