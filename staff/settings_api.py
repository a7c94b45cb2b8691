"""The settings of the server over HTTP, for programs of staff (docs/protocol.md)."""

from typing import Any

from django.core.exceptions import ValidationError

from accounts.rights import ServerAction, may_on_server
from rooms.api.framework import ApiRequest
from rooms.kernel.errors import ChatError
from rooms.kernel.protocol import timestamp
from site_settings import changes

from .setting_lines import SettingLine, setting_lines


def list_settings(request: ApiRequest) -> dict:
    """`{"settings": [{"name", "value", "source", "variable"?, "changed"?, "by"?}, …]}`. source: environment, here or
    default. Of a secret, value is whether there is one. Raises ChatError: not_staff."""
    _check_staff(request)
    return {"settings": [_serialize(each) for each in setting_lines()]}


def change_settings(request: ApiRequest) -> dict:
    """Takes `{name: value, …}`; null resets a setting. Changes all of them or none. Returns all settings.

    Raises ChatError: not_staff, setting_needs_token, setting_refused.
    """
    _check_staff(request)
    if request.session is not None:  # a session must confirm its password, which only the page asks for
        raise ChatError("setting_needs_token")
    try:
        changes.change(request.user.pk, request.body)
    except ValidationError as error:
        name, problems = next(iter(error.message_dict.items()))
        raise ChatError("setting_refused", setting=name[:60], problem=" ".join(problems)) from None
    return list_settings(request)


def _check_staff(request: ApiRequest) -> None:
    if not may_on_server(request.user, ServerAction.CHANGE_SETTINGS):
        raise ChatError("not_staff")


def _serialize(line: SettingLine) -> dict[str, Any]:
    found: dict[str, Any] = {"name": line.setting.name, "value": line.value, "source": line.source}
    if line.variable:
        found["variable"] = line.variable
    if line.changed:
        found["changed"] = timestamp(line.changed)
        found["by"] = line.by.pk if line.by else None
    return found
