"""The HTTP API of the audit log, for programs that keep it elsewhere (docs/protocol.md)."""

from accounts.rights import ServerAction, may_on_server
from audit.models import Entry
from rooms.api.framework import ApiRequest
from rooms.kernel.errors import ChatError
from rooms.kernel.protocol import timestamp

PAGE = 500  # entries


def list_entries(request: ApiRequest) -> dict:
    """?after=: the id of the last entry that is known. Returns the next ones, the oldest first:
    `{"entries": [{"id", "time", "act", "actor", "person", "room", "params"}], "more": bool}`, with ids of accounts and
    rooms.

    An entry may appear after one with a higher id that was committed first, within the time of a transaction.
    Raises ChatError: not_staff, parameter_not_number.
    """
    if not may_on_server(request.user, ServerAction.READ_AUDIT_LOG):
        raise ChatError("not_staff")
    after = request.int_parameter("after") or 0
    found = list(Entry.objects.filter(pk__gt=after).order_by("pk")[: PAGE + 1])
    return {"entries": [_serialize(each) for each in found[:PAGE]], "more": len(found) > PAGE}


def _serialize(entry: Entry) -> dict:
    ids = {"actor": entry.actor, "person": entry.person, "room": entry.room}
    return {"id": entry.pk, "time": timestamp(entry.made), "act": entry.act, **ids, "params": entry.params}
