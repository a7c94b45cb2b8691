"""Forms of the page of tokens for scripts."""

from typing import cast

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from site_settings import current

from .fields import NameField
from .models import Token
from .scopes import Scope
from .token_changes import max_days
from .token_places import MAX_ROOMS, TokenRoom


class ReplaceTokenForm(forms.Form):
    """How long the old secret still works (token_changes.py)."""

    GRACES = [(0, _("Not at all: it ends now")), (1, _("An hour")), (24, _("A day"))]
    hours = forms.TypedChoiceField(
        label=_("How long does the old one still work?"),
        choices=GRACES,
        coerce=int,
        initial=24,
        widget=forms.RadioSelect,
    )


class TokenForm(forms.ModelForm):
    """cleaned_data: `days` is None for one that never expires; `rooms`: ids, or None for all. rooms: those to choose
    from."""

    PLACES = [
        ("all", _("In all my rooms, direct messages and the inbox")),
        ("some", _("Only in the rooms chosen below")),
    ]

    scope = forms.ChoiceField(label=_("What can it do?"), choices=Scope, widget=forms.RadioSelect, initial=Scope.WRITE)
    where = forms.ChoiceField(
        label=_("Where?"), choices=PLACES, widget=forms.RadioSelect, initial="all", required=False
    )
    rooms = forms.TypedMultipleChoiceField(
        label=_("Rooms"), coerce=int, empty_value=None, widget=forms.CheckboxSelectMultiple, required=False
    )
    days = forms.IntegerField(label=_("How many days is it valid?"), min_value=1, required=False)
    forever = forms.BooleanField(label=_("It never expires"), required=False)

    class Meta:
        model = Token
        fields = ["name"]
        field_classes = {"name": NameField}
        labels = {"name": _("What is it for?")}
        help_texts = {"name": _("For example “backup script”. Only you see it.")}

    def __init__(self, *args, rooms: list[TokenRoom], **kwargs):
        super().__init__(*args, **kwargs)
        if rooms:
            cast(forms.ChoiceField, self.fields["rooms"]).choices = [(room.id, room.title) for room in rooms]
        else:
            del self.fields["where"], self.fields["rooms"]
        most, days = max_days(), self.fields["days"]
        days.initial = min(90, most)
        days.validators.append(MaxValueValidator(most))
        days.widget.attrs["max"] = most
        if current.number("TOKEN_MAX_DAYS"):
            days.help_text = ngettext("At most %(count)s day.", "At most %(count)s days.", most) % {"count": most}
            del self.fields["forever"]

    def clean(self) -> dict:
        super().clean()
        values = self.cleaned_data
        if values.get("forever"):
            values["days"] = None
        elif "days" in values and values["days"] is None:
            self.add_error("days", _("Say for how many days."))
        self._clean_rooms(values)
        return values

    def _clean_rooms(self, values: dict) -> None:
        where = values.get("where") or ("some" if values.get("rooms") else "all")
        if where == "all":
            values["rooms"] = None
            return
        if "rooms" in values and not values["rooms"]:
            self.add_error("rooms", _("Choose at least one room."))
        elif len(values.get("rooms") or ()) > MAX_ROOMS:
            said = ngettext("At most %(count)s room.", "At most %(count)s rooms.", MAX_ROOMS)
            self.add_error("rooms", said % {"count": MAX_ROOMS})
        if values.get("scope") == Scope.FULL:
            self.add_error("scope", _("A token that can do everything is not limited to some rooms."))
