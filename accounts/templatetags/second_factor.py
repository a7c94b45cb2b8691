"""What the rule about second factors means for whoever reads a page."""

from datetime import datetime
from typing import NamedTuple

from django import template
from django.template.context import Context

from ..security import second_factor

register = template.Library()


class RuleForReader(NamedTuple):
    """covers: it is for them. due: when they must have one; None: they have one, or need none. late: that was before
    now."""

    covers: bool
    due: datetime | None
    late: bool


@register.simple_tag(takes_context=True)
def second_factor_rule(context: Context) -> RuleForReader:
    """Of whoever has signed in."""
    user = context["request"].user
    return RuleForReader(second_factor.covers(user), second_factor.due_of(user), second_factor.is_late(user))
