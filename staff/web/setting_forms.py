"""A form for one group of settings, made from the catalogue."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from site_settings.kinds import Choice, Flag, Kind, Number, Secret, Text

from ..setting_lines import ENVIRONMENT, HERE, SettingLine


class SettingsForm(forms.Form):
    """Only values that differ from the current ones are changed. seen_NAME: the version of the value that was shown."""

    def __init__(self, lines: list[SettingLine], data: Any = None):
        self.lines = [each for each in lines if each.source != ENVIRONMENT]
        super().__init__(data)
        for line in self.lines:
            name, field = line.setting.name, _field(line.setting.kind)
            field.label, field.help_text = str(line.setting.label), _help(line)
            field.initial = "" if line.setting.is_secret else line.value
            self.fields[name] = field

    def seen(self) -> list[tuple[str, int]]:
        """Names and values of the hidden fields: the versions shown."""
        return [(f"seen_{each.setting.name}", each.version) for each in self.lines]

    def can_reset(self) -> list[SettingLine]:
        return [each for each in self.lines if each.source == HERE or each.unusable]

    def changes(self) -> dict[str, Any]:
        """Name → value of what was changed. A secret whose field is empty stays as it is."""
        secrets = {each.setting.name for each in self.lines if each.setting.is_secret}
        data = {name: self.cleaned_data[name] for name in self.changed_data if name in self.cleaned_data}
        return {name: value for name, value in data.items() if value != "" or name not in secrets}

    def versions(self) -> dict[str, int]:
        """Name → version that was shown, where the form says so."""
        found = {each.setting.name: self.data.get(f"seen_{each.setting.name}", "") for each in self.lines}
        return {name: int(text) for name, text in found.items() if text.isascii() and text.isdigit() and len(text) < 10}


def _field(kind: Kind) -> forms.Field:
    match kind:
        case Flag():
            return forms.BooleanField(required=False)
        case Number():
            return forms.IntegerField(min_value=kind.low, max_value=kind.high)
        case Choice():
            return forms.ChoiceField(choices=list(kind.options.items()))
        case Secret():
            widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
            return forms.CharField(required=False, max_length=kind.longest, widget=widget)
        case Text():
            return forms.CharField(required=kind.required, max_length=kind.longest)
    raise TypeError(f"{kind} has no field")


def _help(line: SettingLine) -> str:
    words = [str(line.setting.help)] if line.setting.help else []
    if line.unusable:
        words.append(_("What was set here cannot be used any more. Set it again."))
    elif line.setting.is_secret:
        words.append(str(_KEPT if line.value else _NONE))
    return " ".join(words)


_KEPT = gettext_lazy("One is set. Leave this empty to keep it.")
_NONE = gettext_lazy("None is set.")
