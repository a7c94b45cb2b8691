"""Pages about oneself that allauth does not have: the profile, and tokens for scripts."""

from datetime import timedelta

from allauth.account import views as allauth_views
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from .forms import ProfileForm, TokenForm
from .mail.security_notices import notify
from .models import Token
from .scopes import Scope
from .security.reauthentication import require_confirmation, sudo_required

MAX_TOKENS = 20
EXPIRED_SHOWN = timedelta(days=30)  # so that one can see why a script no longer works
_YEAR = 365 * 24 * 3600


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request):
    chosen = {"theme": request.COOKIES.get("theme", "system"), "language": translation.get_language()}
    form = ProfileForm(request.POST or None, instance=request.user, initial=chosen)
    if request.method == "POST" and form.is_valid():
        if "email" in form.changed_data:
            require_confirmation(request)
        request.user.save(update_fields=form.Meta.fields)  # the form has set them; nothing else is touched
        _one_address(request.user)
        if "email" in form.changed_data and (old := form.initial["email"]):
            notify(request, request.user, "account/email/address_changed", old)
        return _with_choices(redirect("profile"), request, form.cleaned_data)
    return render(request, "account/profile.html", {"form": form}, status=400 if form.errors else 200)


@login_required
@never_cache
@sudo_required
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request):
    """My tokens. A new one's secret is in the answer to the POST that made it, and nowhere else."""
    form, made = TokenForm(request.POST or None), None
    if request.method == "POST" and request.user.tokens.live().count() >= MAX_TOKENS:
        form.add_error(
            "name", _("You have %(count)s tokens. Revoke one that you no longer use.") % {"count": MAX_TOKENS}
        )
    elif request.method == "POST" and form.is_valid():
        made = _make_token(request.user, form.cleaned_data)
        notify(request, request.user, "account/email/token_created", token=made[0])
        form = TokenForm()
    token, secret = made or (None, None)
    context = {"form": form, "tokens": request.user.tokens.order_by("-created"), "made": token, "secret": secret}
    return render(request, "account/tokens.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
def revoke_token(request, token_id: int):
    token = get_object_or_404(request.user.tokens, pk=token_id)
    token.delete()
    messages.success(request, _("The token “%(name)s” no longer works.") % {"name": token.name})
    return redirect("tokens")


@login_required
@require_POST
def revoke_tokens(request):
    request.user.tokens.all().delete()
    messages.success(request, _("All your tokens have been revoked."))
    return redirect("tokens")


def password_reset(request):
    """allauth's page, where mail can be sent."""
    if not settings.EMAIL_HOST:
        return render(request, "account/password_reset_unavailable.html")
    return allauth_views.password_reset(request)


def _make_token(user, chosen: dict) -> tuple[Token, str]:
    user.tokens.filter(expires__lt=timezone.now() - EXPIRED_SHOWN).delete()
    return Token.make(user, chosen["name"], Scope(chosen["scope"]), timedelta(days=chosen["days"]))


def _one_address(user) -> None:
    """allauth finds people by a table of addresses; ours have one at most."""
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    if user.email:
        EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"primary": True})


def _with_choices(response, request, choices: dict):
    """Keep theme and language in the browser, and say in the chosen language that it is done."""
    options = {"max_age": _YEAR, "samesite": "Lax", "secure": settings.HTTPS}
    if choices["theme"] == "system":
        response.delete_cookie("theme", samesite="Lax")
    else:
        response.set_cookie("theme", choices["theme"], **options)
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, choices["language"], **options)
    with translation.override(choices["language"]):
        messages.success(request, _("Saved."))
    return response
