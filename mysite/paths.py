"""Where things lie on this machine, for those who must agree on it without talking to each other."""

import hashlib
import os
from pathlib import Path

# The system keeps 108 bytes for a socket's path (104 on some); longer ones cannot be opened at all.
_LONGEST_SOCKET_PATH = 100


def redis_socket(data_dir: Path) -> Path:
    """The embedded Redis' socket: in the data folder, or in a short private one when that path is too long."""
    path = data_dir / "redis.sock"
    if len(os.fsencode(path)) <= _LONGEST_SOCKET_PATH:
        return path
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    return Path("/tmp") / f"roundtable-{os.getuid()}-{digest}" / "redis.sock"  # noqa: S108 (checked for its owner)
