"""A process waits at a step of an upload or a send that the file "wanted" names, until somebody has killed it, or what
it needs, and removes the file "reached", which has its process id."""

import contextlib
import os
import time
from pathlib import Path

from django.apps.registry import Apps

_WANTED, _REACHED = (Path(os.environ["ROUNDTABLE_FAULT_FOLDER"]) / name for name in ("wanted", "reached"))
_populate = Apps.populate


def at(step: str) -> None:
    with contextlib.suppress(OSError):  # nothing is wanted, or another process was faster
        if _WANTED.read_text() == step:
            mine = _REACHED.with_name(f"reached-{os.getpid()}")
            _WANTED.rename(mine)
            mine.write_text(str(os.getpid()))
            mine.rename(_REACHED)
            while _REACHED.exists():
                time.sleep(0.01)


def after(place, name: str, step: str, when=lambda *_args: True) -> None:
    whole = getattr(place, name)

    def replaced(*args, **named):
        done = whole(*args, **named)
        if when(*args):
            at(step)
        return done

    setattr(place, name, replaced)


def before(place, name: str, step: str) -> None:
    whole = getattr(place, name)

    def replaced(*args, **named):
        at(step)
        return whole(*args, **named)

    setattr(place, name, replaced)


def populate(self, installed_apps=None):
    _populate(self, installed_apps)
    _bring_in()


def _bring_in() -> None:
    from files import incoming, partial, places, store
    from rooms.services import attachments, file_words, posting, resumable, uploads

    half = 10**6  # bytes; files have twice as many
    after(incoming.IncomingFile, "write", "first bytes")
    after(incoming.IncomingFile, "write", "half", lambda file, _piece: file.size > half)
    after(incoming.IncomingFile, "finish", "whole")
    after(partial, "create", "begun, no row")
    after(resumable, "begin", "begun, not answered")
    after(partial.Appending, "write", "first piece")
    after(partial.Appending, "write", "half in pieces", lambda appending, _piece: appending.offset > half)
    after(partial.Appending, "sync", "all pieces", lambda appending: appending.is_whole)
    after(store, "place_bytes", "in the store, no row")
    after(uploads, "_refer", "rows, no commit")
    after(uploads, "take_in", "kept, not answered")
    after(attachments, "attach", "message, no commit")
    after(posting, "_write", "message, no ack", lambda posts, *_rest: any(post.files for post in posts))
    before(places, "remove", "row gone, bytes not")
    before(store, "add_previews", "small pictures made")
    after(store, "add_previews", "small pictures kept, room not told")
    before(file_words, "_index", "not indexed")
    after(file_words, "_index", "indexed, job not done")


Apps.populate = populate
