"""What is mailed to a person: a section of the notification settings."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.mail import sending
from accounts.mail.confirmation import is_unconfirmed
from accounts.models import User
from rooms.kernel import rate_limits
from rooms.kernel.errors import ChatError
from site_settings import current

from ..mail.kinds import MailKind, choose
from ..models import mail_settings_of


def render(sender: Any, request: HttpRequest, **_signal: Any) -> dict[str, str]:
    """{where on the page: HTML}."""
    if not settings.EMAIL_HOST:
        return {}
    user: User = request.user  # type: ignore[assignment]  # signed in
    chosen = mail_settings_of(user.pk)
    context = {
        "refused": sending.is_refused(user.email),
        "unconfirmed": is_unconfirmed(user),
        "minutes": max(1, round(settings.MAIL_AFTER / 60)),
        "most": current.number("MAILS_PER_DAY"),
        "kinds": [(kind.value, capfirst(kind.label), getattr(chosen, kind.value)) for kind in MailKind],
        "content": chosen.content,
        "server_shows_content": current.flag("MAIL_CONTENT"),
    }
    return {"mail": render_to_string("notifications/_mail.html", context, request)}


@login_required
@never_cache
@require_POST
def mail_settings(request: HttpRequest) -> HttpResponse:
    """Saves the form of the section. Fields: a MailKind for each checked box; content."""
    user: User = request.user  # type: ignore[assignment]
    content = None if not current.flag("MAIL_CONTENT") else "content" in request.POST  # None: they were not asked
    try:
        rate_limits.check_post(user.pk)
        choose(user, {kind for kind in MailKind if kind.value in request.POST}, content)
    except ChatError as error:
        messages.error(request, error.message)
        return redirect("settings_notifications")
    if "live" in request.POST:
        return HttpResponse(status=204)
    messages.success(request, _("Saved."))
    return redirect("settings_notifications")
