"""The page of an invitation to the server: people create an account, or join its rooms with the one they have."""

from allauth.account.views import SignupView
from django import forms
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.forms import SignupForm
from accounts.issuers import policy
from accounts.models import ServerInvitation
from accounts.security.client_addresses import request_address_block

from ..kernel import rate_limits
from ..kernel.errors import ChatError
from ..models import Room
from ..services import server_invitations

# As for the owner's link (accounts/owner_views.py): the address is a secret.
_UNLISTED = {"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "strict-origin"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join_server(request, secret: str):
    """Opening the page changes nothing; joining needs a click."""
    try:
        rate_limits.check_links_of_block(request_address_block(request))
        response = _answer(request, secret)
    except ChatError as error:
        response = render(request, "rooms/join.html", {"error": error}, status=error.status)
    for name, value in _UNLISTED.items():
        response[name] = value
    return response


def _answer(request, secret: str):
    if not request.user.is_authenticated:
        invitation = server_invitations.get_working(secret)
        if policy.is_only():
            status = 403 if request.method == "POST" else 200
            return render(request, "rooms/join.html", about(invitation) | {"invitation_secret": secret}, status=status)
        return _JoinView.as_view(invitation=invitation, secret=secret)(request)
    if request.method == "POST":
        return redirect(_first(server_invitations.use(request.user, secret)))
    if server_invitations.has_used(request.user, secret):
        return redirect("rooms")
    return render(request, "rooms/join.html", about(server_invitations.get_working(secret)))


def about(invitation: ServerInvitation) -> dict:
    """The context that describes an invitation on the page."""
    return {"invitation": invitation, "rooms": server_invitations.rooms_of(invitation)}


def _first(rooms: list[Room]) -> str:
    return reverse("room", args=[rooms[0].name]) if rooms else reverse("rooms")


class JoinForm(SignupForm):
    """A sign-up that uses an invitation, in one transaction."""

    invitation: ServerInvitation
    secret: str
    joined: list[Room] = []

    def invite(self, invitation: ServerInvitation, secret: str) -> None:
        self.invitation, self.secret = invitation, secret
        if invitation.domain:
            self.fields["email"].required = True
            self.fields["email"].label = _("E-mail (at %(domain)s)") % {"domain": invitation.domain}

    def clean_email(self) -> str:
        """Raises ValidationError for an address that the invitation is not for."""
        email = super().clean_email()
        try:
            server_invitations.check_address(self.invitation, email)
        except ChatError as error:
            raise forms.ValidationError(error.message) from None
        return email

    def try_save(self, request):
        """Raises ChatError when the invitation has ended meanwhile. No account is created then."""
        if self.invitation.address and self.cleaned_data["email"] == self.invitation.address:
            request.session["account_verified_email"] = self.invitation.address  # the link was mailed there
        with transaction.atomic():
            user, response = super().try_save(request)
            if user:
                self.joined = server_invitations.use(user, self.secret, new_account=True)
        request.session.pop("account_verified_email", None)
        return user, response


class _JoinView(SignupView):
    """The sign-up of allauth with its rate limits, also where sign-up is closed."""

    template_name = "rooms/join.html"
    invitation: ServerInvitation = None  # type: ignore[assignment]  # `as_view` needs the attribute
    secret = ""

    def is_open(self) -> bool:
        return True

    def get_form_class(self):
        return JoinForm

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        form.invite(self.invitation, self.secret)
        return form

    def get_initial(self) -> dict:
        return super().get_initial() | ({"email": self.invitation.address} if self.invitation.address else {})

    def form_valid(self, form):
        self.joining = form
        return super().form_valid(form)

    def get_default_success_url(self) -> str:
        return _first(self.joining.joined)

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | about(self.invitation) | {"invitation_secret": self.secret}
