"""Where passkeys of this server work."""

from django import template
from django.conf import settings

from accounts.security.passkeys import relying_party

register = template.Library()


@register.simple_tag
def passkey_site() -> dict[str, str]:
    """{"host", "site"}: the name that keys are made for, empty where there are none; the whole address."""
    return {"host": relying_party(), "site": settings.SITE_URL}
