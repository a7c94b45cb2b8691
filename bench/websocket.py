"""Just enough of RFC 6455 for a load generator: a client's handshake and frames, and a server's frames read."""

import base64
import os
import struct

TEXT, CLOSE, PING, PONG = 0x81, 0x88, 0x89, 0x8A
_UNMASKED = b"\0\0\0\0"  # a mask of zeros: legal, and masking then costs nothing


def request(path: str, port: int, headers: dict[str, str]) -> bytes:
    """The bytes that open a websocket."""
    lines = {
        "Host": f"localhost:{port}",
        "Origin": f"http://localhost:{port}",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
        "Sec-WebSocket-Version": "13",
    } | headers
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"GET {path} HTTP/1.1\r\n{head}\r\n".encode()


def frame(payload: str | bytes, opcode: int = TEXT) -> bytes:
    """A client's frame."""
    data = payload.encode() if isinstance(payload, str) else payload
    if len(data) < 126:
        return struct.pack("!BB", opcode, 0x80 | len(data)) + _UNMASKED + data
    if len(data) < 65536:
        return struct.pack("!BBH", opcode, 0xFE, len(data)) + _UNMASKED + data
    return struct.pack("!BBQ", opcode, 0xFF, len(data)) + _UNMASKED + data


def split(data: bytes) -> tuple[list[tuple[int, bytes]], bytes]:
    """The whole frames of a server at the start of `data`, as (opcode, payload), and the bytes after them."""
    frames, at = [], 0
    while len(data) - at >= 2:
        size, start = data[at + 1] & 0x7F, at + 2
        if size > 125:
            width = 2 if size == 126 else 8
            if len(data) < start + width:
                break
            size, start = int.from_bytes(data[start : start + width]), start + width
        if len(data) < start + size:
            break
        frames.append((data[at], data[start : start + size]))
        at = start + size
    return frames, data[at:]
