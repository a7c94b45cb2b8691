"""For pages on which people sign in: by which issuers they may."""

from django import template

from ..issuers import policy
from ..issuers.configured import all_issuers
from ..issuers.issuer import Issuer

register = template.Library()


@register.simple_tag
def sign_in_issuers() -> list[Issuer]:
    return all_issuers()


@register.simple_tag
def sign_up_issuers() -> list[Issuer]:
    """By which somebody gets an account where accounts are open, or with an invitation."""
    return [issuer for issuer in all_issuers() if issuer.sign_up != "never"]


@register.simple_tag
def is_sso_only() -> bool:
    return policy.is_only()
