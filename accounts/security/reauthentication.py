"""Asks for the password, or a code of the second factor, again before what matters; the answer counts for five minutes.

Only a session can answer, so a token never gets through: no script can make tokens, change the address, or take the
account's data away.
"""

from collections.abc import Callable
from functools import wraps

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponse

_SAFE = {"GET", "HEAD", "OPTIONS"}


def is_confirmed(request: HttpRequest) -> bool:
    """Whether this session's user confirmed who they are within ACCOUNT_REAUTHENTICATION_TIMEOUT seconds."""
    return did_recently_reauthenticate(request)


def require_confirmation(request: HttpRequest) -> None:
    """Return if the user confirmed recently; otherwise end the view with a redirect to the page that asks.

    A POST is kept in the session meanwhile and runs when the user has answered. Raises ReauthenticationRequired,
    which allauth's middleware turns into the redirect.
    """
    if not is_confirmed(request):
        raise ReauthenticationRequired


def sudo_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For views of signed-in people: whatever changes something needs a confirmation. GET and HEAD only show a page.

    Place it below `login_required`.
    """

    @wraps(view)
    def confirmed(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.method not in _SAFE:
            require_confirmation(request)
        return view(request, *args, **kwargs)

    return confirmed
