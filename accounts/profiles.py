"""Changes what others see of a person: what they are called, and what they say of themselves."""

import unicodedata
from datetime import tzinfo

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from .display_names import check_display_name
from .fields import validate_no_bidi_controls
from .models import MAX_STATUS, User
from .plain_text import clean_line, nfc
from .statuses import Availability, Duration, end_of
from .time_zones import find_time_zone

MAX_EMOJI = 32  # characters: a family is a sequence of up to 25
_OF_EMOJI = ("So", "Sk", "Mn", "Me", "Cf", "Nd")  # categories; of digits and signs only with the key around them


def set_display_name(user: User, text: str) -> None:
    """Empty: they are called by their user name. Raises ValidationError with a sentence."""
    user.display_name = check_display_name(text, user)
    user.save(update_fields=["display_name"])


def set_status(user: User, text: str, emoji: str = "", availability: str = "", duration: str = "") -> None:
    """All empty: no status. Raises ValidationError with a sentence."""
    validate_no_bidi_controls(text)
    status = nfc(clean_line(text))
    if len(status) > MAX_STATUS:
        raise ValidationError(_("The status is too long; the limit is %(limit)s characters.") % {"limit": MAX_STATUS})
    if availability not in Availability.values or duration not in Duration.values:
        raise ValidationError(_("Choose one of the values that are offered."))
    user.status, user.status_emoji, user.availability = status, check_emoji(emoji), availability
    user.status_until = end_of(duration, time_zone_of(user)) if user.status or emoji or availability else None
    user.save(update_fields=["status", "status_emoji", "availability", "status_until"])


def check_emoji(text: str) -> str:
    """One emoji, or nothing. Raises ValidationError."""
    validate_no_bidi_controls(text)
    emoji = clean_line(text)
    categories = [unicodedata.category(char) for char in emoji]
    is_picture = "So" in categories or "\u20e3" in emoji
    if emoji and not (len(emoji) <= MAX_EMOJI and is_picture and all(each in _OF_EMOJI for each in categories)):
        raise ValidationError(_("Use one emoji."))
    return emoji


def time_zone_of(user: User) -> tzinfo:
    """The one that the person chose or their browser named, else the server's."""
    return find_time_zone(user.time_zone) or timezone.get_default_timezone()
