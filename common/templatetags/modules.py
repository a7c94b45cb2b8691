"""Template tags for scripts: links that preload their modules, and data as JSON."""

import re
from functools import cache
from posixpath import dirname, join, normpath

import orjson
from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage, staticfiles_storage
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
COLLECTED_IMPORT = re.compile(r'\bfrom\s*"(\.\.?/[^"]+)"')
IMPORT = re.compile(r'^import\b[^"]*"(\.\.?/[^"]+)"', re.MULTILINE)


@register.filter
def page_json(value) -> SafeString:
    """JSON for the inside of a <script>; Django's json_script for data of which parts are JSON already."""
    text = orjson.dumps(value).replace(b"<", b"\\u003C").replace(b">", b"\\u003E").replace(b"&", b"\\u0026")
    return mark_safe(text.decode())  # noqa: S308 - no <, > or & is left in it


@register.simple_tag
@cache
def preload_modules(entry: str) -> str:
    """`<link rel="modulepreload">` for what the module at this static path imports, and what that imports."""
    return format_html_join("\n  ", '<link rel="modulepreload" href="{}">', ((each,) for each in _addresses(entry)))


def _addresses(entry: str) -> list[str]:
    if settings.DEBUG or not isinstance(staticfiles_storage, ManifestStaticFilesStorage):
        return [static(path) for path in imports(entry)]
    found = _collected_imports(staticfiles_storage.stored_name(entry))
    return [staticfiles_storage.base_url + path for path in sorted(found)]


def _collected_imports(path: str) -> set[str]:
    """The same for a collected file, which is joined with others and minified."""
    with staticfiles_storage.open(path) as file:
        near = {normpath(join(dirname(path), name)) for name in COLLECTED_IMPORT.findall(file.read().decode())}
    return near.union(*(_collected_imports(each) for each in near))


@cache
def imports(entry: str) -> tuple[str, ...]:
    """The static paths of all modules that `entry` imports, and that these import. Raises FileNotFoundError."""
    found, waiting = {entry}, [entry]
    while waiting:
        path = waiting.pop()
        if not (file_path := finders.find(path)):
            raise FileNotFoundError(f"There is no static file {path}.")
        with open(file_path, encoding="utf-8") as file:
            near = {normpath(join(dirname(path), name)) for name in IMPORT.findall(file.read())}
        waiting += near - found
        found |= near
    return tuple(sorted(found - {entry}))
