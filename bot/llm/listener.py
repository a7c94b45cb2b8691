"""What whoever asks a model hears of its answer. A base: override what is of interest."""


class Listener:
    def on_request(self, left: bool) -> None:
        """A request leaves; or, with False, it turns out that the server did not take it: it could not be reached, or
        refused."""

    def on_text(self, piece: str) -> None:
        """Text of the answer."""

    def on_thought(self, piece: str) -> None:
        """What the model thinks before it answers, or between."""

    def on_summary(self, piece: str) -> None:
        """What it says of its thoughts, for people to read."""

    def on_retract(self) -> None:
        """All text of this request so far was thought: it comes once more as such."""

    def on_end(self) -> None:
        """The answer is whole."""

    def on_refused(self, feature: str, detail: str, lasting: bool) -> None:
        """The answer came only without a part of the request (features.py); detail: why, in the server's words.
        lasting: the server takes no such part, whatever is in it."""
