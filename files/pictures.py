"""How large a picture is, from its head: nothing is decoded."""

import warnings
from pathlib import Path

MAX_PIXELS = 100_000_000
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF")
_TURNED = (5, 6, 7, 8)  # values of EXIF's orientation: on its side
_ORIENTATION = 0x0112


def find_dimensions(path: Path) -> tuple[int, int] | None:
    """Width and height as the picture is shown; None for what is none, or is larger than anybody may send."""
    from PIL import Image  # not loaded by processes that never see a picture

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(path, formats=_FORMATS) as image:
                width, height = image.size
                if image.format == "JPEG" and image.getexif().get(_ORIENTATION) in _TURNED:
                    width, height = height, width
    except Exception:  # noqa: BLE001 - a decoder raises what it likes
        return None
    return (width, height) if 0 < width * height <= MAX_PIXELS else None
