"""The first web process believes that it is an hour later, the second an hour earlier."""

import datetime
import os
import time
from pathlib import Path


def _off() -> int:
    folder = Path(os.environ["ROUNDTABLE_FAULT_FOLDER"])
    for name, seconds in (("later", 3600), ("earlier", -3600)):
        try:
            (folder / name).touch(exist_ok=False)
        except FileExistsError:
            continue
        return seconds
    return 0


OFF = _off()
_time, _time_ns, _datetime = time.time, time.time_ns, datetime.datetime


class Datetime(_datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(time.time(), tz)

    @classmethod
    def utcnow(cls):
        return cls.now(datetime.UTC).replace(tzinfo=None)


time.time = lambda: _time() + OFF
time.time_ns = lambda: _time_ns() + OFF * 10**9
datetime.datetime = Datetime
