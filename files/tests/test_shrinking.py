"""Pictures for models: as large as asked for, and none where nothing can be drawn."""

import io

from PIL import Image

from files import shrinking
from files.models import Blob

from .pictures import picture


async def test_a_large_picture_becomes_a_small_jpeg(tmp_path, monkeypatch):
    source = tmp_path / "picture"
    source.write_bytes(picture(2000, 1000))
    monkeypatch.setattr(shrinking.places, "local_copy", lambda blob, folder: source)
    image = Image.open(io.BytesIO(await shrinking.shrink(Blob(), 500)))
    assert (image.format, image.size) == ("JPEG", (500, 250))


async def test_what_is_no_picture_or_is_gone_is_none(tmp_path, monkeypatch):
    source = tmp_path / "picture"
    source.write_bytes(b"words")
    monkeypatch.setattr(shrinking.places, "local_copy", lambda blob, folder: source)
    assert await shrinking.shrink(Blob(), 500) is None
    monkeypatch.setattr(shrinking.places, "local_copy", lambda blob, folder: None)
    assert await shrinking.shrink(Blob(), 500) is None
