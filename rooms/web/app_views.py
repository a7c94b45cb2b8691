"""Roundtable as an app of its own: what a browser that installs it asks for."""

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from site_settings import current

COLOUR = "#1f6679"  # of the mark; what the system paints before the first page is there
_ICONS = (
    ("mark.svg", "any", "any"),
    ("app-192.png", "192x192", "any"),
    ("app-512.png", "512x512", "any"),
    ("maskable-512.png", "512x512", "maskable"),
    ("monochrome-512.png", "512x512", "monochrome"),
)
# The service worker takes the form; where none runs, share_views does.
_SHARE_TARGET = {
    "action": "/share/",
    "method": "POST",
    "enctype": "multipart/form-data",
    "params": {
        "title": "title",
        "text": "text",
        "url": "url",
        "files": [{"name": "files", "accept": ["*/*"]}],
    },
}


@require_safe
@cache_control(private=True, max_age=3600)  # its words are in the reader's language
def manifest(request: HttpRequest) -> JsonResponse:
    """https://www.w3.org/TR/appmanifest/. It names nobody, and is the same for whoever has not signed in."""
    about = {
        "id": "/",
        "name": current.text("SERVER_NAME"),
        "short_name": current.text("SERVER_NAME"),
        "description": _("Group chat with a bot at the table."),
        "lang": get_language(),
        "start_url": reverse("rooms"),
        "scope": "/",
        "display": "standalone",
        "theme_color": COLOUR,
        "background_color": "#ffffff",
        "categories": ["social", "productivity"],
        "icons": [_icon(*each) for each in _ICONS],
        "share_target": _SHARE_TARGET,
        "shortcuts": [
            _shortcut(_("Inbox"), reverse("inbox")),
            _shortcut(_("New message"), reverse("directory")),
        ],
    }
    return JsonResponse(about, content_type="application/manifest+json")


@require_safe
@never_cache
def service_worker(request: HttpRequest) -> HttpResponse:
    """At the root, because a worker answers for what is below it. ?language= is that of its words.

    Its text changes with any of its modules, whose names have a hash: then the browser takes the new one.
    """
    wanted = request.GET.get("language", "")
    with translation.override(wanted if wanted in dict(settings.LANGUAGES) else get_language()):
        words = orjson.dumps(_worker_words()).decode()
    text = f'import "{static("js/worker.js")}";\n\nself.words = {words};\n'
    return HttpResponse(text, content_type="text/javascript; charset=utf-8")


def _worker_words() -> dict[str, str]:
    words = {"reply": _("Reply"), "read": _("Mark as read"), "failed": _("Your reply was not sent.")}
    return words | {"icon": static("icons/app-192.png"), "badge": static("icons/badge-96.png")}


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What the worker shows instead of a page that this browser does not keep. The same for everybody."""
    return render(request, "rooms/offline.html")


def _icon(name: str, sizes: str, purpose: str) -> dict[str, str]:
    kind = "image/svg+xml" if name.endswith(".svg") else "image/png"
    return {"src": static(f"icons/{name}"), "sizes": sizes, "type": kind, "purpose": purpose}


def _shortcut(name: str, address: str) -> dict:
    return {"name": name, "url": address, "icons": [_icon("app-192.png", "192x192", "any")]}
