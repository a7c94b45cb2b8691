"""The application as servers see it: pages and files over HTTP, rooms over websockets."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")

import django

from .web.charset import Handler

django.setup(set_prefix=False)
http = Handler()  # before anything that imports models

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import path, re_path  # noqa: E402

from rooms.realtime.consumer import RoomConsumer  # noqa: E402

from .web.lifespan import lifespan  # noqa: E402
from .web.origin import same_origin  # noqa: E402
from .web.static_files import static  # noqa: E402


async def nothing_here(scope, receive, send):
    """A websocket to an address that is none, the root as well: without this, the router raises."""
    if "websocket.http.response" in scope.get("extensions", {}):
        headers = [(b"content-type", b"text/plain")]
        await send({"type": "websocket.http.response.start", "status": 404, "headers": headers})
        await send({"type": "websocket.http.response.body", "body": b"There is no websocket at this address.\n"})
    else:
        await send({"type": "websocket.close"})


application = ProtocolTypeRouter(
    {
        "http": static(http),
        "websocket": same_origin(
            URLRouter([path("ws/chat/<path:room_name>/", RoomConsumer.as_asgi()), re_path("", nothing_here)])
        ),
        "lifespan": lifespan,
    }
)
