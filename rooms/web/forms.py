"""What people type into the pages. Whether it may be is decided by the actions that get it."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from accounts.fields import PlainLineField
from accounts.look import TEXT_SIZES

from ..kernel.slugs import MAX_TITLE
from ..models import RoomKind


class FindOrCreateRoomForm(forms.Form):
    """A room to open, or to make."""

    title = PlainLineField(
        label=_("Room name"), max_length=500, strip=True, error_messages={"required": _("Enter a name for the room.")}
    )
    private = forms.BooleanField(label=_("Only invited people can see it"), required=False)

    title.widget.attrs.update(maxlength=MAX_TITLE, autocomplete="off", autocapitalize="off", spellcheck="false")

    @property
    def kind(self) -> str:
        return RoomKind.PRIVATE if self.cleaned_data["private"] else RoomKind.PUBLIC


class NewRoomForm(forms.Form):
    """A room to make, with its topic and the first people."""

    MAX_PEOPLE = 50

    title = PlainLineField(max_length=500, strip=True, error_messages={"required": _("Enter a name for the room.")})
    kind = forms.ChoiceField(choices=[(kind, kind.label) for kind in (RoomKind.PUBLIC, RoomKind.PRIVATE)])
    topic = PlainLineField(max_length=2000, required=False)
    people = PlainLineField(max_length=5000, required=False)

    def clean_people(self) -> list[str]:
        """The names, in order, each once."""
        names = re.split(r"[\s,;]+", self.cleaned_data["people"])
        people = list(dict.fromkeys(name.lstrip("@＠") for name in names if name.lstrip("@＠")))
        if len(people) > self.MAX_PEOPLE:
            raise forms.ValidationError(_("Add at most %(count)s people at once.") % {"count": self.MAX_PEOPLE})
        return people


class PostMessageForm(forms.Form):
    """Beside a message, posted without JavaScript: `id` makes posting it twice the same as once."""

    id = forms.UUIDField(
        required=False, error_messages={"invalid": _("The page was out of date. Send the message again.")}
    )


def _languages() -> list[tuple[str, Any]]:
    """Each is called by its own name."""
    names = [(code, get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES]
    return [("", _("As the browser asks for")), *names]


class LookForm(forms.Form):
    """How pages look."""

    theme = forms.ChoiceField(
        label=_("Theme"),
        choices=[("system", _("System")), ("light", _("Light")), ("dark", _("Dark"))],
        widget=forms.RadioSelect,
    )
    text_size = forms.ChoiceField(
        label=_("Text size"), choices=[(size, f"{size} %") for size in TEXT_SIZES], widget=forms.RadioSelect
    )
    density = forms.ChoiceField(
        label=_("Messages"),
        choices=[("comfortable", _("Comfortable, with pictures")), ("compact", _("Compact, more on the screen"))],
        widget=forms.RadioSelect,
    )
    time_format = forms.ChoiceField(
        label=_("Time"),
        choices=[("", _("As the browser has it")), ("12", _("12 hours (2:05 PM)")), ("24", _("24 hours (14:05)"))],
        required=False,
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(label=_("Language"), choices=_languages, required=False)


class DeleteAccountForm(forms.Form):
    """Whoever deletes their account types its name, so that nobody does it by mistake."""

    messages = forms.ChoiceField(
        label=_("My messages"),
        choices=[("delete", _("Delete my messages")), ("keep", _("Keep my messages, without my name"))],
        initial="delete",
        widget=forms.RadioSelect,
    )
    username = PlainLineField(label=_("Enter your user name to confirm"), max_length=500, strip=True)

    username.widget.attrs.update(autocomplete="off", autocapitalize="off", spellcheck="false")

    def __init__(self, *args, username: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self._expected = username

    def clean_username(self) -> str:
        typed = self.cleaned_data["username"]
        if typed.lstrip("@").lower() != self._expected.lower():
            raise forms.ValidationError(_("This is not your user name."))
        return typed
