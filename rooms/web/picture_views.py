"""Pictures of people and rooms: shown, and changed by the forms in the profile and on the page about a room."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ..kernel import rate_limits
from ..kernel.errors import ChatError
from ..kernel.uploads import brought_files, received_with
from ..kernel.wire import MAX_NUMBER
from ..services import pictures
from .responses import ask_to_sign_in, reader_of, render_not_found


@require_safe
def person_picture(request: HttpRequest, user_id: int, version: str, size: str = "small") -> HttpResponseBase:
    """Everybody who is signed in may see the pictures of all people."""
    if reader_of(request) is None:
        return ask_to_sign_in(request)
    if user_id > MAX_NUMBER or not version.isprintable():  # some databases refuse some values
        raise Http404
    return _picture(pictures.of_person(user_id, version, size))


@require_safe
def room_picture(request: HttpRequest, name: str, version: str, size: str = "small") -> HttpResponseBase:
    """version: changes with the picture, so browsers can keep each one. 404 for people who may not see the room."""
    reader = reader_of(request)
    if reader is None:
        return ask_to_sign_in(request)
    try:
        if not version.isprintable():
            raise Http404
        return _picture(pictures.of_room(reader, name, version, size))
    except ChatError as error:
        raise Http404 from error


@require_POST
@login_required
def change_person_picture(request, username: str) -> HttpResponse:
    """`do=remove` removes the picture; otherwise the file replaces it."""
    try:
        person = pictures.check_person(request.user, username)
    except ChatError as error:
        return render_not_found(request, error.message)
    _change(request, lambda squares: pictures.set_of_person(request.user, username, squares))
    return redirect("profile") if person.pk == request.user.pk else redirect("about_person", username=person.username)


@require_POST
@login_required
def change_room_picture(request, name: str) -> HttpResponse:
    try:
        pictures.check_room(request.user, name)
    except ChatError as error:
        return render_not_found(request, error.message)
    _change(request, lambda squares: pictures.set_of_room(request.user, name, squares))
    return redirect("about", name=name)


def _change(request, change: Callable) -> None:
    try:
        if not brought_files(request):  # otherwise the request was counted when its files were received
            rate_limits.check_post(request.user.pk)
        removes = request.POST.get("do") == "remove"
        change(None if removes else pictures.squares_of(received_with(request).files))
        messages.success(request, _("The picture is removed.") if removes else _("The picture is saved."))
    except ChatError as error:
        messages.error(request, error.message)


def _picture(found: bytes | None) -> HttpResponse:
    if found is None:
        raise Http404
    headers = {
        "Cache-Control": "private, max-age=2592000, immutable",
        # This server made the picture. If it ever held more than a picture, that could not run.
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Disposition": "inline",
    }
    return HttpResponse(found, content_type="image/webp", headers=headers)
