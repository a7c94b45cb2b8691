"""Serves static files over ASGI.

whitenoise knows all files with their headers, compressed variants and ETags, but only speaks WSGI; Django's adapter
would read each file as a whole in a thread. So this uses whitenoise's index, and sends the files in chunks.
"""

import asyncio
import os
from typing import cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage, staticfiles_storage
from whitenoise.base import WhiteNoise

_CHUNK_SIZE = 65_536


def serve_static(app):
    """Wrap an ASGI application, which gets all requests that are not for a static file."""
    prefix = urlsplit(settings.STATIC_URL).path
    root = settings.STATIC_ROOT if os.path.isdir(settings.STATIC_ROOT) else None  # tests collect no files
    index = _SourceFiles(None) if settings.DEBUG else _CollectedFiles(None, root, prefix)

    async def serve(scope, receive, send):
        if scope["type"] != "http" or not scope["path"].startswith(prefix):
            return await app(scope, receive, send)
        path = scope["path"]
        # In DEBUG this reads the disk for each request, otherwise a dictionary.
        file = await asyncio.to_thread(index.find_file, path) if settings.DEBUG else index.files.get(path)
        if file is None:
            return await _send_not_found(send)
        return await _send_file(file.get_response(scope["method"], _wsgi_headers(scope)), send)

    return serve


class _CollectedFiles(WhiteNoise):
    """The files that collectstatic has collected, indexed once."""

    def immutable_file_test(self, path, url):
        """Whether a file never changes, because its name has a hash: `main.3f2a1b4c5d6e.js`."""
        name = url[len(urlsplit(settings.STATIC_URL).path) :]
        plain, _, extension = name.rpartition(".")
        stem, _, digest = plain.rpartition(".")
        original = f"{stem}.{extension}" if stem else ""
        hashed_files = cast(ManifestStaticFilesStorage, staticfiles_storage).hashed_files
        return bool(digest) and hashed_files.get(original) == name


class _SourceFiles(WhiteNoise):
    """Files in the source folders, for DEBUG."""

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
            # A small read from the system's page cache: a thread would cost more.
            chunk = file.read(_CHUNK_SIZE)
            more = len(chunk) == _CHUNK_SIZE
            await send({"type": "http.response.body", "body": chunk, "more_body": more})
    return None


async def _send_not_found(send):
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
