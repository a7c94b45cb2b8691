"""The parent's side of heartbeats: a pipe into which a child writes every few seconds."""

import os

from mysite.supervisor.heartbeat import REPLACE_ME


class LivenessPipe:
    """One child's pipe. The child writes to `write_end` (mysite/supervisor/heartbeat.py), the parent calls `poll`."""

    def __init__(self):
        self._read_end, self.write_end = os.pipe()
        self.wants_replacement = False  # as of the child's last heartbeat
        for end in (self._read_end, self.write_end):
            os.set_blocking(end, False)

    def poll(self) -> bool:
        """Whether a heartbeat has arrived since the last call. Updates `wants_replacement`."""
        found = False
        try:
            while data := os.read(self._read_end, 4096):
                found, self.wants_replacement = True, data.endswith(REPLACE_ME)
        except BlockingIOError:
            return found
        return found
