"""The context of every page in the frame: the sidebar, and whether the page is alone or in the panel beside a room."""

from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from accounts.security import second_factor

from .js_strings import client_texts
from .server_nav import server_nav
from .settings_nav import settings_nav
from .sidebar import get_sidebar

# A request with this header gets a page without the frame around it (static/js/panel/panel.js, which keeps the
# answer out of the browser's cache).
PANEL_HEADER = "X-Panel"
# A request with this header gets a room without the frame (static/js/core/rooms.js).
ROOM_HEADER = "X-Room"


def frame_context(request) -> dict:
    """A context processor. Values that need the database are read only when a template uses them."""
    return {
        "side": SimpleLazyObject(lambda: get_sidebar(request.user)),
        "texts": client_texts,  # templates call it
        "settings_url": reverse("settings"),
        "settings_nav": SimpleLazyObject(lambda: settings_nav(request)),
        "server_nav": SimpleLazyObject(lambda: server_nav(request)),
        "bot_name": settings.BOT_NAME,
        "frame": _frame(request),
        "second_factor_due": SimpleLazyObject(lambda: second_factor.due_of(request.user)),
        "layout": "rooms/fragment.html" if PANEL_HEADER in request.headers else "rooms/page.html",
    }


def _frame(request) -> str:
    if second_factor.is_wanted() and second_factor.is_late(getattr(request, "user", None)):
        return "rooms/alone.html"
    return "rooms/bare.html" if ROOM_HEADER in request.headers else "rooms/frame.html"
