"""What a user name may be: it is mentioned as `@name` and stands in addresses."""

import re
import unicodedata
from collections.abc import Iterable

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

USERNAME_MAX = 32
# Starts and ends with a letter, digit or `_`, so that "ask @ann." mentions ann.
USERNAME_PATTERN = r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,30}[A-Za-z0-9_])?"

username_validators = [
    RegexValidator(
        rf"^{USERNAME_PATTERN}\Z",
        _("Use up to 32 letters, digits, “_”, “.” or “-”, beginning and ending with a letter, digit or “_”."),
    )
]

# Nobody signs up under a name that seems to speak for the server, the program or a group. Administrators can give them.
RESERVED = frozenset(
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
    """Whether a stranger may not have this name: one of RESERVED, or a bot's, however it is spelled.

    bots: the names of the bots there are.
    """
    return not _readings(name).isdisjoint(RESERVED | {skeleton(bot) for bot in bots})


def skeleton(name: str) -> str:
    """What names that look alike have in common: "Admin_", "a.d.m.i.n" and the full-width "ａｄｍｉｎ" are "admin"."""
    return re.sub(r"[_.\-\s]", "", unicodedata.normalize("NFKC", name).casefold())


def _readings(name: str) -> set[str]:
    """The skeleton of a name as it is, and with letters for the digits that look like them: "adm1n" reads as "admin"
    and "admln". Letters stand for themselves: "ali" is not "all"."""
    plain = skeleton(name)
    letters = plain.translate(_DIGITS)
    return {plain, letters.replace("1", "i"), letters.replace("1", "l")}


_DIGITS = str.maketrans("03457", "oeast")


def same_account(name: str) -> str:
    """What all ways to write one account's name have in common, to count by.

    PostgreSQL compares in capitals, where "ı" is an "I" and "ſ" an "S": each of them finds the same account.
    """
    return name.strip().upper().lower()
