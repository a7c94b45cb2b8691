"""The chat of the Channels tutorial, as one writes it: no sign-in, no database, everybody may come in.

An ASGI application; CHAT_LAYER names the channel layer's class and CHAT_REDIS where Redis is.
"""

import json
import os

import django
from django.conf import settings

settings.configure(
    ALLOWED_HOSTS=["*"],
    INSTALLED_APPS=["channels"],
    CHANNEL_LAYERS={
        "default": {
            "BACKEND": os.environ["CHAT_LAYER"],
            "CONFIG": {
                # redis-py's own limits would cut every idle socket after 5 s and refuse the 101st at once.
                "hosts": [{"address": os.environ["CHAT_REDIS"], "socket_timeout": None, "max_connections": 1_000_000}],
                # The core layer drops what is beyond its capacity; here it may fall behind instead.
                **({"capacity": 1_000_000} if "core" in os.environ["CHAT_LAYER"] else {}),
            },
        }
    },
)
django.setup()

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import path  # noqa: E402


class ChatConsumer(AsyncWebsocketConsumer):
    async def connect(self):
        self.group = f"chat_{self.scope['url_route']['kwargs']['room_name']}"
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, code):
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data=None, bytes_data=None):
        message = json.loads(text_data)["message"]
        await self.channel_layer.group_send(self.group, {"type": "chat.message", "message": message})

    async def chat_message(self, event):
        await self.send(text_data=json.dumps({"message": event["message"]}))


application = ProtocolTypeRouter({"websocket": URLRouter([path("ws/chat/<str:room_name>/", ChatConsumer.as_asgi())])})
