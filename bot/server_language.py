"""In which language the program speaks for a bot."""

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise


def in_server_language(sentence: Promise) -> str:
    """A sentence that is kept for all in the room: in the server's language, not in that of who caused it."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(sentence)
