"""Names static files by a hash of their content, so that browsers can keep them for ever."""

from collections.abc import Callable, Iterator
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from rcssmin import cssmin
from whitenoise.storage import CompressedManifestStaticFilesStorage

from common.stylesheets import BUNDLES, bundle_path, path_of

from .minified_scripts import minify_scripts
from .module_bundles import FOLDER, PAGES, Joined, join_modules

# Only these are minified, not files of the admin and of other packages.
OUR_SCRIPTS, OUR_STYLES = (FOLDER, ".js"), ("css/", ".css")
TESTS = "/tests/"


class HashedFiles(CompressedManifestStaticFilesStorage):
    # Also replace names in `import … from "./x.js"`; otherwise a new main.js would load old modules.
    support_js_module_import_aggregation = True

    _joined: Joined | None = None

    def file_hash(self, name: str, content: File | None = None) -> str | None:
        """Bundles of modules have one version, because they name each other by it."""
        return self._joined.version if self._joined and name in self._joined.files else super().file_hash(name, content)

    def url_converter(self, name: str, hashed_files: dict[str, str], template: str | None = None) -> Callable:
        """Leaves addresses in joined scripts as they are: the joiner has written hashed ones."""
        if self._joined and name in self._joined.files:
            return lambda match: match["matched"]
        return super().url_converter(name, hashed_files, template)

    def post_process(self, paths: dict[str, tuple[Storage, str]], *args: Any, **options: Any) -> Iterator[tuple]:
        """Join our modules, minify our files, add the bundles of style sheets.

        Comments, indentation and long names are a third of their compressed size.
        """
        paths = {name: found for name, found in paths.items() if TESTS not in name}  # their imports may lead nowhere
        found: dict[str, tuple[Any, str]] = self._with_joined(paths)
        scripts = minify_scripts({name: _read(*found[name]) for name in found if _is_of(OUR_SCRIPTS, name)})
        styles = {name: cssmin(_read(*found[name])) for name in found if _is_of(OUR_STYLES, name)}
        found |= {name: (_Text(text), name) for name, text in (scripts | styles).items()}
        for name, sheets in BUNDLES.items():
            parts = [found[path_of(sheet)] for sheet in sheets if path_of(sheet) in found]  # tests collect a few files
            if len(parts) == len(sheets):
                found[bundle_path(name)] = (_OneAfterTheOther(parts), bundle_path(name))
        yield from super().post_process(found, *args, **options)

    def _with_joined(self, paths: dict[str, tuple[Storage, str]]) -> dict[str, tuple[Any, str]]:
        """These files with bundles in place of our modules."""
        if not paths.keys() >= {*PAGES}:  # tests collect a few files
            return dict(paths)
        modules = {name for name in paths if name.startswith(FOLDER) and name.endswith(".js") and TESTS not in name}
        self._joined = join_modules({name: _read(*paths[name]) for name in modules})
        rest = {name: found for name, found in paths.items() if name not in modules}
        return rest | {name: (_Text(text), name) for name, text in self._joined.files.items()}


def _read(storage: Storage, path: str) -> str:
    with storage.open(path) as file:
        return file.read().decode()


def _is_of(kind: tuple[str, str], name: str) -> bool:
    folder, ending = kind
    return name.startswith(folder) and name.endswith(ending)


class _Text:
    """A storage with one file, which has this text."""

    def __init__(self, text: str):
        self._text = text

    def open(self, _path: str) -> ContentFile:
        return ContentFile(self._text.encode())


class _OneAfterTheOther:
    """A storage with one file: several others, concatenated."""

    def __init__(self, parts: list[tuple[Any, str]]):
        self._parts = parts

    def open(self, _path: str) -> ContentFile:
        texts = []
        for storage, path in self._parts:
            with storage.open(path) as file:
                texts.append(file.read())
        return ContentFile(b"\n".join(texts))
