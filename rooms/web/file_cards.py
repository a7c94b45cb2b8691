"""How the page shows the files of a message: pictures in a box, video and sound with controls, documents with their
beginning, and other files as a card.

static/js/files/cards.js follows the same rules for files that come over the socket.
"""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import ngettext

from files.documents import DOCUMENTS
from files.media_types import INLINE

BOX = (360, 240)  # pixels: the largest size of a picture on the page
PREVIEW = 1080  # pixels: the longer side of the larger of the two small pictures
SMALL = 3 * 1024 * 1024  # bytes; a picture up to this size is shown itself when it has no smaller version
KINDS = ("picture", "video", "audio", "document", "other")


def cards(files: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Files as in wire events, each with the values that `rooms/_file.html` needs."""
    return [_card(file) for file in files]


def blank_cards() -> list[dict[str, Any]]:
    """One of each kind, for the browser to fill."""
    return [{"kind": kind} for kind in KINDS]


def _card(file: dict[str, Any]) -> dict[str, Any]:
    kind = _kind(file)
    shown: dict[str, Any] = file | {"kind": kind, "label": _label(file["name"])}
    if kind == "picture":
        width, height = _fitted(file["width"], file["height"])
        large, sizes = _large(file)
        shown |= {"src": file.get("thumb") or file["url"], "shown_width": width, "shown_height": height}
        shown |= {"large": large, "sizes": sizes}
    if days := file.get("removed"):
        shown["fate"] = ngettext("Removed after %(count)s day", "Removed after %(count)s days", days) % {"count": days}
    return shown


def _large(file: dict[str, Any]) -> tuple[str, str]:
    """The address of the picture that is shown when it fills the window, and its srcset if there are several sizes."""
    preview = file.get("preview")
    if not _is_shown(file, "image"):  # browsers cannot show this type
        return preview or file["thumb"], ""
    if file.get("animated") or not preview:
        return file["url"], ""
    width = round(file["width"] * min(1, PREVIEW / max(file["width"], file["height"])))
    return file["url"], f"{preview} {width}w, {file['url']} {file['width']}w"


def _kind(file: dict[str, Any]) -> str:
    if file.get("removed"):
        return "other"
    if file["type"] in DOCUMENTS:
        return "document" if file.get("thumb") or file.get("beginning") else "other"
    if file.get("width") and file.get("height") and (file.get("thumb") or _shows_itself(file)):
        return "picture"
    return next((kind for kind in ("video", "audio") if _is_shown(file, kind)), "other")


def _shows_itself(file: dict[str, Any]) -> bool:
    return _is_shown(file, "image") and file["size"] <= SMALL


def _is_shown(file: dict[str, Any], kind: str) -> bool:
    """Whether the file is of this kind and browsers can show its type in a page."""
    return file["type"] in INLINE and file["type"].startswith(f"{kind}/")


def _fitted(width: int, height: int) -> tuple[int, int]:
    """The size scaled down to fit into BOX, never enlarged."""
    scale = min(1, BOX[0] / width, BOX[1] / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _label(name: str) -> str:
    """The extension of a file name in capitals, such as PDF; empty without a short one."""
    end = name.rpartition(".")[2] if "." in name[1:] else ""
    return end.upper() if end.isalnum() and len(end) <= 4 else ""
