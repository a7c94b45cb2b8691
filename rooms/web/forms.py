"""The forms of the pages. Rights are checked by the services that get the values, not here."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from accounts.fields import PlainLineField
from accounts.look import TEXT_SIZES
from accounts.roles import ServerRole

from ..kernel.slugs import MAX_TITLE
from ..models import Room, RoomKind


class FindOrCreateRoomForm(forms.Form):
    """A room to open, or to create."""

    title = PlainLineField(
        label=_("Room name"), max_length=500, strip=True, error_messages={"required": _("Enter a name for the room.")}
    )
    private = forms.BooleanField(label=_("Only invited people can see it"), required=False)

    title.widget.attrs.update(maxlength=MAX_TITLE, autocomplete="off", autocapitalize="off", spellcheck="false")

    @property
    def kind(self) -> str:
        return RoomKind.PRIVATE if self.cleaned_data["private"] else RoomKind.PUBLIC


class NewRoomForm(forms.Form):
    """A room to create, with its topic and the first people."""

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
    """Beside a message that is posted without JavaScript. With `id`, posting it again has no effect."""

    id = forms.UUIDField(
        required=False, error_messages={"invalid": _("The page was out of date. Send the message again.")}
    )


def _languages() -> list[tuple[str, Any]]:
    """Each language is named in that language."""
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


def _mail_languages() -> list[tuple[str, str]]:
    return [(code, get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES]


class ServerInvitationForm(forms.Form):
    """A new invitation to the server. Its fields are those of `server_invitations.create`, and two to mail it."""

    role = forms.ChoiceField(label=_("They become"), widget=forms.RadioSelect, initial=ServerRole.MEMBER)
    rooms = forms.MultipleChoiceField(
        label=_("Rooms that they join"), widget=forms.CheckboxSelectMultiple, required=False
    )
    uses = forms.TypedChoiceField(
        label=_("Max uses"),
        choices=[("1", _("one person")), ("10", _("10 people")), ("100", _("100 people")), ("", _("any number"))],
        coerce=int,
        empty_value=None,
        required=False,
        initial="1",
    )
    days = forms.TypedChoiceField(
        label=_("Valid for"),
        choices=[("1", _("one day")), ("7", _("7 days")), ("30", _("30 days")), ("90", _("90 days"))],
        coerce=int,
        initial="7",
    )
    domain = PlainLineField(
        label=_("Only for addresses at (optional)"),
        max_length=300,
        required=False,
        strip=True,
        help_text=_("A domain such as example.org. With a mail server, people confirm their address first."),
    )
    note = PlainLineField(label=_("Note (optional)"), max_length=200, required=False, help_text=_("Only staff see it."))

    domain.widget.attrs.update(autocomplete="off", autocapitalize="off", spellcheck="false")
    note.widget.attrs.update(autocomplete="off")

    addresses = forms.CharField(
        label=_("Send by e-mail (optional)"),
        max_length=6000,
        required=False,
        help_text=_("Up to 20 addresses. Each gets a link of its own, for one person."),
        widget=forms.Textarea(attrs={"rows": 2, "autocapitalize": "off", "spellcheck": "false"}),
    )
    language = forms.ChoiceField(label=_("Language of the e-mail"), choices=_mail_languages, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not settings.EMAIL_HOST:
            del self.fields["addresses"], self.fields["language"]

    def clean_addresses(self) -> list[str]:
        return [each for each in re.split(r"[\s,;]+", self.cleaned_data["addresses"]) if each]

    def offer(self, rooms: Iterable[Room]) -> None:
        """Offer rooms of the person who invites."""
        choices = [(room.name, room.title) for room in rooms]
        self.fields["rooms"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["rooms"]

    def offer_roles(self, admin: bool) -> None:
        offered = [ServerRole.MEMBER, ServerRole.MODERATOR, *([ServerRole.ADMIN] if admin else [])]
        self.fields["role"].choices = [(role.value, role.label) for role in offered]  # type: ignore[attr-defined]


class DeleteAccountForm(forms.Form):
    """People type their user name to delete their account, so that nobody deletes it by mistake."""

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
