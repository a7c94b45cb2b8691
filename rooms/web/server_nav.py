"""The list of the server's own pages, shown beside each of them. Such pages of all apps are listed here."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rights import ServerAction, may_on_server

from .settings_nav import NavLink


@dataclass(frozen=True, slots=True)
class ServerPage:
    """name: of its URL pattern; addresses that begin with its address belong to it. action: the right to see it."""

    name: str
    title: Promise
    action: ServerAction


_SECTIONS: list[tuple[Promise, list[ServerPage]]] = [
    (
        _("Server"),
        [
            ServerPage("server", _("Overview"), ServerAction.SEE_STATUS),
            ServerPage("server_settings", _("Settings"), ServerAction.CHANGE_SETTINGS),
        ],
    ),
    (
        _("People"),
        [
            ServerPage("server_people", _("People"), ServerAction.MANAGE_PEOPLE),
            ServerPage("server_invitations", _("Invitations"), ServerAction.INVITE_TO_SERVER),
            ServerPage("server_timeouts", _("Timeouts"), ServerAction.TIME_OUT),
            ServerPage("server_block_list", _("Blocked words"), ServerAction.BLOCK_WORDS),
        ],
    ),
    (
        _("Operation"),
        [
            ServerPage("server_jobs", _("Jobs"), ServerAction.SEE_STATUS),
            ServerPage("server_mail", _("Mail"), ServerAction.SEE_STATUS),
            ServerPage("server_bots", _("Bots"), ServerAction.MANAGE_BOTS),
            ServerPage("server_storage", _("Storage"), ServerAction.SEE_STATUS),
            ServerPage("server_backups", _("Backups"), ServerAction.SEE_STATUS),
        ],
    ),
    (_("Control"), [ServerPage("audit_log", _("Audit log"), ServerAction.READ_AUDIT_LOG)]),
]


def server_pages(user: User) -> list[ServerPage]:
    """The pages that this person may see, in order."""
    return [page for _title, pages in _SECTIONS for page in pages if may_on_server(user, page.action)]


def server_nav(request: HttpRequest) -> list[tuple[Promise, list[NavLink]]]:
    """The sections with the pages that the reader may see."""
    seen = server_pages(request.user)  # type: ignore[arg-type]  # these pages need a sign-in
    here = _current(request.path, seen)
    sections = []
    for title, pages in _SECTIONS:
        links = [NavLink(page.title, reverse(page.name), page.name == here) for page in pages if page in seen]
        if links:
            sections.append((title, links))
    return sections


def _current(path: str, pages: list[ServerPage]) -> str:
    """The name of the page that this path belongs to: the one with the longest address that the path begins with."""
    fitting = [page.name for page in pages if path.startswith(reverse(page.name))]
    return max(fitting, key=lambda name: len(reverse(name)), default="")
