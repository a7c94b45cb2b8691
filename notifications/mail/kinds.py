"""What people can choose to get by mail. Each choice stands for several kinds of notifications."""

from collections.abc import Collection

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from rooms.models import NotificationKind

from ..models import MailSettings


class MailKind(models.TextChoices):
    """Each value is the name of a field of MailSettings."""

    DIRECT = "direct", _("direct messages")
    MENTIONS = "mentions", _("mentions and replies")
    INVITATIONS = "invitations", _("invitations, and what moderators do")
    ROOMS = "rooms", _("rooms that notify you of everything")


EVERYTHING = "everything"  # in links that unsubscribe
# By kind of notification. There is no mail about reactions.
_KINDS = {
    "direct": MailKind.DIRECT,
    **dict.fromkeys(("mention", "reply", "answer", "here", "room", "group", "keyword"), MailKind.MENTIONS),
    **dict.fromkeys(("invitation", "moderation"), MailKind.INVITATIONS),
    "message": MailKind.ROOMS,
}


def mail_kind_of(kind: NotificationKind | str) -> MailKind | None:
    """None: there is no mail about such notifications."""
    return _KINDS.get(str(kind))


def wanted_kinds(chosen: MailSettings) -> Collection[str]:
    """The kinds of notifications that a person with these settings gets by mail."""
    return {kind for kind, mail_kind in _KINDS.items() if getattr(chosen, mail_kind.value)}


def choose(user: User, kinds: Collection[MailKind], content: bool | None = None) -> None:
    """Choose these and no others. content: whether mails say who wrote what; None leaves that as it is."""
    values = {kind.value: kind in kinds for kind in MailKind}
    if content is not None:
        values["content"] = content
    MailSettings.objects.update_or_create(user=user, defaults=values)
