"""Names static files by a hash of their content, so that browsers can keep them for ever."""

from collections.abc import Callable, Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from rcssmin import cssmin
from rjsmin import jsmin
from whitenoise.storage import CompressedManifestStaticFilesStorage

from common.stylesheets import BUNDLES, bundle_path, path_of

# Applied to our own files, not to those of the admin and of other packages.
MINIFIED: dict[str, Callable[[str], str]] = {".js": jsmin, ".css": cssmin}
OUR_FOLDERS = ("js/", "css/")


class HashedFiles(CompressedManifestStaticFilesStorage):
    # Also replace names in `import … from "./x.js"`; otherwise a new main.js would load old modules.
    support_js_module_import_aggregation = True

    def post_process(self, paths: dict[str, tuple[Storage, str]], *args: Any, **options: Any) -> Iterator[tuple]:
        """Minify our files first: comments and indentation are a quarter of their compressed size. Add the bundles."""
        found: dict[str, tuple[Any, str]] = {
            name: (_Minified(storage, minify), path) if (minify := _minifier(name)) else (storage, path)
            for name, (storage, path) in paths.items()
        }
        for name, sheets in BUNDLES.items():
            parts = [found[path_of(sheet)] for sheet in sheets if path_of(sheet) in found]  # tests collect a few files
            if len(parts) == len(sheets):
                found[bundle_path(name)] = (_Joined(parts), bundle_path(name))
        yield from super().post_process(found, *args, **options)


def _minifier(name: str) -> Callable[[str], str] | None:
    if not name.startswith(OUR_FOLDERS):
        return None
    return next((minify for ending, minify in MINIFIED.items() if name.endswith(ending)), None)


class _Minified:
    """A storage that minifies text files when they are read."""

    def __init__(self, storage: Storage, minify: Callable[[str], str]):
        self._storage, self._minify = storage, minify

    def open(self, path: str) -> ContentFile:
        with self._storage.open(path) as file:
            return ContentFile(self._minify(file.read().decode()).encode())


class _Joined:
    """A storage of one file: others, one after the other."""

    def __init__(self, parts: list[tuple[Any, str]]):
        self._parts = parts

    def open(self, _path: str) -> ContentFile:
        texts = []
        for storage, path in self._parts:
            with storage.open(path) as file:
                texts.append(file.read())
        return ContentFile(b"\n".join(texts))
