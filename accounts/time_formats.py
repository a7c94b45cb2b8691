"""How the hours of a day are written in this request: as its reader chose, else as its language has it."""

from contextvars import ContextVar
from datetime import datetime

from django.utils.formats import date_format, time_format

_FORMATS = {"12": "g:i A", "24": "H:i"}
_chosen: ContextVar[str] = ContextVar("time_format", default="")


def activate(choice: str) -> None:
    """choice: "12", "24", or "" for that of the language."""
    _chosen.set(choice)


def chosen() -> str:
    return _chosen.get()


def clock_time(moment: datetime) -> str:
    """The time of day, in the zone that the moment has: "14:05", "2:05 PM"."""
    return time_format(moment, _FORMATS.get(chosen(), "TIME_FORMAT"))


def date_and_time(moment: datetime, date: str = "SHORT_DATE_FORMAT") -> str:
    return f"{date_format(moment, date)} {clock_time(moment)}"
