"""Rules for user names, which appear in mentions (`@name`) and in URLs."""

import re
import unicodedata
from collections.abc import Iterable

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

USERNAME_MAX = 32
# A name begins and ends with a letter, digit or `_`, so that "ask @ann." mentions ann.
USERNAME_PATTERN = r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,30}[A-Za-z0-9_])?"

username_validators = [
    RegexValidator(
        rf"^{USERNAME_PATTERN}\Z",
        _("Use up to 32 letters, digits, “_”, “.” or “-”, beginning and ending with a letter, digit or “_”."),
    )
]

# Names that seem to speak for the server, the program or a group. Only administrators can give them to somebody.
RESERVED_USERNAMES = frozenset(
    """
    admin admins administrator administrators root superuser sysadmin operator owner
    moderator moderators mod mods staff team official
    support help helpdesk service security abuse contact info
    postmaster hostmaster webmaster mailerdaemon noreply
    roundtable system server bot bots
    all everyone everybody here channel room online
    anonymous guest nobody somebody unknown deleted none null undefined me you
    """.split()  # noqa: SIM905
)


def is_reserved(name: str, bots: Iterable[str] = ()) -> bool:
    """Whether signing up with this name is forbidden: it looks like one of RESERVED_USERNAMES or a bot's name.

    bots: the names of all bots.
    """
    return not _possible_readings(name).isdisjoint(RESERVED_USERNAMES | {skeleton(bot) for bot in bots})


def skeleton(name: str) -> str:
    """The same text for names that look alike: "admin" for "Admin_", "a.d.m.i.n" and the full-width "ａｄｍｉｎ"."""
    return re.sub(r"[_.\-\s]", "", unicodedata.normalize("NFKC", name).casefold())


def _possible_readings(name: str) -> set[str]:
    """The skeleton of a name, also with digits replaced by the letters they look like: "adm1n" reads as "admin" and
    "admln". Letters are not replaced: "ali" is not "all"."""
    plain = skeleton(name)
    letters = plain.translate(_LOOKALIKE_DIGITS)
    return {plain, letters.replace("1", "i"), letters.replace("1", "l")}


_LOOKALIKE_DIGITS = str.maketrans("03457", "oeast")


def canonical_username(name: str) -> str:
    """The same text for all spellings of one account's name, as a key for counters.

    PostgreSQL compares names in upper case, where "ı" is "I" and "ſ" is "S", so all these spellings find one account.
    """
    return name.strip().upper().lower()
