"""What push services answered, in words for staff. Rows have codes: an HTTP status, or why there was no answer."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .backlog import ANOTHER_KEY
from .transport import LATE

_WORDS: dict[str, Promise] = {
    LATE: gettext_lazy("no answer in time"),
    ANOTHER_KEY: gettext_lazy("registered with another key"),
    "200": gettext_lazy("taken"),
    "201": gettext_lazy("taken"),
    "202": gettext_lazy("taken"),
    "401": gettext_lazy("the key of this server was refused"),
    "403": gettext_lazy("the key of this server was refused"),
    "413": gettext_lazy("too long"),
    "429": gettext_lazy("too many at once"),
    "500": gettext_lazy("the service failed"),
    "502": gettext_lazy("the service failed"),
    "503": gettext_lazy("the service failed"),
    "504": gettext_lazy("the service failed"),
}


def words_of(code: str) -> str:
    """In the active language, with the code where it is one of HTTP."""
    if not code:
        return ""
    if code in _WORDS:
        return f"{_WORDS[code]} ({code})" if code.isdigit() else str(_WORDS[code])
    return code if code.isdigit() else _("could not be reached (%(error)s)") % {"error": code}
