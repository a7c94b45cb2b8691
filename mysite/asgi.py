"""The application as servers see it: pages and files over HTTP, rooms over websockets."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")

from django.core.asgi import get_asgi_application

http = get_asgi_application()  # before anything that imports models

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import path  # noqa: E402

from rooms.consumers import RoomConsumer  # noqa: E402

from .lifespan import lifespan  # noqa: E402
from .origin import same_origin  # noqa: E402
from .static import static  # noqa: E402


async def refuse(scope, receive, send):
    """A websocket to an address that is none: without this, the router raises."""
    await send({"type": "websocket.close"})


application = ProtocolTypeRouter(
    {
        "http": static(http),
        "websocket": same_origin(
            URLRouter([path("ws/chat/<path:room_name>/", RoomConsumer.as_asgi()), path("<path:_>", refuse)])
        ),
        "lifespan": lifespan,
    }
)
