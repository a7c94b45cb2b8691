"""Display names: what a person is called beside their user name, which stays what they are mentioned by.

Two people may have one display name. None may look like somebody's user name, or like what speaks for the server.
"""

import unicodedata
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db.models import Value
from django.db.models.functions import Lower, Replace
from django.utils.translation import gettext as _

from .fields import validate_no_bidi_controls
from .models import MAX_DISPLAY_NAME, User
from .plain_text import clean_line, nfc
from .reserved_names import is_reserved_for_erased
from .usernames import is_reserved, skeleton

# Letters of other scripts that look like Latin ones. One name is either of them or of Latin letters.
_CYRILLIC = dict(zip("авсԁеһіјӏкмнорԛгѕтѵԝху", "abcdehijlkmhopqrstvwxy", strict=True))
_GREEK = dict(zip("αβεζηικμνορτυχωγ", "abezhikmvoptuxwy", strict=True))
_LOOKALIKES = str.maketrans(_CYRILLIC | _GREEK | {"ı": "i"})
_SEPARATORS = ("_", ".", "-")


def check_display_name(text: str, user: User) -> str:
    """The name without invisible characters; empty for none. Raises ValidationError with a sentence."""
    validate_no_bidi_controls(text)
    name = nfc(clean_line("".join(char for char in text if unicodedata.category(char) not in ("Cf", "Co", "Cn"))))
    if len(name) > MAX_DISPLAY_NAME:
        raise ValidationError(
            _("The name is too long; the limit is %(limit)s characters.") % {"limit": MAX_DISPLAY_NAME}
        )
    if not name or name == user.display_name:
        return name
    if not any(char.isalnum() for char in name) or "@" in name:
        raise ValidationError(_("Use at least one letter or digit in the name, and no “@”."))
    readings = set(_readings(name)) - set(_readings(user.username))
    if any(is_reserved(each) or is_reserved_for_erased(each) for each in readings):
        raise ValidationError(_("This name is reserved. Choose another one."))
    if _belongs_to_somebody_else(readings, user):
        raise ValidationError(_("Somebody else has this user name. Choose another name."))
    return name


def _readings(name: str) -> Iterable[str]:
    """What somebody may take a name for: as it is, without accents, and in Latin letters that look the same."""
    plain = skeleton("".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char)))
    return skeleton(name), plain, plain.translate(_LOOKALIKES)


def _belongs_to_somebody_else(readings: Iterable[str], user: User) -> bool:
    """Whether somebody's user name reads like one of these. Reads all user names: only at a change."""
    handle: Lower | Replace = Lower("username")
    for separator in _SEPARATORS:
        handle = Replace(handle, Value(separator), Value(""))
    return User.objects.annotate(handle=handle).filter(handle__in=set(readings)).exclude(pk=user.pk).exists()
