"""What is wrong with the server, for every page that staff look at."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.rights import ServerAction, may_on_server

from ..problems import Problem, problems


def problems_context(request: HttpRequest) -> dict:
    """A context processor. Problems are only looked up when a template shows them, and only for staff."""
    return {"server_problems": SimpleLazyObject(lambda: _problems(request))}


def _problems(request: HttpRequest) -> list[Problem]:
    user = getattr(request, "user", None)
    return problems() if user is not None and may_on_server(user, ServerAction.SEE_STATUS) else []
