"""The room that a new server comes with."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from ..models import Room
from .membership import get_or_create_public_room

TITLE = "Lobby"  # in every language: its address stands in tutorials


def ensure_first_room() -> Room | None:
    """Make the lobby on a server that has no room at all. Returns it, or None when there are rooms.

    Whoever joins it first owns it.
    """
    if Room.objects.exists():
        return None
    with translation.override(settings.LANGUAGE_CODE):
        topic = _("Say hello: everyone on this server can read and write here.")
    return get_or_create_public_room(TITLE, topic=topic)[0]
