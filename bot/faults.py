"""What can go wrong with a model, each as a sentence for the people in the room."""


class Fault(Exception):
    """The model gave no whole answer.

    sentence: why, in words for people. again: trying at once may help. wait: seconds after which it may, if the
    server said so. down: it counts against the server's health.
    """

    def __init__(self, sentence: str, *, again: bool = False, wait: float | None = None, down: bool = False):
        super().__init__(sentence)
        self.sentence, self.again, self.wait, self.down = sentence, again, wait, down


GARBAGE = "The model's server sent something that is not an answer."
EMPTY = "The model gave no answer."
CUT = "The connection to the model broke in the middle of the answer."
FILTERED = "The model's provider held the answer back."
TOO_SLOW = "The model took longer than {seconds:g} seconds, so the answer was ended here."


def too_late(seconds: float, begun: bool) -> Fault:
    if begun:
        return Fault(f"The model fell silent for {seconds:g} seconds in the middle of its answer.", down=True)
    return Fault(f"The model did not begin to answer within {seconds:g} seconds.", down=True)


def from_stream(message: object) -> Fault:
    """An error that came as an event of the stream. Its words are not shown: they are for operators."""
    return Fault("The model's server broke off with an error.", again=True, down=True)
