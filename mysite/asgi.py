"""The ASGI application: pages and static files over HTTP, rooms over websockets."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")

import django

from .web.charset import Utf8Handler

django.setup(set_prefix=False)
http = Utf8Handler()  # before the imports below, which need the models

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import path, re_path  # noqa: E402

from rooms.api.piece_stream import take_pieces  # noqa: E402
from rooms.api.upload_stream import take_uploads  # noqa: E402
from rooms.realtime.consumer import RoomConsumer  # noqa: E402
from rooms.realtime.page_consumer import PageConsumer  # noqa: E402

from .web.files_origin import files_apart  # noqa: E402
from .web.lifespan import lifespan  # noqa: E402
from .web.origin import same_origin  # noqa: E402
from .web.static_files import serve_static  # noqa: E402


async def not_found(scope, receive, send):
    """The response to a websocket at any other path. (Without it, the router raises an exception.)"""
    if "websocket.http.response" in scope.get("extensions", {}):
        headers = [(b"content-type", b"text/plain")]
        await send({"type": "websocket.http.response.start", "status": 404, "headers": headers})
        await send({"type": "websocket.http.response.body", "body": b"There is no websocket at this address.\n"})
    else:
        await send({"type": "websocket.close"})


application = ProtocolTypeRouter(
    {
        "http": files_apart(serve_static(take_uploads(take_pieces(http)))),
        "websocket": files_apart(
            same_origin(
                URLRouter(
                    [
                        path("ws/chat/<path:room_name>/", RoomConsumer.as_asgi()),
                        path("ws/page/", PageConsumer.as_asgi()),
                        re_path("", not_found),
                    ]
                )
            )
        ),
        "lifespan": lifespan,
    }
)
