"""Logs outages: one line when an outage begins, and one when it is over."""

import logging
import time


class Outages:
    """name: of the logger."""

    def __init__(self, name: str):
        self._logger = logging.getLogger(name)
        self._since: dict[str, float] = {}

    def note(self, problems: dict[str, str]) -> None:
        """problems: each part → what is wrong with it now, or an empty text."""
        for part, problem in problems.items():
            if problem and part not in self._since:
                self._since[part] = time.monotonic()
                self._logger.warning("%s: %s", part, problem)
            elif not problem and (since := self._since.pop(part, None)) is not None:
                self._logger.warning("%s: ok again after %.0f s", part, time.monotonic() - since)
