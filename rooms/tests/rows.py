"""All that is stored, as it is: to tell whether something has changed it, and whether two acts left the same behind."""

import re
from datetime import datetime
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

# A session is written when somebody is seen to be signed in or is told something once; the cache counts attempts.
NOISE = {Session._meta.db_table, settings.CACHES["default"]["LOCATION"]}
_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.\d]*")
_BY_CHANCE = re.compile(r"[0-9a-f-]{26,}|(?<=--)[0-9a-f]{26}")


def tables() -> list[str]:
    found = (each._meta for each in apps.get_models(include_auto_created=True))
    return sorted({each.db_table for each in found if each.managed} - NOISE)


def rows_of(names) -> dict[str, list[tuple]]:
    """All rows of these tables, by mere SELECTs: models would take longer than the requests that are looked at."""
    found = {}
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")
            found[name] = sorted(cursor.fetchall(), key=repr)
    return found


def picture(since: datetime) -> str:
    """All rows. What was made by chance looks alike in each picture, and so do all times since then."""
    begun = since.strftime("%Y-%m-%d %H:%M:%S.%f")

    def plain(value: object) -> object:
        if isinstance(value, datetime):
            value = value.strftime("%Y-%m-%d %H:%M:%S.%f")
        if isinstance(value, str | UUID):
            text = _BY_CHANCE.sub("CHANCE", str(value))
            return "NEW" if _TIME.fullmatch(text) and text >= begun else text
        return value

    rows = rows_of(tables())
    return repr({name: sorted((list(map(plain, row)) for row in rows[name]), key=repr) for name in rows})
