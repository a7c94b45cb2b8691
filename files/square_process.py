"""A child process that cuts squares from the middle of a picture of a person or a room, as preview_process.py does.

python -m files.square_process FOLDER     prints the sides as JSON
"""

import json
import sys
from pathlib import Path

from .child_limits import limit_itself
from .preview_process import open_picture, save

SIDES = (96, 256)  # pixels


def main(folder: Path) -> None:
    """Make the squares of the picture on stdin in this folder, and print what was found as one JSON object."""
    limit_itself()
    print(json.dumps(make_squares(sys.stdin.buffer, folder)))


def make_squares(file, folder: Path) -> tuple[int, ...]:
    """Writes FOLDER/<side>.webp, on white where it is transparent. Raises whatever a decoder raises."""
    from PIL import Image, ImageOps

    with open_picture(file) as image:
        image.draft("RGB", (2 * SIDES[-1], 2 * SIDES[-1]))  # a JPEG is decoded at about the size needed
        drawn = ImageOps.exif_transpose(image).convert("RGBA")
    square = ImageOps.fit(drawn, (SIDES[-1], SIDES[-1]), Image.Resampling.LANCZOS)
    flat = Image.alpha_composite(Image.new("RGBA", square.size, "white"), square).convert("RGB")
    for side in SIDES:
        save(flat.resize((side, side), Image.Resampling.LANCZOS), folder / f"{side}.webp")
    return SIDES


if __name__ == "__main__":
    main(Path(sys.argv[1]))
