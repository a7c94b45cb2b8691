"""The settings that staff can change while the server runs, each with its allowed values.

The environment alone decides all other settings: a process reads them when it starts, and a mistake in some of them
would lock staff out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import model_rules
from .kinds import Choice, Flag, Kind, Number, Secret, Text


@dataclass(frozen=True)
class Setting:
    name: str  # also of the environment variable that decides it
    group: str  # a key of GROUPS
    kind: Kind
    label: Promise
    help: Promise | str = ""
    # Environment variables, each of which decides it; by default its name.
    variables: tuple[str, ...] = ()
    # Reads its default; without this, the default is the attribute of django.conf.settings with its name.
    read: Callable[[], Any] | None = None
    # For a secret: when one of these changes, it must be entered again, so that nobody can have it sent elsewhere.
    bound_to: tuple[str, ...] = ()

    @property
    def is_secret(self) -> bool:
        return isinstance(self.kind, Secret)

    def default(self) -> Any:
        """The value from the environment, or the built-in one."""
        return self.read() if self.read else getattr(settings, self.name)

    def given(self) -> str:
        """The environment variable that decides it; empty: none does."""
        return next((each for each in self.variables or (self.name,) if each in settings.SET_IN_ENVIRONMENT), "")


GROUPS: dict[str, Promise] = {
    "server": _("Name and look"),
    "sign-up": _("Sign-up"),
    "model": _("Language model"),
    "security": _("Security"),
    "rooms": _("Rooms and people"),
    "files": _("Files"),
    "notifications": _("E-mails and notifications"),
    "bots": _("Bots"),
}
_NO_LIMIT = _("0: no limit.")
# If the environment sets either of these, it decides both, so that its key is sent to no other server.
_MODEL_SERVER = ("OPENAI_BASE_URL", "OPENAI_API_KEY")
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
    Setting(
        "SECOND_FACTOR",
        "security",
        Choice({"nobody": _("Nobody"), "staff": _("Staff"), "all": _("Everyone")}),
        _("Who needs two-factor authentication"),
    ),
    Setting(
        "SECOND_FACTOR_GRACE",
        "security",
        Number(0, 365),
        _("Days in which to set up two-factor authentication"),
        _("They begin when somebody first needs one. Afterwards nothing else can be done until it is set up."),
    ),
    Setting(
        "TOKEN_MAX_DAYS",
        "security",
        Number(0, 36_500),
        _("Days after which tokens for scripts expire at the latest"),
        _("This counts for tokens that are made from now on. 0: they need not expire."),
    ),
    Setting(
        "REPORT_DAYS",
        "security",
        Number(0, 36_500),
        _("Days for which decided reports are kept"),
        _("With what was kept as evidence. 0: for good."),
    ),
    Setting(
        "ROOM_CREATORS",
        "rooms",
        Choice({"members": _("All members"), "moderators": _("Moderators of the server and staff")}),
        _("Who may create rooms"),
    ),
    Setting(
        "ROOM_DELETION_DAYS",
        "rooms",
        Number(0, 3650),
        _("Days in which a deleted room can be restored"),
        _("Then its messages and files are deleted for good."),
    ),
    Setting("MAX_INVITATIONS_PER_DAY", "rooms", Number(1), _("Invitations to rooms, for each person and day")),
    Setting(
        "MAX_NEW_DIRECT_PER_DAY", "rooms", Number(1), _("New direct messages with others, for each person and day")
    ),
    Setting("MAX_UPLOAD_MB", "files", Number(1, 100_000), _("Largest file, in MB")),
    Setting("FILES_QUOTA_PERSON_MB", "files", Number(0), _("Space for the files of a person, in MB"), _NO_LIMIT),
    Setting("FILES_QUOTA_ROOM_MB", "files", Number(0), _("Space for the files of a room, in MB"), _NO_LIMIT),
    Setting(
        "FILES_KEPT_DAYS",
        "files",
        Number(0, 36_500),
        _("Days after which files are removed"),
        _("A room can remove them earlier. 0: only rooms decide."),
    ),
    Setting(
        "MAIL_CONTENT",
        "notifications",
        Flag(),
        _("E-mails say who wrote what"),
        _("Otherwise they only say that there is something new."),
    ),
    Setting("MAILS_PER_DAY", "notifications", Number(1, 1000), _("E-mails about messages, for each person and day")),
    Setting(
        "PUSH_CONTENT",
        "notifications",
        Flag(),
        _("Notifications on devices say who wrote what"),
        _("Otherwise they only say that there is something new."),
    ),
    Setting("PUSH_PER_HOUR", "notifications", Number(1, 1000), _("Notifications on devices, for each person and hour")),
    Setting("BOT_DAILY_TOKENS", "bots", Number(0), _("Tokens of all bots together, for each day"), _NO_LIMIT),
    Setting("BOT_MONTHLY_TOKENS", "bots", Number(0), _("Tokens of all bots together, for each month"), _NO_LIMIT),
    Setting(
        "OPENAI_BASE_URL",
        "model",
        Text(longest=300, check=model_rules.check_url),
        _("Address of the model server"),
        _("Such as http://127.0.0.1:11434/v1. Empty: OpenAI, if there is a key; otherwise the bot answers by rules."),
        variables=_MODEL_SERVER,
    ),
    Setting(
        "OPENAI_API_KEY",
        "model",
        Secret(),
        _("Key of the model server"),
        variables=_MODEL_SERVER,
        bound_to=("OPENAI_BASE_URL",),
    ),
    Setting("OPENAI_MODEL", "model", Text(longest=200, required=True), _("Name of the model")),
    Setting(
        "OPENAI_API",
        "model",
        Choice({"responses": "Responses", "chat": "Chat Completions"}),
        _("API of the model server"),
        _("Most servers other than OpenAI's only know Chat Completions."),
    ),
)
SETTINGS: dict[str, Setting] = {each.name: each for each in _ALL}


def of_group(group: str) -> list[Setting]:
    """The settings of a group, in the order of the page."""
    return [each for each in SETTINGS.values() if each.group == group]
