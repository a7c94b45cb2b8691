"""Static files, sent by ASGI itself.

whitenoise knows which files there are, their headers, compressed variants and ETags, but speaks WSGI only; Django's
adapter would read each file whole in a thread. So its index answers here, and the file is sent in pieces.
"""

import asyncio
import os
from typing import cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage, staticfiles_storage
from whitenoise.base import WhiteNoise

_PIECE = 65_536


def static(app):
    """Wrap an ASGI application: it gets every request that is not for a static file."""
    prefix = urlsplit(settings.STATIC_URL).path
    root = settings.STATIC_ROOT if os.path.isdir(settings.STATIC_ROOT) else None  # nothing is collected for tests
    index = _Finders(None) if settings.DEBUG else _Collected(None, root, prefix)

    async def serve(scope, receive, send):
        if scope["type"] != "http" or not scope["path"].startswith(prefix):
            return await app(scope, receive, send)
        path = scope["path"]
        # In DEBUG a look at the disk for each request; else a look into a dictionary.
        file = await asyncio.to_thread(index.find_file, path) if settings.DEBUG else index.files.get(path)
        if file is None:
            return await _send_nothing(send)
        return await _send_file(file.get_response(scope["method"], _wsgi_headers(scope)), send)

    return serve


class _Collected(WhiteNoise):
    """What collectstatic has gathered, read once."""

    def immutable_file_test(self, path, url):
        """Files with a hash in their name never change: `main.3f2a1b4c5d6e.js`."""
        name = url[len(urlsplit(settings.STATIC_URL).path) :]
        plain, _, extension = name.rpartition(".")
        stem, _, digest = plain.rpartition(".")
        original = f"{stem}.{extension}" if stem else ""
        hashed_files = cast(ManifestStaticFilesStorage, staticfiles_storage).hashed_files
        return bool(digest) and hashed_files.get(original) == name


class _Finders(WhiteNoise):
    """Files where they lie in the source, for DEBUG."""

    def __init__(self, application):
        super().__init__(application, autorefresh=True, max_age=0)

    def candidate_paths_for_url(self, url):
        if found := finders.find(url[len(urlsplit(settings.STATIC_URL).path) :]):
            yield found


async def _send_file(response, send):
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in response.headers]
    headers.append((b"x-content-type-options", b"nosniff"))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    if response.file is None:
        return await send({"type": "http.response.body"})
    with response.file as file:
        more = True
        while more:
            # Small, and in the system's page cache: a thread would cost more than the read.
            piece = file.read(_PIECE)
            more = len(piece) == _PIECE
            await send({"type": "http.response.body", "body": piece, "more_body": more})
    return None


async def _send_nothing(send):
    headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 404, "headers": headers})
    await send({"type": "http.response.body", "body": b"There is no such file.\n"})


def _wsgi_headers(scope) -> dict[str, str]:
    names = {b"accept-encoding", b"if-none-match", b"if-modified-since", b"range"}
    return {
        "HTTP_" + name.decode().upper().replace("-", "_"): value.decode("latin-1")
        for name, value in scope["headers"]
        if name in names
    }
