"""Answers that many pages give: what is not there, what is refused; and the reader's time zone."""

from datetime import tzinfo

from django.shortcuts import render
from django.utils import timezone

from accounts.time_zones import find_time_zone

from ..kernel.errors import ChatError


def get_time_zone(request) -> tzinfo:
    """The time zone that the browser told in a cookie, so that days begin where the reader's do."""
    return find_time_zone(request.COOKIES.get("zone", "")) or timezone.get_default_timezone()


def render_not_found(request, sentence: str = ""):
    """Absent and not for you look the same."""
    return render(request, "404.html", {"sentence": sentence}, status=404)


def render_refusal(request, error: ChatError):
    """What cannot be opened: a page in words. Whatever is wrong with its name, nothing is there; too much is 429."""
    if error.code != "rate_limited":
        return render_not_found(request, error.message)
    response = render(request, "rooms/refused.html", {"sentence": error.message}, status=error.status)
    response["Retry-After"] = str(max(1, round(error.retry_after or 0)))
    return response
