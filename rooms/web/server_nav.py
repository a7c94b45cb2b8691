"""The list of the server's own pages, which stands beside each of them. A page of any app has a line here."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import ServerRole

from .settings_nav import NavLink

STAFF = frozenset({ServerRole.OWNER, ServerRole.ADMIN})
MODERATORS = STAFF | {ServerRole.MODERATOR}


@dataclass(frozen=True, slots=True)
class ServerPage:
    """name: of its address; those that begin with its address are parts of it. roles: who may see it."""

    name: str
    title: Promise
    roles: frozenset[ServerRole] = STAFF


_SECTIONS: list[tuple[Promise, list[ServerPage]]] = [
    (_("People"), [ServerPage("server_invitations", _("Invitations"))]),
    (_("Server"), [ServerPage("audit_log", _("Audit log"))]),
]


def server_pages(user: User) -> list[ServerPage]:
    """Those that this person may see, in their order."""
    return [page for _title, pages in _SECTIONS for page in pages if user.role in page.roles]


def server_nav(request: HttpRequest) -> list[tuple[Promise, list[NavLink]]]:
    """The sections with the pages that the reader may see."""
    seen = server_pages(request.user)  # type: ignore[arg-type]  # who reads a page of the server has signed in
    here = _current(request.path, seen)
    sections = []
    for title, pages in _SECTIONS:
        links = [NavLink(page.title, reverse(page.name), page.name == here) for page in pages if page in seen]
        if links:
            sections.append((title, links))
    return sections


def _current(path: str, pages: list[ServerPage]) -> str:
    """The page that is shown, or a part of: the one with the longest address that this one begins with."""
    fitting = [page.name for page in pages if path.startswith(reverse(page.name))]
    return max(fitting, key=lambda name: len(reverse(name)), default="")
