"""The one place that changes settings, each with an entry of the audit log in the same transaction."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.recording import record

from . import current, secrets
from .catalogue import SETTINGS, Setting
from .models import StoredSetting

MAX_RECORDED = 200  # characters of a value in the audit log


def change(actor: int | None, values: Mapping[str, Any], seen: Mapping[str, int] | None = None) -> list[str]:
    """Change all of these settings or none. Returns the names of those that are different now.

    actor: the id of an account; None: a command. values: by name; None: the default counts again. seen: the versions
    that the person was shown, by name; 0 for a setting that nobody has changed. Raises ValidationError with a
    dict of names and errors, of which each has a code: unknown, by_environment, changed_meanwhile, secret_needed, or
    invalid.
    """
    cleaned = _checked(values)
    with transaction.atomic():
        rows = _locked(cleaned)
        _check_seen(rows, seen or {})
        changed = [name for name, new in cleaned.items() if _differs(SETTINGS[name], rows[name].value, new)]
        _check_secrets(changed, cleaned)
        for name in changed:
            _store(rows[name], SETTINGS[name], cleaned[name], actor)
        if changed:
            transaction.on_commit(partial(current.refresh), robust=True)
    return changed


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are kept, in the order in which their rows are locked."""
    found, errors = {}, {}
    for name in sorted(values):
        try:
            found[name] = _clean(name, values[name])
        except ValidationError as error:
            errors[name] = error
    _refuse(errors)
    return found


def _clean(name: str, value: Any) -> Any:
    setting = SETTINGS.get(name)
    if setting is None:
        raise ValidationError(_("There is no such setting."), code="unknown")
    if variable := setting.given():
        raise ValidationError(_("The environment decides this: %(name)s.") % {"name": variable}, code="by_environment")
    return None if value is None else setting.kind.clean(value)


def _locked(names: Mapping[str, Any]) -> dict[str, StoredSetting]:
    for name in names:
        StoredSetting.objects.get_or_create(name=name)
    rows = StoredSetting.objects.select_for_update().filter(name__in=list(names)).order_by("name")
    return {row.name: row for row in rows}


def _check_seen(rows: Mapping[str, StoredSetting], seen: Mapping[str, int]) -> None:
    text = _("Somebody else has changed this meanwhile, to “%(value)s”.")
    late = {name: row for name, row in rows.items() if seen.get(name, row.version) != row.version}
    told = {name: text % {"value": _told(SETTINGS[name], row.value)} for name, row in late.items()}
    _refuse({name: ValidationError(words, code="changed_meanwhile") for name, words in told.items()})


def _differs(setting: Setting, kept: Any, new: Any) -> bool:
    if kept is None or new is None:
        return kept is not new
    try:
        return bool(current.read_kept(setting, kept) != new)
    except (ValidationError, secrets.Unreadable):
        return True


def _check_secrets(changed: list[str], given: Mapping[str, Any]) -> None:
    """Refuse a change that would send a kept secret to another server than that for which it was entered."""
    text = _("Enter this again: it was for another server.")
    kept = set(StoredSetting.objects.filter(value__isnull=False).values_list("name", flat=True))
    needed = [
        setting.name
        for setting in SETTINGS.values()
        if setting.name in kept and setting.name not in given and set(setting.bound_to) & set(changed)
    ]
    _refuse({name: ValidationError(text, code="secret_needed") for name in needed})


def _store(row: StoredSetting, setting: Setting, value: Any, actor: int | None) -> None:
    before = _told(setting, row.value)
    row.value = secrets.encrypt(value) if setting.is_secret and value is not None else value
    row.version, row.changed, row.changed_by = row.version + 1, timezone.now(), actor
    row.save(update_fields=["value", "version", "changed", "changed_by"])
    if setting.is_secret:
        record("setting.secret_changed", actor=actor, setting=setting.name)
    elif value is None:
        record("setting.reset", actor=actor, setting=setting.name, before=before)
    else:
        record("setting.changed", actor=actor, setting=setting.name, before=before, after=_told(setting, row.value))


def _told(setting: Setting, kept: Any) -> str:
    """The value as text, for the audit log and for errors. Empty for a secret."""
    if setting.is_secret:
        return ""
    try:
        value = setting.default() if kept is None else current.read_kept(setting, kept)
    except ValidationError:
        value = kept
    return setting.kind.text(value)[:MAX_RECORDED]


def _refuse(errors: dict[str, ValidationError]) -> None:
    if errors:
        raise ValidationError({name: [_with_code(error)] for name, error in errors.items()})


def _with_code(error: ValidationError) -> ValidationError:
    return ValidationError(" ".join(error.messages), code=getattr(error, "code", None) or "invalid")
