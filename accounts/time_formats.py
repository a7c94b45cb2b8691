"""How the hours of a day are written in this request: as its reader chose, else as their browser has it."""

from contextvars import ContextVar
from datetime import datetime

from django.utils.formats import date_format, time_format

# Where a day has twice twelve hours: languages, and of English the regions where it has not.
_TWELVE_HOURS = {"ar", "bn", "el", "en", "hi", "ko", "ur"}
_ENGLISH_WITH_24 = {"150", "at", "be", "ch", "de", "dk", "fi", "gb", "ie", "nl", "se", "za"}
_FORMATS = {"12": "g:i A", "24": "H:i"}
_chosen: ContextVar[str] = ContextVar("time_format", default="")


def activate(choice: str) -> None:
    """choice: "12", "24", or "" where neither reader nor browser says: that of the language."""
    _chosen.set(choice)


def chosen() -> str:
    """ "12", "24", or empty: as the browser has it."""
    return _chosen.get()


def of_browser(accepted: str) -> str:
    """What a browser itself writes, by the first of its languages; so do scripts. accepted: its Accept-Language."""
    language, *parts = accepted.partition(",")[0].partition(";")[0].strip().lower().split("-")
    if not language.isalpha():
        return ""
    is_twelve = language in _TWELVE_HOURS and not (language == "en" and parts and parts[-1] in _ENGLISH_WITH_24)
    return "12" if is_twelve else "24"


def clock_time(moment: datetime) -> str:
    """The time of day, in the zone that the moment has: "14:05", "2:05 PM"."""
    return time_format(moment, _FORMATS.get(chosen(), "TIME_FORMAT"))


def date_and_time(moment: datetime, date: str = "SHORT_DATE_FORMAT") -> str:
    """In the reader's language, time zone and clock. date: the name of a format of Django's."""
    return f"{date_format(moment, date)} {clock_time(moment)}"
