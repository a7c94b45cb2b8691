"""Whether somebody may do something on the server: for what pages show. What they send is checked by services."""

from django import template
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from accounts.rights import ServerAction, may_on_server

register = template.Library()


@register.filter
def may(user: User | AnonymousUser, action: str) -> bool:
    """action: the name of a ServerAction in small letters."""
    return may_on_server(user, ServerAction[action.upper()])
