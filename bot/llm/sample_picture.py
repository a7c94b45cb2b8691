"""A picture to try a model with, as a PNG. Pure."""

import struct
import zlib

SIZE = 64  # pixels, both ways: some models refuse smaller ones

Colour = tuple[int, int, int]  # red, green and blue, 0 to 255


def draw_halves(left: Colour, right: Colour) -> bytes:
    """A square whose halves have these colours."""
    row = b"\0" + bytes(left) * (SIZE // 2) + bytes(right) * (SIZE // 2)  # 0: the pixels as they are
    head = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 2, 0, 0, 0)  # 8 bits each of red, green and blue
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(row * SIZE)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    """See section 5.3 of the PNG specification (W3C)."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
