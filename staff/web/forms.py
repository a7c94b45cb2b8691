"""Forms that filter the audit log and the list of people."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.fields import PlainLineField
from accounts.models import User
from accounts.roles import ServerRole
from rooms.models import Room

from ..audit_query import AREAS, AuditQuery
from ..people import PeopleQuery

_AREA_NAMES = {
    "account": _("Accounts"),
    "admin": _("Administration"),
    "emoji": _("Emoji"),
    "group": _("Groups"),
    "log": _("Audit log"),
    "message": _("Messages"),
    "report": _("Reports"),
    "room": _("Rooms"),
    "server": _("Invitations"),
    "setting": _("Settings"),
}
_AREAS = [("", _("Everything")), *((each, _AREA_NAMES[each]) for each in AREAS)]


class AuditFilterForm(forms.Form):
    area = forms.ChoiceField(label=_("About"), required=False, choices=_AREAS)
    who = PlainLineField(label=_("Person"), required=False, max_length=50)
    room = PlainLineField(label=_("Room"), required=False, max_length=80)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def clean_who(self) -> int | None:
        """Their id. Names of deactivated accounts are found, too."""
        name = self.cleaned_data["who"].strip().lstrip("@＠")
        if not name:
            return None
        found = User.objects.filter(username__iexact=name).first()
        if found is None:
            raise forms.ValidationError(_("There is nobody of this name."))
        return found.pk

    def clean_room(self) -> int | None:
        """The id of the room with this address or title."""
        name = self.cleaned_data["room"].strip().lstrip("#")
        if not name:
            return None
        found = Room.objects.filter(name=name).first() or Room.objects.filter(title=name).first()
        if found is None:
            raise forms.ValidationError(_("There is no room of this name."))
        return found.pk

    def query(self) -> AuditQuery:
        data = self.cleaned_data
        return AuditQuery(
            area=data["area"],
            about=data["who"],
            room=data["room"],
            since=data["since"],
            until=data["until"],
            zone=timezone.get_current_timezone(),
        )


_ANY = ("", _("Any"))


class PeopleFilterForm(forms.Form):
    q = PlainLineField(label=_("Name or address"), required=False, max_length=254)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[_ANY, *ServerRole.choices])
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[_ANY, ("active", _("active")), ("deactivated", _("deactivated"))]
    )
    factor = forms.ChoiceField(
        label=_("Two-factor authentication"), required=False,
        choices=[_ANY, ("yes", _("yes")), ("no", _("no")), ("lacking", _("required, but off"))],
    )  # fmt: skip
    unseen = forms.TypedChoiceField(
        label=_("Not here for"), required=False, coerce=int, empty_value=None,
        choices=[_ANY, (30, _("30 days")), (90, _("90 days")), (365, _("a year"))],
    )  # fmt: skip

    def query(self) -> PeopleQuery:
        data = self.cleaned_data
        return PeopleQuery(data["q"].strip(), data["role"], data["state"], data["factor"], data["unseen"])
