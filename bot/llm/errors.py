"""What can go wrong with a model, each as a sentence for the people in the room, in the server's language."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class ModelError(Exception):
    """The model gave no whole answer.

    sentence: why, in words for people. retryable: trying at once may help. retry_after: seconds after which it may,
    if the server said so. is_outage: it counts against the server's health.
    """

    def __init__(
        self,
        sentence: str | Promise,
        *,
        retryable: bool = False,
        retry_after: float | None = None,
        is_outage: bool = False,
    ):
        super().__init__(sentence)
        self.sentence = str(sentence)
        self.retryable, self.retry_after, self.is_outage = retryable, retry_after, is_outage


INVALID_RESPONSE = _("The model server sent an invalid response.")
EMPTY_RESPONSE = _("The model did not reply.")
CONNECTION_LOST = _("The connection to the model was lost during the answer.")
FILTERED = _("The model provider withheld the answer.")
ANSWER_TIMED_OUT = _("The model took longer than {seconds} seconds, so the answer was cut off here.")


def timeout_error(seconds: float, begun: bool) -> ModelError:
    silent = _("The model sent nothing for {seconds} seconds, so the answer was cut off.")
    late = _("The model did not start to answer within {seconds} seconds.")
    return ModelError((silent if begun else late).format(seconds=f"{seconds:g}"), is_outage=True)


def stream_error(message: object) -> ModelError:
    """An error that came as an event of the stream. Its words are not shown: they are for operators."""
    return ModelError(_("The answer was cut off by a model error."), retryable=True, is_outage=True)
