"""How each kind of server is spoken to: what opens a connection to its room, and what posts a text there."""

import json
import uuid
from dataclasses import dataclass, field

from . import websocket


@dataclass(frozen=True, slots=True)
class Place:
    """Where one client goes: which path, with which headers."""

    path: str
    headers: dict[str, str] = field(default_factory=dict)


class Chat:
    """Roundtable, chat.v1."""

    def place(self, room: str, session: str, query: str = "") -> Place:
        headers = {"Sec-WebSocket-Protocol": "chat.v1", "Cookie": f"sessionid={session}"}
        return Place(f"/ws/chat/{room}/{query}", headers)

    # What to wait for after the handshake, and what to send then: (bytes that show it, a text or None), in turn.
    steps = ((b'"type":"welcome"', None),)

    def post(self, text: str, id: str | None = None) -> bytes:
        return websocket.frame(json.dumps({"type": "send", "id": id or str(uuid.uuid4()), "message": text}))


class Page:
    """Roundtable's socket of a page, in one room."""

    def place(self, room: str, session: str) -> Place:
        headers = {"Sec-WebSocket-Protocol": "chat.v1", "Cookie": f"sessionid={session}"}
        return Place("/ws/page/", headers)

    _enter = json.dumps({"type": "subscribe", "id": str(uuid.uuid4()), "room": "bench"})
    steps = ((b'"type":"connected"', _enter), (b'"type":"welcome"', None))

    def post(self, text: str, id: str | None = None) -> bytes:
        command = {"type": "send", "id": id or str(uuid.uuid4()), "room": "bench", "message": text}
        return websocket.frame(json.dumps(command))


class Tutorial:
    """The consumer of the Channels tutorial: {"message"} in, {"message"} out."""

    def place(self, room: str, session: str = "") -> Place:
        return Place(f"/ws/chat/{room}/")

    steps = ()

    def post(self, text: str) -> bytes:
        return websocket.frame(json.dumps({"message": text}))


class SocketIO:
    """socket.io 4 over a bare websocket (Engine.IO 4)."""

    def place(self, room: str, session: str = "") -> Place:
        return Place("/socket.io/?EIO=4&transport=websocket")

    steps = ((b'0{"sid"', "40"), (b'40{"sid"', '42["join","bench"]'), (b'42["joined"]', None))

    def post(self, text: str) -> bytes:
        return websocket.frame(f'42["message",{json.dumps(text)}]')
