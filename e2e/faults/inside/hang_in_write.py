"""The first write of a message with "hang here" never ends, in whichever process; its room, or the file, is locked."""

import os
import time
from pathlib import Path

from rooms.kernel import db_executor

_run = db_executor._run
_once = Path(os.environ["ROUNDTABLE_FAULT_FOLDER"]) / "hung"


def hang_here() -> None:
    while True:
        time.sleep(0.1)


def run(call, language, function):
    posts = function.args[0] if function.args else None
    if isinstance(posts, list) and any("hang here" in getattr(post, "text", "") for post in posts) and _first():
        return _run(call, language, lambda: _hang(posts))
    return _run(call, language, function)


def _first() -> bool:
    try:
        _once.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _hang(posts) -> None:
    from django.db import transaction

    from rooms.services.sql import lock_rooms

    with transaction.atomic():
        lock_rooms({post.room_id for post in posts}, patient=True)
        hang_here()


db_executor._run = run
