"""The room that a new server comes with."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from ..models import Room
from .membership import get_or_create_public_room

TITLE = "Lobby"  # in every language: its address stands in tutorials


def ensure_first_room() -> Room | None:
    """Create the lobby on a server without any rooms. Returns it, or None when there are rooms.

    The first person who joins it owns it.
    """
    if Room.objects.exists():
        return None
    with translation.override(settings.LANGUAGE_CODE):
        topic = _("Say hello: everyone on this server can read and write here.")
    return get_or_create_public_room(TITLE, topic=topic)[0]
