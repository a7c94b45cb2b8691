"""The pictures of the server's own emoji."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ..models import OwnEmoji


@require_safe
@login_required
def own_emoji(request: HttpRequest, digest: str) -> HttpResponse:
    """The picture at an address never changes. Browsers keep it for at most a day after its emoji was deleted."""
    if not digest.isprintable():  # some databases refuse some characters
        raise Http404
    picture = OwnEmoji.objects.filter(digest=digest).values_list("picture", flat=True).first()
    if picture is None:
        raise Http404
    headers = {
        "Cache-Control": "private, max-age=86400, immutable",
        # This server made the picture. If it ever held more than a picture, that could not run.
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Disposition": "inline",
    }
    return HttpResponse(bytes(picture), content_type="image/webp", headers=headers)
