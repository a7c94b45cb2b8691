"""What somebody may be told by mail, and may stop being told: several kinds of notifications each."""

from collections.abc import Collection

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from rooms.models import NotificationKind

from ..models import MailSettings


class MailKind(models.TextChoices):
    """Each is a field of MailSettings: `direct`, …"""

    DIRECT = "direct", _("direct messages")
    MENTIONS = "mentions", _("mentions and replies")
    INVITATIONS = "invitations", _("invitations, and what moderators do")
    ROOMS = "rooms", _("rooms that notify you of everything")


EVERYTHING = "everything"  # in links that stop mails
# Of reactions nobody is told by mail.
_KINDS = {
    "direct": MailKind.DIRECT,
    **dict.fromkeys(("mention", "reply", "answer", "here", "room", "group", "keyword"), MailKind.MENTIONS),
    **dict.fromkeys(("invitation", "moderation"), MailKind.INVITATIONS),
    "message": MailKind.ROOMS,
}


def mail_kind_of(kind: NotificationKind | str) -> MailKind | None:
    return _KINDS.get(str(kind))


def wanted_kinds(chosen: MailSettings) -> Collection[str]:
    """The kinds of notifications that they are told of by mail."""
    return {kind for kind, mail_kind in _KINDS.items() if getattr(chosen, mail_kind.value)}


def choose(user: User, kinds: Collection[MailKind], content: bool | None = None) -> None:
    """These and no others. content: whether mails say who wrote what; None: as it is."""
    values = {kind.value: kind in kinds for kind in MailKind}
    if content is not None:
        values["content"] = content
    MailSettings.objects.update_or_create(user=user, defaults=values)
