"""The files of rooms, for whoever may read the message that they came with."""

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.security import authentication
from files.models import Blob
from files.sending import Content, content_of, preview_of, respond

from ..kernel.errors import ChatError
from ..services import uploads


@require_safe
def file(request: HttpRequest, key: str, name: str) -> HttpResponseBase:
    """The name is for people, and for what they save it as: the key says which file it is."""
    return _answer(request, key, content_of)


@require_safe
def preview(request: HttpRequest, key: str, side: int) -> HttpResponseBase:
    """A small picture of a picture."""
    return _answer(request, key, lambda blob, name: preview_of(blob, name, side))


def _answer(request: HttpRequest, key: str, choose: Callable[[Blob, str], Content]) -> HttpResponseBase:
    user = _reader(request)
    if user is None:
        return _sign_in(request)
    try:
        found = uploads.get_visible(user, key)
        try:
            return respond(request, choose(found.blob, found.name))
        except FileNotFoundError:  # it was moved to another store just now
            found.blob.refresh_from_db()
            return respond(request, choose(found.blob, found.name))
    except (ChatError, FileNotFoundError, Blob.DoesNotExist) as error:
        raise Http404 from error


def _reader(request: HttpRequest) -> User | None:
    """By token, for programs that use the API, or by session; a header of any kind rules the session out."""
    secret = authentication.parse_bearer(request.headers.get("Authorization"))
    if secret is not None:
        return authentication.get_token_user(secret)
    return request.user if request.user.is_authenticated else None


def _sign_in(request: HttpRequest) -> HttpResponseBase:
    if "Authorization" in request.headers:
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    return redirect_to_login(request.get_full_path())
