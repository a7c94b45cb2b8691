"""The page of all browsers and apps in which somebody is signed in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from .security import sessions
from .security.session_use import use_of


@login_required
@never_cache
@require_safe
def devices(request):
    found = sessions.devices_of(request.user, request.session.session_key, use_of(request))
    return render(request, "account/devices.html", {"devices": found})


@login_required
@never_cache
@require_POST
def end_session(request, session_id: int):
    if sessions.end(request.user, session_id):
        messages.success(request, _("Signed out there."))
    else:
        messages.info(request, _("That one was signed out already."))
    return redirect("devices")


@login_required
@never_cache
@require_POST
def end_other_sessions(request):
    count = sessions.end_others(request.user, request.session.session_key)
    text = ngettext("Signed out on %(count)d other device.", "Signed out on %(count)d other devices.", count)
    messages.success(request, text % {"count": count} if count else _("You are signed in nowhere else."))
    return redirect("devices")
