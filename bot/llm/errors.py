"""What can go wrong with a model, each as a sentence for the people in the room, in the server's language."""

from django.utils.translation import gettext_lazy as _


class Fault(Exception):
    """The model gave no whole answer.

    sentence: why, in words for people. again: trying at once may help. wait: seconds after which it may, if the
    server said so. down: it counts against the server's health.
    """

    def __init__(self, sentence: str, *, again: bool = False, wait: float | None = None, down: bool = False):
        super().__init__(sentence)
        self.sentence, self.again, self.wait, self.down = str(sentence), again, wait, down


GARBAGE = _("The model's server sent something that is not an answer.")
EMPTY = _("The model gave no answer.")
CUT = _("The connection to the model broke in the middle of the answer.")
FILTERED = _("The model's provider held the answer back.")
TOO_SLOW = _("The model took longer than {seconds} seconds, so the answer was ended here.")


def too_late(seconds: float, begun: bool) -> Fault:
    silent = _("The model fell silent for {seconds} seconds in the middle of its answer.")
    late = _("The model did not begin to answer within {seconds} seconds.")
    return Fault((silent if begun else late).format(seconds=f"{seconds:g}"), down=True)


def from_stream(message: object) -> Fault:
    """An error that came as an event of the stream. Its words are not shown: they are for operators."""
    return Fault(_("The model's server broke off with an error."), again=True, down=True)
