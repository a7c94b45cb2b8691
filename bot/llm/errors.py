"""What can go wrong with a model, each as a sentence for the people in the room, in the server's language."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Fault(Exception):
    """The model gave no whole answer.

    sentence: why, in words for people. again: trying at once may help. wait: seconds after which it may, if the
    server said so. down: it counts against the server's health.
    """

    def __init__(self, sentence: str | Promise, *, again: bool = False, wait: float | None = None, down: bool = False):
        super().__init__(sentence)
        self.sentence, self.again, self.wait, self.down = str(sentence), again, wait, down


GARBAGE = _("The model server sent an invalid response.")
EMPTY = _("The model did not reply.")
CUT = _("The connection to the model was lost during the answer.")
FILTERED = _("The model provider withheld the answer.")
TOO_SLOW = _("The model took longer than {seconds} seconds, so the answer was cut off here.")


def too_late(seconds: float, begun: bool) -> Fault:
    silent = _("The model sent nothing for {seconds} seconds, so the answer was cut off.")
    late = _("The model did not start to answer within {seconds} seconds.")
    return Fault((silent if begun else late).format(seconds=f"{seconds:g}"), down=True)


def from_stream(message: object) -> Fault:
    """An error that came as an event of the stream. Its words are not shown: they are for operators."""
    return Fault(_("The answer was cut off by a model error."), again=True, down=True)
