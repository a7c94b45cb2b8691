"""Filters for templates of mails."""

from datetime import datetime

from django import template
from django.utils import timezone

from accounts.time_formats import date_and_time

register = template.Library()


@register.filter
def moment(when: datetime) -> str:
    """In the reader's time zone and format: "30 November 2:05 PM"."""
    return date_and_time(timezone.localtime(when), "MONTH_DAY_FORMAT")


@register.filter
def underline(title: str) -> str:
    """Hyphens as wide as the title, for mails in plain text."""
    return "-" * min(len(title), 60)
