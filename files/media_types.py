"""Finds the type of a file from its bytes, whatever its name is and whatever a browser says."""

import re

import filetype

SNIFFED = 8192  # bytes from the beginning of a file that are looked at
UNKNOWN, TEXT, HTML, SVG = "application/octet-stream", "text/plain", "text/html", "image/svg+xml"
PDF = "application/pdf"
# A browser may show these itself. None of them can carry a script.
INLINE = frozenset(
    {
        "image/png", "image/jpeg", "image/gif", "image/webp", "image/avif",
        "video/mp4", "video/webm",
        "audio/mpeg", "audio/ogg", "audio/wav", "audio/mp4", "audio/webm",
    }
)  # fmt: skip
PICTURES = frozenset({*(type for type in INLINE if type.startswith("image/")), "image/heic"})
_OTHER_NAMES = {"audio/x-wav": "audio/wav", "image/heif": "image/heic", "image/apng": "image/png"}
_TRACKS = {"video/webm": (b"V_", b"A_OPUS"), "video/mp4": (b"vide", b"soun")}  # of video and of sound
MAX_HIGH = 0.2  # share of non-ASCII bytes in a text of unknown encoding
_CONTROL = re.compile("[\0-\x08\x0b\x0e-\x1f\x7f]")
_MOVING_AVIF = b"ftypavis"
_MARKUP = (
    (b"<!doctype html", HTML), (b"<html", HTML), (b"<head", HTML), (b"<body", HTML), (b"<script", HTML),
    (b"<svg", SVG),
)  # fmt: skip


def find_type(beginning: bytes) -> str:
    """The media type of a file that begins with these bytes (SNIFFED, or all there are)."""
    if beginning[4:12] == _MOVING_AVIF:
        return "image/avif"
    if kind := filetype.guess(beginning):
        found: str = kind.mime
        return _without_video(found, beginning) or _OTHER_NAMES.get(found, found)
    if not _is_text(beginning):
        return UNKNOWN
    lower = beginning.lower()
    signs = [(at, type) for sign, type in _MARKUP if (at := lower.find(sign)) >= 0]
    return min(signs)[1] if signs else TEXT


def _without_video(type: str, beginning: bytes) -> str | None:
    """The audio type of a video file without video, as browsers record voices. The beginning names the tracks."""
    video, audio = _TRACKS.get(type, (b"", b""))
    only_sound = bool(audio) and audio in beginning and video not in beginning
    return type.replace("video", "audio") if only_sound else None


def _is_text(data: bytes) -> bool:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return len(data) > 2 and not _CONTROL.search(data.decode("utf-16", "ignore"))
    if not data or any(sign in data for sign in (b"\0", b"\x1b\x00")):
        return False
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return (error.start >= len(data) - 3 and len(data) == SNIFFED) or _is_western(data)  # cut within a character
    return True


def _is_western(data: bytes) -> bool:
    """Text in a single-byte encoding (as Excel saves tables): mostly ASCII, and without control characters."""
    high = sum(byte >= 0x80 for byte in data)
    return high <= MAX_HIGH * len(data) and not _CONTROL.search(data.decode("latin-1"))
