"""Static files with a hash of their content in their name, so that browsers keep them for ever."""

from collections.abc import Callable, Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from rcssmin import cssmin
from rjsmin import jsmin
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Of our own files: those of the admin and of other packages stay as they are.
MINIFIED: dict[str, Callable[[str], str]] = {".js": jsmin, ".css": cssmin}
OURS = ("js/", "css/")


class HashedFiles(CompressedManifestStaticFilesStorage):
    # Names inside `import … from "./x.js"` are hashed too; without it a new main.js would load old modules.
    support_js_module_import_aggregation = True

    def post_process(self, paths: dict[str, tuple[Storage, str]], *args: Any, **options: Any) -> Iterator[tuple]:
        """Comments and indentation are a quarter of the page's weight, compressed: they are left out."""
        found = {
            name: (_Minified(storage, minify), path) if (minify := _minifier(name)) else (storage, path)
            for name, (storage, path) in paths.items()
        }
        yield from super().post_process(found, *args, **options)


def _minifier(name: str) -> Callable[[str], str] | None:
    if not name.startswith(OURS):
        return None
    return next((minify for ending, minify in MINIFIED.items() if name.endswith(ending)), None)


class _Minified:
    """A storage whose text files are read minified."""

    def __init__(self, storage: Storage, minify: Callable[[str], str]):
        self._storage, self._minify = storage, minify

    def open(self, path: str) -> ContentFile:
        with self._storage.open(path) as file:
            return ContentFile(self._minify(file.read().decode()).encode())
