"""Handles the forms that block people and save privacy settings: on a person's page and on the privacy page."""

from django.contrib import messages
from django.utils.translation import gettext as _

from ..kernel import rate_limits
from ..kernel.errors import ChatError
from ..services import blocks, contact_permissions


def handle_contact_form(request, username: str) -> None:
    """`do` names the action. The next page shows the result."""
    action = _ACTIONS.get(request.POST.get("do"))
    if action is None:
        return
    try:
        rate_limits.check_post(request.user.id)
        messages.success(request, action(request, username))
    except ChatError as error:
        messages.error(request, error.message)


def _block(request, username: str) -> str:
    return _("You blocked %(name)s.") % {"name": blocks.block(request.user, username).username}


def _unblock(request, username: str) -> str:
    return _("%(name)s is no longer blocked.") % {"name": blocks.unblock(request.user, username).username}


def _save_settings(request, _username: str) -> str:
    chosen = {name: request.POST.get(name) == "on" for name in contact_permissions.SETTINGS}
    contact_permissions.save_settings(request.user.id, **chosen)
    return _("Saved.")


_ACTIONS = {"block": _block, "unblock": _unblock, "settings": _save_settings}
