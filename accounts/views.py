"""Account pages that allauth does not have: the profile, and tokens for scripts."""

from datetime import timedelta

from allauth.account import views as allauth_views
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from . import token_changes, token_places
from .forms import MAIL_NOT_SENT, ProfileForm
from .issuers import policy
from .mail import confirmation, sending
from .mail.security_notices import send_security_notice
from .models import Token, User
from .scopes import Scope
from .security.reauthentication import require_confirmation, sudo_required
from .token_forms import ReplaceTokenForm, TokenForm
from .token_places import TokenRoom

MAX_TOKENS = 20
EXPIRED_TOKENS_KEPT = timedelta(days=30)  # so that their owners see why a script no longer works


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request):
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        if "email" in form.changed_data:
            require_confirmation(request)
        request.user.save(update_fields=[name for name in form.Meta.fields if name in form.changed_data])
        _sync_email_address(request.user)
        if "email" in form.changed_data and (old := form.initial["email"]):
            send_security_notice(request, request.user, "account/email/address_changed", old)
        messages.success(request, _("Saved."))
        if "email" in form.changed_data and confirmation.is_unconfirmed(request.user):
            _send_confirmation(request)
        return redirect("profile")
    context = {
        "form": form,
        "refused": sending.refusal_of(form.initial["email"]),
        "unconfirmed": confirmation.is_unconfirmed(User(pk=request.user.pk, email=form.initial["email"])),
    }
    return render(request, "account/profile.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
def send_confirmation(request):
    """Another link to the address in the profile."""
    if confirmation.is_unconfirmed(request.user):
        _send_confirmation(request)
    return redirect("profile")


class ConfirmEmailView(allauth_views.ConfirmEmailView):
    """allauth's, for whoever opens the link: that signs nobody in, so it signs nobody out either."""

    def logout_other_user(self, confirmation) -> None:
        """Nobody is signed out by a link that another person sent them."""


@login_required
@never_cache
@sudo_required
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request):
    """List tokens and create one. Its secret is only in the response to the POST that created it."""
    rooms = token_places.rooms_of(request.user)
    form, created = TokenForm(request.POST or None, rooms=rooms), None
    if request.method == "POST" and request.user.tokens.unexpired().count() >= MAX_TOKENS:
        form.add_error("name", _too_many())
    elif request.method == "POST" and form.is_valid():
        created = _issue_token(request.user, form.cleaned_data)
        send_security_notice(request, request.user, "account/email/token_created", token=created[0])
        form = TokenForm(rooms=rooms)
    return _tokens_page(request, form, rooms, created)


@login_required
@never_cache
@sudo_required
@require_http_methods(["GET", "HEAD", "POST"])
def replace_token(request, token_id: int):
    """Another secret for what the token was for, shown in the list once."""
    token = get_object_or_404(request.user.tokens.unexpired(), pk=token_id)
    form = ReplaceTokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        hours = form.cleaned_data["hours"]
        others = request.user.tokens.unexpired().exclude(pk=token_id).count()
        if others + bool(hours) >= MAX_TOKENS:
            form.add_error(None, _too_many())
        else:
            created = token_changes.replace(token, hours)
            send_security_notice(request, request.user, "account/email/token_created", token=created[0])
            rooms = token_places.rooms_of(request.user)
            return _tokens_page(request, TokenForm(rooms=rooms), rooms, created)
    page = "account/token_replace.html"
    return render(request, page, {"form": form, "token": token}, status=400 if form.errors else 200)


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


@login_required
def change_password(request):
    """allauth's page, for those who may use a password."""
    return allauth_views.password_change(request) if policy.may_use_password(request.user) else _sso_only(request)


@login_required
def set_password(request):
    """Likewise."""
    return allauth_views.password_set(request) if policy.may_use_password(request.user) else _sso_only(request)


def password_reset(request):
    """allauth's page, or one that says whom to ask when this server sends no mail."""
    if policy.is_only():
        return _sso_only(request)
    if not settings.EMAIL_HOST:
        return render(request, "account/password_reset_unavailable.html")
    return allauth_views.password_reset(request)


def _sso_only(request):
    return render(request, "sso/only.html", status=403)


def _send_confirmation(request) -> None:
    try:
        if confirmation.send_confirmation(request, request.user):
            return
        if confirmation.is_day_full(request, request.user):
            messages.warning(
                request,
                _("Many links were sent to this address today. Look among your spam, or ask for another one tomorrow."),
            )
        else:
            messages.warning(request, _("A link was sent a moment ago. Wait three minutes, then ask for another one."))
    except sending.MailNotSent:
        messages.error(request, MAIL_NOT_SENT)


def _too_many() -> str:
    return _("You have %(count)s tokens. Revoke one that you no longer use.") % {"count": MAX_TOKENS}


def _tokens_page(request, form: TokenForm, rooms: list[TokenRoom], created: tuple[Token, str] | None):
    token, secret = created or (None, None)
    listed = [(each, token_places.titles_of(each, rooms)) for each in request.user.tokens.order_by("-created")]
    context = {"form": form, "tokens": listed, "created": token, "secret": secret}
    return render(request, "account/tokens.html", context, status=400 if form.errors else 200)


def _issue_token(user, options: dict) -> tuple[Token, str]:
    user.tokens.expired_before(timezone.now() - EXPIRED_TOKENS_KEPT).delete()
    lifetime = None if options["days"] is None else timedelta(days=options["days"])
    return Token.issue(user, options["name"], Scope(options["scope"]), lifetime, options.get("rooms"))


def _sync_email_address(user) -> None:
    """Make allauth's table of addresses agree with `user.email`: each user has at most one."""
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    if user.email:
        EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"primary": True})
