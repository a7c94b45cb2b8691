"""How much is stored, and how much more may be."""

import shutil
import time
from pathlib import Path

from django.conf import settings
from django.db.models import Sum

from .models import Blob

MIB = 1024 * 1024
KEPT_FREE = 512 * MIB  # of the disk, for the database and all else
KEPT_SECONDS = 10.0  # so that sizes are not summed up for each upload

_total: tuple[float, int] = (-KEPT_SECONDS, 0)  # when it was read, bytes


def total_size() -> int:
    """Bytes of all blobs, a few seconds old at most."""
    global _total
    now = time.monotonic()
    if now - _total[0] >= KEPT_SECONDS:
        _total = now, Blob.objects.aggregate(size=Sum("size"))["size"] or 0
    return _total[1]


def disk_left() -> int:
    """Bytes that files may still take; the rest of the disk is kept for the database and everything else."""
    folder = Path(settings.FILES_DIR)
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free - KEPT_FREE


def room_left() -> int:
    """How many more bytes the server accepts: by its quota, and by the disk."""
    free = disk_left()
    return min(free, settings.FILES_QUOTA_MB * MIB - total_size()) if settings.FILES_QUOTA_MB else free
