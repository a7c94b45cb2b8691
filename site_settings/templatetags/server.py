"""Template tags about this server. All templates have them (TEMPLATES in mysite/settings.py)."""

from django import template

from .. import current

register = template.Library()


@register.simple_tag
def server_name() -> str:
    return current.text("SERVER_NAME")
