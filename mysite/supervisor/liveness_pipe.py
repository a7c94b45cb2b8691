"""How the parent knows that a child is well: it hears from it every few seconds, through a pipe."""

import os

from mysite.supervisor.heartbeat import REPLACE_ME


class Pulse:
    """One child's pipe. The child writes into `write_end` (mysite/supervisor/heartbeat.py), the parent asks `heard`."""

    def __init__(self):
        self._read_end, self.write_end = os.pipe()
        self.replace = False  # whether the child asked to be replaced when it was heard last
        for end in (self._read_end, self.write_end):
            os.set_blocking(end, False)

    def heard(self) -> bool:
        """Whether anything came since this was asked last."""
        found = False
        try:
            while said := os.read(self._read_end, 4096):
                found, self.replace = True, said.endswith(REPLACE_ME)
        except BlockingIOError:
            return found
        return found
