"""The HTTP API for devices that are sent pushes (docs/protocol.md)."""

from typing import Any

from accounts.device_names import name_of
from accounts.security.authentication import session_digest
from rooms.api.framework import ApiRequest
from rooms.kernel.errors import ChatError
from rooms.kernel.protocol import timestamp

from .models import PushSubscription
from .push import devices, keys


def show_key(request: ApiRequest) -> dict:
    """`{"key"}`: this server's public key, which a browser needs to subscribe."""
    return {"key": keys.public_key()}


def list_devices(request: ApiRequest) -> dict:
    """`{"devices": [{"id", "name", "created", "last_used"}]}`, the one that was used last first."""
    return {"devices": [_serialize(each) for each in devices.devices_of(request.user.pk)]}


def register(request: ApiRequest) -> tuple[dict, int]:
    """The body is what `PushSubscription.toJSON()` returns in a browser, with a name if it has one:
    `{"endpoint", "keys": {"p256dh", "auth"}, "name"?}`. Returns the device, as in `list_devices`.

    Raises ChatError: device_needs_session, push_service_unknown, push_keys_invalid, body_unknown_field, field_not_text.
    """
    session = request.session
    if session is None or not session.session_key:
        raise ChatError("device_needs_session")
    fields = _fields(request.body)
    device = devices.register(
        request.user,
        devices.Browser(
            **fields | {"name": fields["name"] or name_of(request.headers.get("User-Agent", ""))},
            session=session_digest(session.session_key),
            ends=session.get_expiry_date(),
        ),
    )
    return _serialize(device), 201


def remove(request: ApiRequest, device_id: int) -> tuple[None, int]:
    """Raises ChatError: no_such_device."""
    request.text_fields()
    devices.remove(request.user, device_id)
    return None, 204


def send_test(request: ApiRequest, device_id: int) -> tuple[dict, int]:
    """Raises ChatError: no_such_device."""
    request.text_fields()
    devices.send_test(request.user, device_id)
    return {}, 202


def _fields(body: dict[str, Any]) -> dict[str, str]:
    for name in body.keys() - {"endpoint", "keys", "name", "expirationTime"}:
        raise ChatError("body_unknown_field", field=name[:40])
    given = body.get("keys")
    secrets = given if isinstance(given, dict) else {}
    fields = {"endpoint": body.get("endpoint"), "name": body.get("name", "")}
    fields |= {name: secrets.get(name) for name in ("p256dh", "auth")}
    for name, value in fields.items():
        if not isinstance(value, str):
            raise ChatError("field_not_text", field=name)
    return fields


def _serialize(device: PushSubscription) -> dict:
    return {
        "id": device.pk,
        "name": device.name,
        "created": timestamp(device.created),
        "last_used": timestamp(device.last_used),
    }
