"""What is left to set up on a new server, for owners and administrators, with links to the settings."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.rights import ServerAction, may_on_server
from site_settings import current

from .responses import render_not_found


@login_required
@never_cache
@require_safe
def setup(request):
    """Shows how the server is set up. Settings that need no restart are changed on the pages of server settings."""
    if not may_on_server(request.user, ServerAction.SEE_STATUS):
        return render_not_found(request)
    has_model = current.text("OPENAI_API_KEY") or current.text("OPENAI_BASE_URL")
    context = {
        "name": current.text("SERVER_NAME"),
        "open_signup": current.flag("OPEN_SIGNUP"),
        "confirmed": settings.EMAIL_HOST and settings.SIGNUP_CONFIRMATION == "required",
        "mail_host": settings.EMAIL_HOST,
        "model": current.text("OPENAI_MODEL") if has_model else "",
    }
    return render(request, "rooms/setup.html", context)
