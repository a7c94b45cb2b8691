"""Static files over ASGI: the collected ones, and in DEBUG those of the source."""

import gzip
import re

import brotli
import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command

from common.stylesheets import BUNDLES
from common.templatetags.stylesheets import stylesheets
from mysite.web.minified_scripts import minify_scripts
from mysite.web.static_files import serve_static

SCRIPT = b'import { b } from "./b.js";\n// a comment\n' + b"f(`two\n  // lines`);\n" * 100
FOREIGN = b"/* of another package */\n"


async def application(scope, receive, send):
    await send({"type": "http.response.start", "status": 299, "headers": []})
    await send({"type": "http.response.body", "body": b"the application"})


@pytest.fixture
def collected(settings, tmp_path):
    """Some files, collected as `serve` does it. Returns their hashed addresses."""
    source = tmp_path / "source"
    (source / "js").mkdir(parents=True)
    (source / "js" / "a.js").write_bytes(SCRIPT)
    (source / "js" / "b.js").write_bytes(b"export const b = 1;\n")
    for name, text in (("css/a.css", b"/* words */\na:hover > b {\n  color: red;\n}\n"), ("admin/a.css", FOREIGN)):
        (source / name).parent.mkdir()
        (source / name).write_bytes(text)
    (source / "big.bin").write_bytes(b"x" * 200_000)
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [source], tmp_path / "root"
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = {"staticfiles": {"BACKEND": "mysite.web.static_storage.HashedFiles"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    from django.templatetags.static import static as address

    return {name: address(name) for name in ("js/a.js", "js/b.js", "big.bin", "css/a.css", "admin/a.css")}


def test_sheets_that_go_together_are_sent_as_one(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {"staticfiles": {"BACKEND": "mysite.web.static_storage.HashedFiles"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    for name, sheets in BUNDLES.items():
        [address] = re.findall(r'href="/static/(.+?)"', stylesheets(name))
        together = (tmp_path / address).read_text()
        apart = [(tmp_path / staticfiles_storage.stored_name(f"css/{sheet}.css")).read_text() for sheet in sheets]
        assert together == "\n".join(apart), name
        assert "data-sheets" in stylesheets(name)


def test_a_sheet_is_by_itself_where_it_is_edited(settings):
    settings.DEBUG = True
    assert stylesheets("base").count("<link") == len(BUNDLES["base"])


async def get(app, path, method="GET", **headers):
    """→ status, headers, body of a request"""
    sent = []

    async def send(message):
        sent.append(message)

    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    await app({"type": "http", "method": method, "path": path, "headers": raw}, None, send)
    start, *bodies = sent
    assert [body.get("more_body", False) for body in bodies] == [True] * (len(bodies) - 1) + [False]
    found = {name.decode(): value.decode() for name, value in start["headers"]}
    return start["status"], found, b"".join(body.get("body", b"") for body in bodies)


@pytest.mark.parametrize(
    ("accepted", "encoding", "decompress"),
    [("gzip, deflate, br", "br", brotli.decompress), ("gzip, deflate", "gzip", gzip.decompress)],
)
async def test_a_hashed_file_is_kept_for_ever_and_sent_compressed(collected, accepted, encoding, decompress):
    app = serve_static(application)
    status, headers, body = await get(app, collected["js/a.js"], accept_encoding=accepted)
    assert status == 200
    assert "immutable" in headers["cache-control"]
    assert headers["content-type"].startswith("text/javascript")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-encoding"] == encoding
    assert headers["content-length"] == str(len(body))
    # Modules import each other by hashed names.
    plain = decompress(body)
    assert b'"./%b"' % collected["js/b.js"].split("/")[-1].encode() in plain
    _status, headers, body = await get(app, collected["js/a.js"])
    assert "content-encoding" not in headers
    assert body == plain


async def test_a_plain_name_is_asked_for_again(collected):
    _status, headers, _body = await get(serve_static(application), "/static/js/a.js")
    assert "immutable" not in headers["cache-control"]


async def test_what_the_browser_has_is_not_sent_again(collected):
    app = serve_static(application)
    _status, headers, _body = await get(app, collected["js/a.js"])
    status, _headers, body = await get(app, collected["js/a.js"], if_none_match=headers["etag"])
    assert (status, body) == (304, b"")


async def test_a_large_file_comes_in_pieces_and_in_part(collected):
    app = serve_static(application)
    _status, headers, body = await get(app, collected["big.bin"])
    assert (headers["content-length"], len(body)) == ("200000", 200_000)
    status, headers, body = await get(app, collected["big.bin"], range="bytes=10-19")
    assert (status, headers["content-range"], len(body)) == (206, "bytes 10-19/200000", 10)
    status, headers, body = await get(app, collected["big.bin"], method="HEAD")
    assert (status, headers["content-length"], body) == (200, "200000", b"")


@pytest.mark.parametrize("path", ["/static/no.js", "/static/", "/static/../manage.py", "/static/js/../../manage.py"])
@pytest.mark.parametrize("debug", [False, True])
async def test_nothing_else_is_found_under_static(collected, settings, path, debug):
    settings.DEBUG = debug
    assert (await get(serve_static(application), path))[0] == 404


async def test_other_methods_are_refused(collected):
    assert (await get(serve_static(application), collected["js/a.js"], method="POST"))[0] == 405


async def test_everything_else_is_the_applications(collected):
    assert (await get(serve_static(application), "/chat/"))[2] == b"the application"


async def test_in_debug_files_are_read_where_they_lie(collected, settings, tmp_path):
    settings.DEBUG = True
    app = serve_static(application)
    path = tmp_path / "source" / "js" / "b.js"
    path.write_text("export const b = 2;\n")
    status, headers, body = await get(app, "/static/js/b.js")
    assert (status, headers["cache-control"], body) == (200, "max-age=0, public", b"export const b = 2;\n")


async def test_our_scripts_and_styles_are_collected_without_comments(collected):
    _, _, script = await get(serve_static(application), collected["js/a.js"])
    assert b"a comment" not in script and script.count(b"f(`two\n  // lines`)") == 100
    _, _, style = await get(serve_static(application), collected["css/a.css"])
    assert style == b"a:hover>b{color:red}"
    _, _, foreign = await get(serve_static(application), collected["admin/a.css"])
    assert foreign == FOREIGN


def test_scripts_become_smaller_and_say_the_same():
    """`export` and `import` keep their names; those of variables do not."""
    source = {"js/a.js": "import { b } from './b.js';\nexport function add(first) { // words\n  return first + b;\n}\n"}
    assert minify_scripts(source) == {"js/a.js": 'import{b}from"./b.js";export function add(e){return e+b}'}


def test_scripts_are_sent_all_the_same_where_names_cannot_be_shortened(monkeypatch, caplog):
    monkeypatch.setattr("sys.executable", "/bin/false")
    assert minify_scripts({"a.js": "let first = 1; // words\n"}) == {"a.js": "let first=1;"}
    assert "an eighth larger" in caplog.text
