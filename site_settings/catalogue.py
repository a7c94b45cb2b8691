"""The settings that staff can change while the server runs, each with what it may be.

What is not here is decided by the environment alone: a process reads it when it starts, and some of it would lock out
whoever gets it wrong.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .kinds import Flag, Kind, Number, Secret, Text


@dataclass(frozen=True)
class Setting:
    name: str  # the variable of the environment that decides it, too
    group: str  # a key of GROUPS
    kind: Kind
    label: Promise
    help: Promise | str = ""
    # Variables of which any one decides it; by default its name.
    variables: tuple[str, ...] = ()
    # What counts where nobody has set it here; by default the attribute of django.conf.settings with its name.
    read: Callable[[], Any] | None = None
    # Of a secret: when one of these changes, it has to be entered again, so that nobody can have it sent elsewhere.
    bound_to: tuple[str, ...] = ()

    @property
    def is_secret(self) -> bool:
        return isinstance(self.kind, Secret)

    def default(self) -> Any:
        """From the environment, or as the program comes."""
        return self.read() if self.read else getattr(settings, self.name)

    def given(self) -> str:
        """The variable of the environment that decides it; empty: none does."""
        return next((each for each in self.variables or (self.name,) if each in settings.SET_IN_ENVIRONMENT), "")


GROUPS: dict[str, Promise] = {
    "server": _("Name and look"),
    "sign-up": _("Sign-up"),
    "files": _("Files"),
    "rooms": _("Rooms"),
}
_ALL = (
    Setting(
        "SERVER_NAME",
        "server",
        Text(longest=40, required=True),
        _("Name of this server"),
        _("Above the sidebar, in the titles of pages, in e-mails, and as the name of the app."),
    ),
    Setting(
        "OPEN_SIGNUP",
        "sign-up",
        Flag(),
        _("Anyone may sign up"),
        _("Otherwise only people with an invitation to this server can create an account."),
    ),
    Setting("MAX_UPLOAD_MB", "files", Number(1, 100_000), _("Largest file, in MB")),
    Setting(
        "ROOM_DELETION_DAYS",
        "rooms",
        Number(0, 3650),
        _("Days in which a deleted room can be restored"),
        _("Then its messages and files are deleted for good."),
    ),
)
SETTINGS: dict[str, Setting] = {each.name: each for each in _ALL}


def of_group(group: str) -> list[Setting]:
    """In the order of the page."""
    return [each for each in SETTINGS.values() if each.group == group]
