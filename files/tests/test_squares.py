"""Squares of pictures, for people and rooms."""

import io
import json
import sys

import pytest
from PIL import Image, ImageOps

from files import preview_process, square_process

from .pictures import picture


def test_a_square_of_the_middle_in_two_sizes_on_white(tmp_path, monkeypatch, capsys):
    image = Image.new("RGBA", (300, 100), (0, 0, 0, 0))
    image.paste("red", (100, 0, 200, 50))
    file = io.BytesIO()
    image.save(file, "PNG")
    monkeypatch.setattr(square_process, "limit_itself", lambda: None)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(file.getvalue())))
    square_process.main(tmp_path)
    assert json.loads(capsys.readouterr().out) == [96, 256]
    for side in (96, 256):
        with Image.open(tmp_path / f"{side}.webp") as square:
            assert (square.size, square.mode) == ((side, side), "RGB")
            red, white = square.getpixel((side // 2, side // 4)), square.getpixel((side // 2, side - side // 4))
            assert red[0] > 230 > 40 > red[1] and min(white) > 240


@pytest.mark.parametrize("make", [preview_process.make_previews, square_process.make_squares])
def test_of_a_jpeg_no_more_is_decoded_than_is_needed(make, tmp_path, monkeypatch):
    decoded, transpose = [], ImageOps.exif_transpose

    def look(image: Image.Image) -> Image.Image:
        decoded.append(image.size)
        return transpose(image)

    monkeypatch.setattr(ImageOps, "exif_transpose", look)
    make(io.BytesIO(picture(9000, 4500, "JPEG")), tmp_path)
    shown = 2 * max(int(path.stem) for path in tmp_path.glob("*.webp"))
    [(width, height)] = decoded
    assert width < 9000 and shown <= height < 4500
