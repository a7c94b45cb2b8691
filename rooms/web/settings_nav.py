"""The list of all settings pages, shown beside each of them."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.issuers import policy
from accounts.security import second_factor

_SECTIONS: list[tuple[Promise, list[tuple[str, Promise]]]] = [
    (
        _("This program"),
        [
            ("settings", _("Look")),
            ("settings_keys", _("Keys")),
            ("settings_notifications", _("Notifications")),
        ],
    ),
    (
        _("My account"),
        [
            ("profile", _("Profile")),
            ("account_change_password", _("Password")),
            ("mfa_index", _("Passkeys and codes")),
            ("connections", _("Connected accounts")),
            ("devices", _("Devices")),
            ("tokens", _("Tokens")),
            ("account_activity", _("Account activity")),
        ],
    ),
    (
        _("Privacy"),
        [
            ("privacy", _("Privacy")),
            ("my_usage", _("Bots")),
            ("my_data", _("My data")),
        ],
    ),
]
_PART_OF = {"status": "profile", "account_set_password": "account_change_password"}  # pages that are not in the list


@dataclass(frozen=True, slots=True)
class NavLink:
    title: Promise
    address: str
    is_current: bool


def settings_nav(request: HttpRequest) -> list[tuple[Promise, list[NavLink]]]:
    """The sections with their pages."""
    if second_factor.is_late(request.user):  # all other pages redirect to this one
        return [(_("My account"), [NavLink(_("Passkeys and codes"), reverse("mfa_index"), True)])]
    here, hidden = _current(request), set()
    if not policy.may_use_password(request.user):  # type: ignore[arg-type]  # these pages need a sign-in
        hidden.add("account_change_password")
    return [
        (title, [NavLink(text, reverse(name), name == here) for name, text in links if name not in hidden])
        for title, links in _SECTIONS
    ]


def _current(request: HttpRequest) -> str:
    """The name of the page that this path belongs to: the one with the longest address that the path begins with."""
    name = request.resolver_match.url_name if request.resolver_match else ""
    if name in _PART_OF:
        return _PART_OF[name]
    names = [name for _title, links in _SECTIONS for name, _text in links]
    fitting = [name for name in names if request.path.startswith(reverse(name))]
    return max(fitting, key=lambda name: len(reverse(name)), default="")
