"""The files of rooms, for people who may read the messages that they were sent with."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from accounts.models import User
from files import links, places
from files.models import Blob
from files.sending import Content, content_of, point_to, preview_of, respond

from ..kernel.errors import ChatError
from ..models import Attachment
from ..services import uploads
from .responses import ask_to_sign_in, reader_of


@require_safe
def file(request: HttpRequest, key: str, name: str) -> HttpResponseBase:
    """The key identifies the file. The name is for people, and for saving it."""
    return _answer(request, key, 0)


@require_safe
def preview(request: HttpRequest, key: str, side: int) -> HttpResponseBase:
    """A small picture of a picture."""
    return _answer(request, key, side)


@require_safe
def linked(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    """A file or a preview by a signed link, only at the origin for files."""
    if not links.is_files_host(request.get_host()):
        raise Http404
    try:
        wanted = links.read_link(token)
        user = User.objects.get(pk=wanted.user_id, is_active=True)
        return _send(request, uploads.get_visible(user, wanted.key), wanted.side)
    except (links.BadLink, User.DoesNotExist, ChatError, FileNotFoundError, Blob.DoesNotExist) as error:
        raise Http404 from error


def _answer(request: HttpRequest, key: str, side: int) -> HttpResponseBase:
    user = reader_of(request)
    if user is None:
        return ask_to_sign_in(request)
    try:
        found = uploads.get_visible(user, key)
        if settings.FILES_ORIGIN and found.blob.store == places.LOCAL:
            content = _content(found, side)
            link = links.make_link(links.Linked(key, user.pk, side), content.name)
            return point_to(link, content)
        return _send(request, found, side)
    except (ChatError, FileNotFoundError, Blob.DoesNotExist) as error:
        raise Http404 from error


def _send(request: HttpRequest, found: Attachment, side: int) -> HttpResponseBase:
    try:
        return respond(request, _content(found, side))
    except FileNotFoundError:  # it was moved to another store just now
        found.blob.refresh_from_db()
        return respond(request, _content(found, side))


def _content(found: Attachment, side: int) -> Content:
    return preview_of(found.blob, found.name, side) if side else content_of(found.blob, found.name)
