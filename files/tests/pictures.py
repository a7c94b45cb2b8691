"""Pictures made for tests."""

import io
import struct
import zlib
from functools import cache

from PIL import Image

_ZEROS = bytes(2**20)


def picture(width=40, height=30, kind="PNG", color="teal", mode="RGB", **options) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height), color).save(out, kind, **options)
    return out.getvalue()


def moving(kind="GIF", frames=3) -> bytes:
    out = io.BytesIO()
    first, *others = [Image.new("RGB", (30, 20), color) for color in ("red", "green", "blue", "white")[:frames]]
    first.save(out, kind, save_all=True, append_images=others, duration=100, loop=0)
    return out.getvalue()


def with_place(width=400, height=300) -> bytes:
    """A JPEG on its side, with a camera and a place in its notes."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "SecretCamera"
    exif.get_ifd(0x8825)[1], exif.get_ifd(0x8825)[2] = "N", (52.0, 31.0, 12.0)
    return picture(width, height, "JPEG", exif=exif)


@cache
def heic() -> bytes:
    from pillow_heif import from_pillow

    out = io.BytesIO()
    from_pillow(Image.new("RGB", (600, 400), "orange")).save(out)
    return out.getvalue()


@cache
def bomb(width=30_000, height=30_000) -> bytes:
    """A small PNG of many pixels, all zero. It takes long: not where all tests are collected, by every process."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    whole, rest = divmod((1 + (width + 7) // 8) * height, len(_ZEROS))
    pieces = [*(packer.compress(_ZEROS) for _each in range(whole)), packer.compress(_ZEROS[:rest])]
    data = b"".join([*pieces, packer.flush()])
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
