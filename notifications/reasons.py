"""Why a device is refused. Registered in the catalogue of rooms (rooms/kernel/reasons.py)."""

from django.utils.translation import gettext_lazy as _

from rooms.kernel.reasons import register

register("not_found", no_such_device=_("This device is not registered."))
register("forbidden", device_needs_session=_("Only a browser that is signed in can be registered."))
register(
    "invalid",
    push_service_unknown=_("This server does not know the push service of this browser."),
    push_keys_invalid=_("The keys of this browser cannot be used."),
)
