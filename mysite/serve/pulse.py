"""How the parent knows that a child is well: it hears from it every few seconds, through a pipe."""

import os


class Pulse:
    """One child's pipe. The child writes into `write_end` (mysite/heartbeat.py), the parent asks `heard`."""

    def __init__(self):
        self._read_end, self.write_end = os.pipe()
        for end in (self._read_end, self.write_end):
            os.set_blocking(end, False)

    def heard(self) -> bool:
        """Whether anything came since this was asked last."""
        found = False
        try:
            while os.read(self._read_end, 4096):
                found = True
        except BlockingIOError:
            return found
        return found
