"""The server's own emoji, which staff add and delete.

An uploaded picture is never passed on: it is decoded within limits and drawn anew, as a still one.
"""

import hashlib
import io
import re
import warnings
from collections.abc import Iterable

from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.rights import ServerAction, may_on_server
from audit.recording import record

from ..kernel.errors import ChatError
from ..models import OwnEmoji
from ..text.markup import Rendered
from ..text.own_emoji import NAME

MAX_BYTES = 64 * 1024  # of a picture as it is sent
MAX_SIDE = 1024  # pixels
MAX_COUNT = 1000
SIDE = 96  # pixels of what is shown, on all sides
_FORMATS = ("PNG", "GIF", "WEBP")
_NAME = re.compile(NAME)


def add(user: User, name: str, data: bytes) -> OwnEmoji:
    """Raises ChatError: emoji_name_taken, not_staff, bad_emoji_name, emoji_too_large, emoji_too_many_pixels,
    not_a_picture, too_many_emoji.
    """
    _check_staff(user)
    name, picture = check_name(name), redraw(data)
    check_count()
    try:
        with transaction.atomic():
            digest = hashlib.sha256(picture).hexdigest()[:32]
            made = OwnEmoji.objects.create(name=name, digest=digest, picture=picture, added_by=user)
            record("emoji.added", actor=user.pk, emoji=name)
            return made
    except IntegrityError as error:
        raise ChatError("emoji_name_taken") from error


def delete(user: User, names: Iterable[str]) -> None:
    """Messages and reactions then show the emoji's name. Raises ChatError: not_staff."""
    _check_staff(user)
    with transaction.atomic():
        for name in OwnEmoji.objects.filter(name__in=list(names)).values_list("name", flat=True):
            if OwnEmoji.objects.filter(name=name).delete()[0]:
                record("emoji.deleted", actor=user.pk, emoji=name)


def check_count() -> None:
    """Check that the server may have another one. Raises ChatError: too_many_emoji."""
    if OwnEmoji.objects.count() >= MAX_COUNT:
        raise ChatError("too_many_emoji", limit=MAX_COUNT)


def check_name(name: str) -> str:
    """The name as it is stored, without colons. Raises ChatError: bad_emoji_name."""
    name = name.strip().strip(":").lower()
    if not _NAME.fullmatch(name):
        raise ChatError("bad_emoji_name")
    return name


def redraw(data: bytes) -> bytes:
    """A square WebP of the first frame. Raises ChatError: emoji_too_large, emoji_too_many_pixels, not_a_picture."""
    from PIL import Image, ImageOps  # not loaded by processes that never see a picture

    if len(data) > MAX_BYTES:
        raise ChatError("emoji_too_large", limit=MAX_BYTES // 1024)
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            warnings.simplefilter("error")
            if max(image.size) > MAX_SIDE:  # known from the header, before anything is decoded
                raise ChatError("emoji_too_many_pixels", limit=MAX_SIDE)
            drawn = image.convert("RGBA")
        drawn = ImageOps.contain(drawn, (SIDE, SIDE), Image.Resampling.LANCZOS)
        square = Image.new("RGBA", (SIDE, SIDE))
        square.paste(drawn, ((SIDE - drawn.width) // 2, (SIDE - drawn.height) // 2))
        out = io.BytesIO()
        square.save(out, "WEBP", quality=85, method=6)
        return out.getvalue()
    except ChatError:
        raise
    except Exception as error:  # noqa: BLE001 - a decoder raises what it likes
        raise ChatError("not_a_picture") from error


def addresses_in(documents: Iterable[Rendered]) -> dict[str, str]:
    """Name → address, for the names in some texts. One query, or none where nothing is named."""
    names = {name for document in documents for name in document.emoji_names}
    rows = OwnEmoji.objects.filter(name__in=sorted(names)[:500]).only("name", "digest") if names else ()
    return {row.name: row.address for row in rows}


def exists(sign: str) -> bool:
    """Whether `:name:` is one of them."""
    return OwnEmoji.objects.filter(name=sign.strip(":")).exists()


def _check_staff(user: User) -> None:
    if not (user.is_active and may_on_server(user, ServerAction.MANAGE_EMOJI)):
        raise ChatError("not_staff")
