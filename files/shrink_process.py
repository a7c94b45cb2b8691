"""A child process that draws one picture anew for a model: small enough, without metadata, as a JPEG, which every
server accepts. It has the same limits as the process for previews (preview_process.py).

    python -m files.shrink_process FOLDER SIDE     prints it; SIDE: maximum pixels of the longer side
"""

import io
import sys
import warnings

from .child_limits import limit_itself
from .preview_process import FORMATS, check_size

QUALITY = 88  # small print in screenshots stays readable


def main(side: int) -> None:
    """Write the picture on stdin to stdout, at most `side` pixels wide and high."""
    limit_itself()
    sys.stdout.buffer.write(shrink(sys.stdin.buffer, side))


def shrink(file, side: int) -> bytes:
    """Draw the first frame, on white where it is transparent. Raises whatever a decoder raises."""
    from PIL import Image, ImageOps
    from pillow_heif import register_heif_opener

    register_heif_opener(thumbnails=False)
    warnings.simplefilter("error")
    Image.MAX_IMAGE_PIXELS = None  # check_size limits them
    with Image.open(file, formats=FORMATS) as image:
        check_size(image)
        image.draft("RGB", (2 * side, 2 * side))
        drawn = ImageOps.exif_transpose(image)
    if "A" in drawn.getbands() or "transparency" in drawn.info:
        drawn = drawn.convert("RGBA")
        drawn.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
        drawn = Image.alpha_composite(Image.new("RGBA", drawn.size, "white"), drawn)
    drawn = drawn.convert("RGB")
    drawn.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    drawn.info, out = {}, io.BytesIO()
    drawn.save(out, "JPEG", quality=QUALITY, subsampling=0, optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    main(int(sys.argv[2]))
