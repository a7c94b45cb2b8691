"""The page behind the owner's link: make an account that owns this server, or let one's own be that."""

from allauth.account.views import SignupView
from allauth.core import ratelimit
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from . import owner_links
from .forms import SignupForm

# The address is a secret: no search engine and no other page is to learn it. (Not `no-referrer`: browsers would then
# say nothing of where a form comes from, and it would be refused as forged.)
_UNLISTED = {"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "strict-origin"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def become_owner(request, secret: str):
    if request.method == "POST" and not ratelimit.consume(request, action="owner_link"):
        return ratelimit.respond_429(request)
    try:
        response = _answer(request, secret)
    except owner_links.NoSuchLink:
        response = render(request, "account/owner_link_void.html", status=404)
    for name, value in _UNLISTED.items():
        response[name] = value
    return response


def _answer(request, secret: str):
    if not owner_links.works(secret):
        raise owner_links.NoSuchLink
    if not request.user.is_authenticated:
        return _SignupView.as_view(secret=secret)(request)
    if request.method != "POST":
        return render(request, "account/become_owner.html")
    with owner_links.claimed(secret) as give:
        give(request.user)
    messages.success(request, _("You own this server now."))
    return redirect("setup")


class OwnerForm(SignupForm):
    """A sign-up that makes an owner. No address is asked for: there may be no mail server yet."""

    secret = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].required = False
        self.fields["email"].label = self.labels["email"]

    def try_save(self, request):
        with owner_links.claimed(self.secret) as give:
            user, response = super().try_save(request)
            if user:
                give(user)
        return user, response


class _SignupView(SignupView):
    """allauth's, with its limits, also where sign-up is closed."""

    template_name = "account/become_owner.html"
    secret = ""

    def is_open(self) -> bool:
        return True

    def get_default_success_url(self) -> str:
        return reverse("setup")

    def get_form_class(self):
        return OwnerForm

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        form.secret = self.secret
        return form
