"""Paths on this machine on which several processes must agree."""

import hashlib
import os
from pathlib import Path

# A socket's path has at most 108 bytes (104 on some systems).
_LONGEST_SOCKET_PATH = 100


def redis_socket(data_dir: Path) -> Path:
    """The socket of the embedded Redis: in the data folder, or in a private folder in /tmp if that path is too long."""
    path = data_dir / "redis.sock"
    if len(os.fsencode(path)) <= _LONGEST_SOCKET_PATH:
        return path
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    return Path("/tmp") / f"roundtable-{os.getuid()}-{digest}" / "redis.sock"  # noqa: S108 (checked for its owner)
