"""A child process that makes small pictures of one picture, for its parent (previews.py).

Hostile pictures attack decoders. So a decoder has little memory and time here, and is given no secrets, only the
picture on standard input and a folder for the previews. Previews are drawn anew from the first frame, so they contain
none of the original's metadata (time, place, camera).

    python -m files.preview_process FOLDER     prints {"width", "height", "animated", "sides", "blur"} as JSON
"""

import base64
import io
import json
import sys
import warnings
from pathlib import Path

from .child_limits import limit_itself

SIDES = (360, 1080)  # pixels, the longest side
MAX_PIXELS = 60_000_000  # of a picture that is decoded; a JPEG is decoded at a reduced size
MAX_JPEG_PIXELS = 250_000_000
BLUR_SIDE = 16
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF", "HEIF")


def main(folder: Path) -> None:
    """Make the previews of the picture on stdin in this folder, and print what was found as one JSON object."""
    limit_itself()
    print(json.dumps(make_previews(sys.stdin.buffer, folder)))


def make_previews(file, folder: Path) -> dict:
    """Writes FOLDER/<side>.webp. Raises whatever a decoder raises."""
    from PIL import ImageOps

    with open_picture(file) as image:
        animated = getattr(image, "n_frames", 1) > 1
        size = image.size
        image.draft("RGB", (2 * SIDES[-1], 2 * SIDES[-1]))  # a JPEG is decoded at about the size needed
        drawn = ImageOps.exif_transpose(image)
        turned = (drawn.width < drawn.height) != (size[0] < size[1])
    has_alpha = "A" in drawn.getbands() or "transparency" in drawn.info
    drawn = drawn.convert("RGBA" if has_alpha else "RGB")
    width, height = reversed(size) if turned else size
    return {"width": width, "height": height, "animated": animated, **make_small(drawn, folder, max(width, height))}


def make_small(drawn, folder: Path, longest: int) -> dict:
    """Write FOLDER/<side>.webp. longest: pixels of the longer side of the original."""
    from PIL import Image

    sides: list[int] = []
    for side in sorted(SIDES, reverse=True):
        if side == SIDES[0] or longest > SIDES[0]:
            drawn.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
            save(drawn, folder / f"{side}.webp")
            sides.insert(0, side)
    return {"sides": sides, "blur": blur_of(drawn)}


def open_picture(file):
    """Open a picture that is within the limits. It is not decoded yet."""
    from PIL import Image
    from pillow_heif import register_heif_opener

    register_heif_opener(thumbnails=False)
    warnings.simplefilter("error")
    Image.MAX_IMAGE_PIXELS = None  # check_size limits them
    image = Image.open(file, formats=FORMATS)
    check_size(image)
    return image


def check_size(image) -> None:
    """Raises ValueError for a picture of too many pixels. Only its head has been read so far."""
    width, height = image.size
    if width * height > (MAX_JPEG_PIXELS if image.format == "JPEG" else MAX_PIXELS):
        raise ValueError("too many pixels")


def save(image, path: Path | io.BytesIO, quality: int = 80) -> None:
    """Save as WebP, without metadata such as camera, place or author."""
    image.info = {}
    image.save(path, "WEBP", quality=quality, method=4, exif=b"", xmp=b"", icc_profile=b"")


def blur_of(image) -> str:
    """A placeholder to show until the picture is loaded, as a data: URL of about 200 characters."""
    tiny, out = image.copy(), io.BytesIO()
    tiny.thumbnail((BLUR_SIDE, BLUR_SIDE))
    save(tiny, out, quality=30)
    return "data:image/webp;base64," + base64.b64encode(out.getvalue()).decode()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
