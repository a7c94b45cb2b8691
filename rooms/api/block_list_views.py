"""The API of blocked words and links: of a room for its moderators, of the server for staff."""

from ..models import BlockList
from ..services import block_list_changes
from .framework import ApiRequest


def show(request: ApiRequest, name: str) -> dict:
    """`{"words": [text, …], "links": [host, …]}` of a room."""
    return _serialize(block_list_changes.list_of(request.user, name))


def change(request: ApiRequest, name: str) -> dict:
    """Takes and returns the same; what is absent stays."""
    found = block_list_changes.list_of(request.user, name)  # before any word about the body
    return _serialize(block_list_changes.set_list(request.user, name, *_wanted(request, found)))


def show_server(request: ApiRequest) -> dict:
    """That of the whole server."""
    return _serialize(block_list_changes.list_of_server(request.user))


def change_server(request: ApiRequest) -> dict:
    """As `change`."""
    found = block_list_changes.list_of_server(request.user)
    return _serialize(block_list_changes.set_list_of_server(request.user, *_wanted(request, found)))


def _wanted(request: ApiRequest, found: BlockList) -> tuple[list[str], list[str]]:
    fields = request.optional_fields(words=list, links=list)
    return fields.get("words", found.phrases), fields.get("links", found.hosts)


def _serialize(found: BlockList) -> dict:
    return {"words": found.phrases, "links": found.hosts}
