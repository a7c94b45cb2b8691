"""Roundtable as an installed app: the manifest, the service worker and the offline page that a browser asks for."""

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

COLOUR = "#1f6679"  # of the logo; the system paints it until the first page is shown
_ICONS = (
    ("mark.svg", "any", "any"),
    ("app-192.png", "192x192", "any"),
    ("app-512.png", "512x512", "any"),
    ("maskable-512.png", "512x512", "maskable"),
    ("monochrome-512.png", "512x512", "monochrome"),
)
# The service worker handles this form; without a worker, share_views does.
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
@cache_control(private=True, max_age=3600)  # its text is in the reader's language
def manifest(request: HttpRequest) -> JsonResponse:
    """https://www.w3.org/TR/appmanifest/. It names nobody, so people who are not signed in get the same."""
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
    """At the root, because a worker serves the addresses below its own. ?language= is the language of its text.

    The file changes whenever one of its modules does, because their names contain a hash: the browser then updates it.
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
    """Shown by the worker, while offline, for pages that the browser has not kept. The same for everybody."""
    return render(request, "rooms/offline.html")


def _icon(name: str, sizes: str, purpose: str) -> dict[str, str]:
    kind = "image/svg+xml" if name.endswith(".svg") else "image/png"
    return {"src": static(f"icons/{name}"), "sizes": sizes, "type": kind, "purpose": purpose}


def _shortcut(name: str, address: str) -> dict:
    return {"name": name, "url": address, "icons": [_icon("app-192.png", "192x192", "any")]}
