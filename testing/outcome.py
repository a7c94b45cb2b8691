from dataclasses import dataclass


class CannotRun(Exception):
    """Something is missing that a suite needs. The text says what, and how to get it."""


@dataclass(frozen=True)
class Outcome:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)
