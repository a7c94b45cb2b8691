"""Hears which rooms a mail tells of, and has a model summarize them where the server wants that."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from accounts.models import User
from rooms.kernel.signals import mail_summaries_wanted


def connect() -> None:
    mail_summaries_wanted.connect(on_mail_summaries_wanted)


def on_mail_summaries_wanted(
    sender: Any, user: User, rooms: Sequence[str], **_signal: Any
) -> dict[str, dict[str, str]]:
    """As the signal has it. Empty unless MAIL_SUMMARY_BOT names a bot with a model."""
    if not settings.MAIL_SUMMARY_BOT:
        return {}
    from ..answering import mail_summary  # with a model's client (openai: 40 MB), which most servers' jobs do not need

    return mail_summary.summarize(user, rooms)
