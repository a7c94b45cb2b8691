"""Asks for the password or a one-time code again before sensitive actions. A confirmation is valid for five minutes.

Only a session can confirm, never a token: no script can create tokens, change the e-mail address or download the
account's data.
"""

from collections.abc import Callable
from functools import wraps

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponse

from . import issuer_confirmation

_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the session's user has confirmed within the last ACCOUNT_REAUTHENTICATION_TIMEOUT seconds."""
    return did_recently_reauthenticate(request) or issuer_confirmation.is_recent(request)


def require_confirmation(request: HttpRequest) -> None:
    """Return if the user confirmed recently; otherwise end the view with a redirect to the page that asks.

    A POST is kept in the session meanwhile and runs when the user has answered. Raises ReauthenticationRequired,
    which allauth's middleware turns into the redirect.
    """
    if not is_confirmed(request):
        raise ReauthenticationRequired


def sudo_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate a view so that every method that changes something needs a confirmation.

    Place it below `login_required`.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.method not in _SAFE_METHODS:
            require_confirmation(request)
        return view(request, *args, **kwargs)

    return wrapper
