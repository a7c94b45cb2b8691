"""The settings that staff can change, each with its value and where that comes from: for the pages and the API."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from accounts.models import User
from site_settings import current, secrets
from site_settings.catalogue import SETTINGS, Setting
from site_settings.kinds import Choice, Flag
from site_settings.models import StoredSetting

ENVIRONMENT, HERE, DEFAULT = "environment", "here", "default"


@dataclass(frozen=True, slots=True)
class SettingLine:
    setting: Setting
    source: str  # ENVIRONMENT, HERE or DEFAULT
    value: Any  # of a secret: whether there is one
    version: int
    variable: str = ""  # the environment variable that decides it
    changed: datetime | None = None  # when it was last changed or reset here
    by: User | None = None  # None: an account that is gone, or a command
    unusable: bool = False  # what was set here cannot be used, so the default counts

    @property
    def is_flag(self) -> bool:
        return isinstance(self.setting.kind, Flag)

    @property
    def shown(self) -> str:
        """The value as people read it. Not for flags and secrets, whose value is a bool."""
        kind = self.setting.kind
        return str(kind.options.get(self.value, self.value)) if isinstance(kind, Choice) else str(self.value)


def setting_lines() -> list[SettingLine]:
    """All of them, in the order of the catalogue, from the database. Two queries."""
    rows = {row.name: row for row in StoredSetting.objects.filter(name__in=SETTINGS)}
    people = User.objects.in_bulk({row.changed_by for row in rows.values() if row.changed_by is not None})
    return [_line(setting, rows.get(name), people) for name, setting in SETTINGS.items()]


def _line(setting: Setting, row: StoredSetting | None, people: Mapping[int, User]) -> SettingLine:
    variable, unusable, value, source = setting.given(), False, setting.default(), DEFAULT
    if variable:
        source = ENVIRONMENT
    elif row is not None and row.value is not None:
        try:
            value, source = current.read_kept(setting, row.value), HERE
        except (ValidationError, secrets.Unreadable):
            unusable = True
    return SettingLine(
        setting,
        source,
        bool(value) if setting.is_secret else value,
        version=row.version if row else 0,
        variable=variable,
        changed=row.changed if row and row.version else None,
        by=people.get(row.changed_by) if row and row.changed_by is not None else None,
        unusable=unusable,
    )
