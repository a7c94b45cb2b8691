"""A client on a bare socket, which may do what no library would."""

import base64
import os
import socket
import struct

from mysite.tests.waiting import PATIENCE

_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: close() sends RST


class Raw:
    """A socket without manners."""

    def __init__(self, port: int, secret: str, room: str = "lobby", query: str = "", path: str = ""):
        self.socket = self.connect(port)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [
            f"GET {path or f'/ws/chat/{room}/{query}'} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Upgrade: websocket",
            "Connection: Upgrade", f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13",
            f"Authorization: Bearer {secret}",
            "Sec-WebSocket-Protocol: chat.v1",
        ]  # fmt: skip
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode())

    def connect(self, port: int) -> socket.socket:
        return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)

    def wait_for(self, words: bytes) -> None:
        seen = b""
        while words not in seen:
            data = self.socket.recv(65536)
            assert data, seen[-500:]
            seen += data

    def send(self, data: bytes, opcode: int = 1) -> None:
        length = struct.pack("!BH", 0x80 | 126, len(data)) if len(data) > 125 else bytes([0x80 | len(data)])
        self.socket.sendall(bytes([0x80 | opcode]) + length + b"\0\0\0\0" + data)

    def reset(self) -> None:
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.socket.close()
