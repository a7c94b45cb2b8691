"""allauth's pages for passkeys, where they can be used: with `next`, limits, and what is said when one is refused."""

from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.core.internal import ratelimit
from allauth.core.ratelimit import respond_429
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import flows
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from .security import passkeys


class AddPasskeyView(webauthn.AddWebAuthnView):
    """A new one, when there is room for it."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not passkeys.relying_party():
            return redirect("mfa_index")
        if passkeys.is_full(request.user):
            messages.error(request, _("You have %(count)d passkeys. Remove one first.") % {"count": passkeys.MOST})
            return redirect("mfa_index")
        return super().dispatch(request, *args, **kwargs)


@method_decorator(never_cache, name="dispatch")
class SignInView(webauthn.LoginWebAuthnView):
    """GET tells the script of the sign-in page what to ask the browser for; POST brings the answer."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if not passkeys.relying_party():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """A question, as JSON; without a script the sign-in page."""
        if not ratelimit.consume(request, app="allauth.account", action="passkey_question", limit_get=True):
            return respond_429(request)
        return super().get(request, *args, **kwargs)

    def form_valid(self, form) -> HttpResponse:
        """Sign in, and lead to where the person wanted to go."""
        authenticator = form.cleaned_data["credential"]
        login = Login(user=authenticator.user, redirect_url=get_next_redirect_url(self.request))
        return flows.perform_passwordless_login(self.request, authenticator, login)

    def form_invalid(self, form) -> HttpResponse:
        """Back to the sign-in page, which says it."""
        _tell(self.request, form)
        wanted = get_next_redirect_url(self.request)
        return redirect(reverse("account_login") + (f"?{urlencode({'next': wanted})}" if wanted else ""))


class ConfirmView(webauthn.ReauthenticateWebAuthnView):
    """Is it still the same person?"""

    def form_invalid(self, form) -> HttpResponse:
        """Once more, with a new question."""
        _tell(self.request, form)
        return redirect(self.request.get_full_path())


def _tell(request: HttpRequest, form) -> None:
    for error in form.errors.get("credential", []):
        messages.error(request, error)
