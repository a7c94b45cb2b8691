"""Small pictures: of whatever can be read, without what the original says of its origin, and within limits."""

import io

import pytest
from PIL import Image

from files import child_process, previews
from files.incoming import IncomingFile, folder
from files.previews import make_previews

from .pictures import bomb, heic, moving, picture, with_place


async def made_of(data: bytes) -> IncomingFile:
    file = IncomingFile("picture")
    file.write(data)
    file.finish()
    await make_previews(file)
    return file


def opened(file: IncomingFile, side: int = 360) -> Image.Image:
    return Image.open(file.previews.folder / f"{side}.webp")


@pytest.fixture(autouse=True)
def nothing_stays():
    yield
    for path in folder().glob("*.part"):
        path.unlink()


async def test_two_sizes_of_a_large_one():
    file = await made_of(picture(3000, 1500))
    assert file.previews.about["sides"] == [360, 1080]
    assert (file.previews.width, file.previews.height) == (3000, 1500)
    assert (opened(file).size, opened(file, 1080).size) == ((360, 180), (1080, 540))
    assert file.previews.about["blur"].startswith("data:image/webp;base64,")
    assert len(file.previews.about["blur"]) < 600
    file.discard()
    assert not list(folder().glob("*"))


async def test_one_size_of_a_small_one():
    file = await made_of(picture(40, 30))
    assert file.previews.about["sides"] == [360] and opened(file).size == (40, 30)
    file.discard()


@pytest.mark.parametrize("data", [picture(kind=kind) for kind in ("PNG", "JPEG", "GIF", "WEBP", "AVIF")] + [heic()])
async def test_of_every_kind(data):
    file = await made_of(data)
    assert opened(file).format == "WEBP" and not file.previews.about["animated"]
    file.discard()


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "LA", "I;16", "1"])
async def test_in_every_mode(mode):
    color = {"RGBA": (1, 2, 3, 0), "LA": (1, 0)}.get(mode, 1)
    file = await made_of(picture(mode=mode, color=color))
    assert opened(file).size == (40, 30)
    assert (opened(file).mode == "RGBA") == mode.endswith("A")  # what can be seen through stays so
    file.discard()


async def test_of_a_palette_with_a_colour_to_see_through():
    made = io.BytesIO()
    Image.new("P", (40, 30), 0).save(made, "PNG", transparency=0)
    file = await made_of(made.getvalue())
    assert opened(file).getchannel("A").getextrema() == (0, 0)
    file.discard()


async def test_cmyk_of_a_printer():
    file = await made_of(picture(kind="JPEG", mode="CMYK", color=(0, 255, 255, 0)))
    assert opened(file).mode == "RGB"
    file.discard()


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
async def test_of_one_that_moves_the_first_frame(kind):
    file = await made_of(moving(kind))
    assert file.previews.about["animated"] and opened(file).n_frames == 1
    red, green, blue = opened(file).convert("RGB").getpixel((5, 5))
    assert red > 200 and green < 50 and blue < 50
    file.discard()


async def test_places_and_cameras_stay_out_and_it_stands_upright():
    data = with_place(2400, 1200)
    assert b"SecretCamera" in data
    file = await made_of(data)
    assert (file.previews.width, file.previews.height) == (1200, 2400)
    assert opened(file).size == (180, 360)
    for side in (360, 1080):
        assert b"SecretCamera" not in (file.previews.folder / f"{side}.webp").read_bytes()
        assert not opened(file, side).getexif() and not {"exif", "xmp"} & opened(file, side).info.keys()
    file.discard()


UNREADABLE = {
    "a bomb": bomb,
    "a PNG cut off": lambda: picture()[:60],
    "a JPEG cut off": lambda: picture(kind="JPEG")[:200] + b"\xff" * 5000,
    "a WebP cut off": lambda: picture(kind="WEBP")[:30],
    "a HEIC cut off": lambda: heic()[:300],
    "a GIF of nothing": lambda: b"GIF89a" + b"\xff" * 100,
    "a PNG of markup": lambda: b"\x89PNG\r\n\x1a\n" + b"<script>alert(1)</script>" * 10,
    "a document": lambda: b"%PDF-1.4 hello",
    "markup": lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>",
}


@pytest.mark.parametrize("make", UNREADABLE.values(), ids=UNREADABLE)
async def test_of_what_cannot_be_read_there_is_none(make):
    file = await made_of(make())
    assert file.previews is None
    assert not list(folder().glob("*.previews"))
    file.discard()


async def test_one_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(child_process, "SECONDS", 0.3)
    monkeypatch.setattr(child_process, "_command", lambda _module: ("/bin/sleep",))
    monkeypatch.setattr(previews.IncomingFile, "previews_folder", folder() / "60")
    (folder() / "60").exists() and (folder() / "60").rmdir()
    file = await made_of(picture())
    assert file.previews is None
    file.discard()
    assert not list(folder().glob("*"))


async def test_where_it_is_too_busy_there_is_none(monkeypatch):
    monkeypatch.setattr(child_process, "AT_ONCE", 0)
    monkeypatch.setattr(child_process, "PATIENCE", 0.05)
    file = await made_of(picture())
    assert file.previews is None
    file.discard()


def test_the_child_has_no_secrets():
    assert set(child_process._environment()) == {"PATH", "OMP_NUM_THREADS", "PYTHONDONTWRITEBYTECODE"}


async def test_reading_a_picture_loads_nothing_else():
    """A picture in another format is not decoded, whatever its beginning says."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "TIFF")
    file = await made_of(out.getvalue())
    assert file.previews is None
    file.discard()
