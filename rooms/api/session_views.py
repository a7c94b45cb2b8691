"""The caller's sessions over HTTP; see docs/protocol.md."""

from accounts.security import sessions

from ..kernel.errors import ChatError
from ..kernel.protocol import timestamp
from .framework import ApiRequest


def list_sessions(request: ApiRequest) -> dict:
    """`{"sessions": [{"id", "name", "network", "created", "last_used", "here", "push"}]}`: here first, then by use."""
    found = sessions.devices_of(request.user, request.session.session_key if request.session else None)
    return {"sessions": [_serialize(each) for each in found]}


def end_session(request: ApiRequest, session_id: int) -> tuple[dict, int]:
    """Raises ChatError: no_such_session."""
    if not sessions.end(request.user, session_id):
        raise ChatError("no_such_session")
    return {}, 204


def end_other_sessions(request: ApiRequest) -> dict:
    """End all sessions but the caller's own; with a token, all. Returns `{"ended": <count>}`."""
    return {"ended": sessions.end_others(request.user, request.session.session_key if request.session else None)}


def _serialize(device: sessions.Device) -> dict:
    return {
        "id": device.id,
        "name": device.name,
        "network": device.network,
        "created": timestamp(device.created) if device.created else None,
        "last_used": timestamp(device.last_used),
        "here": device.is_here,
        "push": device.has_push,
    }
