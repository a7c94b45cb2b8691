"""The pictures of the server's own emoji."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ..models import OwnEmoji


@require_safe
@login_required
def own_emoji(request: HttpRequest, digest: str) -> HttpResponse:
    """What is at an address never changes; a day after its emoji is deleted, no browser shows it any more."""
    if not digest.isprintable():  # not every text may be asked of every database
        raise Http404
    picture = OwnEmoji.objects.filter(digest=digest).values_list("picture", flat=True).first()
    if picture is None:
        raise Http404
    headers = {
        "Cache-Control": "private, max-age=86400, immutable",
        # It was drawn by us; should it ever be more than a picture, it may do nothing.
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Disposition": "inline",
    }
    return HttpResponse(bytes(picture), content_type="image/webp", headers=headers)
