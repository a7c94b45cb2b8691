"""The current value of each setting of the catalogue. It is read from memory, so requests make no query for it.

A process holds a snapshot of the rows. Servers refresh it every few seconds (mysite/fresh_settings.py), and changes.py
does so at once; a command reads it on first use. While the database is away, the last snapshot counts.
"""

import asyncio
import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, InterfaceError, transaction

from common.circuit_breaker import CircuitBreaker

from . import secrets
from .catalogue import SETTINGS, Setting

logger = logging.getLogger(__name__)

REFRESH_INTERVAL = 3.0  # seconds


@dataclass(frozen=True, slots=True)
class Snapshot:
    values: Mapping[str, Any] = field(default_factory=dict)  # what was set here, by name, and may be used
    unusable: frozenset[str] = frozenset()  # names of settings whose row cannot be used: their default counts


_snapshot: Snapshot | None = None
_refreshing = threading.Lock()
_first_load = CircuitBreaker(REFRESH_INTERVAL)


def flag(name: str) -> bool:
    return bool(value(name))


def number(name: str) -> int:
    return int(value(name))


def text(name: str) -> str:
    return str(value(name))


def value(name: str) -> Any:
    """The value from the environment; or the one set here; or the default. Raises KeyError for an unknown name."""
    return together(name)[0]


def together(*names: str) -> list[Any]:
    """The values of these at one moment, such as an address and the key that belongs to it."""
    known = snapshot().values
    asked = [SETTINGS[name] for name in names]
    return [known[each.name] if each.name in known and not each.given() else each.default() for each in asked]


def snapshot() -> Snapshot:
    if _snapshot is None and not _first_load.open and not _on_event_loop():
        try:
            with transaction.atomic():  # if the table does not exist yet, an outer transaction can go on
                refresh()
        except (DatabaseError, InterfaceError) as error:
            _first_load.trip()
            logger.warning("settings cannot be read, so defaults count: %s", " ".join(str(error).split()))
    return _snapshot or Snapshot()


def refresh() -> None:
    """Read a new snapshot. One query; when the database is away, raises its error and keeps the last snapshot."""
    from .models import StoredSetting  # this module is imported before Django's apps are loaded

    global _snapshot
    with _refreshing:  # otherwise an older read might overwrite a newer one
        rows = list(StoredSetting.objects.values_list("name", "value"))
        before = _snapshot or Snapshot()
        _snapshot = _read(rows)
    for name in _snapshot.unusable - before.unusable:
        logger.warning("%s has a value that cannot be used, so its default counts; set it again", name)


def replace(new: Snapshot | None) -> None:
    """For tests: another snapshot; None: as in a process that has just begun."""
    global _snapshot
    _snapshot = new
    _first_load.reset()


def _read(rows: list[tuple[str, Any]]) -> Snapshot:
    values, unusable = {}, set()
    for name, kept in rows:
        setting = SETTINGS.get(name)
        if setting is None or kept is None:  # a later version may know it
            continue
        try:
            values[name] = read_kept(setting, kept)
        except (ValidationError, secrets.Unreadable):
            unusable.add(name)
    # When the address for which a key was entered cannot be read, the key must not go to the default server instead.
    lost = {name for name in values if unusable.intersection(SETTINGS[name].bound_to)}
    values, unusable = {name: value for name, value in values.items() if name not in lost}, unusable | lost
    return Snapshot(values, frozenset(unusable))


def read_kept(setting: Setting, kept: Any) -> Any:
    """The value in a row. Raises ValidationError or secrets.Unreadable."""
    return setting.kind.clean(secrets.decrypt(kept) if setting.is_secret else kept)


def _on_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
