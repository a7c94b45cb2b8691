"""What a stranger sends wrongly is answered with 4xx, and is at most one short line in the log: never a traceback."""

import io
import logging

import pytest

from mysite.asgi import application
from mysite.http.protocol import HttpProtocol
from mysite.web.charset import Utf8Request

from .http_peer import ask
from .serving import Serving

pytestmark = pytest.mark.django_db(transaction=True)

LINE = 500  # characters, with the time and the name of the logger
LOGIN, FORM = "/accounts/login/", "application/x-www-form-urlencoded"
ODD = ("hex", "idna", "undefined", "punycode", "utf-16", "utf8")  # charsets
CSRF = "a" * 32
MULTIPART = "multipart/form-data; boundary=b"
LONG = "a" * 5000


def request(target: str = LOGIN, method: str = "GET", body: bytes = b"", **headers: str) -> bytes:
    fields = {"host": "localhost", "cookie": f"csrftoken={CSRF}", "connection": "close", **headers}
    if method == "POST":
        fields.setdefault("content_length", str(len(body)))
    lines = [f"{method} {target} HTTP/1.1", *(f"{name.replace('_', '-')}: {value}" for name, value in fields.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def post(body: bytes, content_type: str = FORM, target: str = LOGIN, **headers: str) -> bytes:
    return request(target, "POST", body, content_type=content_type, **headers)


def multipart(head: str, value: bytes = b"x", content_type: str = MULTIPART) -> bytes:
    return post(b"--b\r\n" + head.encode("latin-1") + b"\r\n\r\n" + value + b"\r\n--b--\r\n", content_type)


FIELD = 'Content-Disposition: form-data; name="login"'
FILES = b"".join(b'--b\r\nContent-Disposition: form-data; name="f%d"; filename="x"\r\n\r\n\r\n' % n for n in range(101))
REQUESTS = {
    "boundary too long": post(b"x", f"multipart/form-data; boundary={LONG}"),
    "no boundary": post(b"x", "multipart/form-data"),
    "boundary of no ASCII": post(b"x", "multipart/form-data; boundary=\xe9"),
    "length of a multipart": post(b"", MULTIPART),
    "base64 of a part": multipart(f"{FIELD}\r\nContent-Transfer-Encoding: base64", b"x"),
    "charset of a part": multipart(f"{FIELD}\r\nContent-Type: text/plain; charset=hex"),
    "many fields": post(b"a=&" * 1100),
    "many fields of a multipart": post(FILES.replace(b'; filename="x"', b"") * 11 + b"--b--\r\n", MULTIPART),
    "many files": post(FILES + b"--b--\r\n", MULTIPART),
    "name of a file": multipart('Content-Disposition: form-data; name="f"; filename="../../%00\\..\\etc"'),
    "many fields of an address": request(LOGIN + "?" + "a=&" * 1100),
    "many fields and a charset": request(LOGIN + "?" + "a=&" * 1100, content_type="text/plain; charset=utf-8"),
    **{f"charset {name} of a form": post(b"login=x%ff", f"{FORM}; charset={name}") for name in ODD},
    **{f"charset {name} of a multipart": multipart(FIELD, b"\xff", f"multipart/form-data; boundary=b; charset={name}")
       for name in ODD},
    **{f"charset {name} of nothing": request(LOGIN + "?next=%ff", content_type=f"text/plain; charset={name}")
       for name in (*ODD, "\xe9")},
    "host": request(host="evil.example"),
    "long host": request(host=LONG),
    "host of no ASCII": request(host="\xe9:x%0a"),
    "no host": request().replace(b"host: localhost\r\n", b""),
    "cookies": request(cookie=f"sessionid=\xe9{LONG}; csrftoken=\xff; messages=a:b:c; ;=;\"; a=\"\\777"),
    "language": request(accept_language="\xe9" + "a-" * 2000),
    "origin": post(b"", origin="http://["),
    "CSRF token": post(b"csrfmiddlewaretoken=%ff" + LONG.encode()),
    "bytes in a form": post(b"csrfmiddlewaretoken=" + CSRF.encode() + b"&login=%00%ff&password=%00\xff"),
    "next": request(LOGIN + "?next=http://[%0a%00"),
    "method": request(method="FOO"),
    "TRACE": request(method="TRACE"),
    "content length": request(content_length="1_000"),
    "long content length": request(content_length="9" * 30),
    "body that is too large": post(b"x", content_length="9999999"),
    "address of no ASCII": request("/\xe9"),
    "address that is none": request("*"),
    "whole address": request("http://[/"),
    "percent signs": request("/chat/%ff%00%zz/"),
    "long address": request("/" + LONG),
    "line breaks in an address": request("/nope%0aERROR%20root:%20forged%0d%1b[2J%e2%80%a8x"),
    "two slashes": request("//evil.example/%0a"),
    "static": request("/static/%00"),
    "static above": request("/static/%2e%2e/%2e%2e/%ff" + LONG),
    "dates and ranges": request("/static/css/%00.css", if_modified_since="x", range="bytes=x-", if_none_match="\xe9"),
    "token": request("/api/rooms", authorization="Bearer \xff"),
    "JSON": post(b"[" * 60_000, "application/json", "/api/rooms"),
    "key of a mail": request("/accounts/password/reset/key/%00-%0a/"),
    "invitation": request("/chat/invite/%00%ff/"),
    "health": request("/livez", host=LONG),
    "admin": post(b"username=%00", target="/admin/login/?next=//["),
    "websocket": request("/ws/chat/%00/", upgrade="websocket", connection="Upgrade", sec_websocket_key="x"),
    "websocket nowhere": request("/%ff", upgrade="websocket", connection="Upgrade", sec_websocket_version="13",
                                 sec_websocket_key="AAAAAAAAAAAAAAAAAAAAAA=="),
}  # fmt: skip


@pytest.fixture
def log():
    """What the configured handler writes."""
    [handler] = [found for found in logging.getLogger().handlers if found.name == "stderr"]
    written = io.StringIO()
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


async def test_a_malformed_request_is_at_most_one_short_line(log, tried):
    wrong = {}
    async with Serving(application, http=HttpProtocol, log_config=None) as server:
        for name, data in REQUESTS.items():
            status, _headers, _body = await ask(server, data)
            lines = log.getvalue().splitlines()
            log.seek(0)
            log.truncate()
            if not 200 <= status < 500 or len(lines) > 1 or not all(is_short(line) for line in lines):
                wrong[name] = (status, len(lines), [line[:LINE] for line in lines[:2] + lines[-1:]])
    assert wrong == {}
    tried("malformed requests", len(REQUESTS))


def is_short(line: str) -> bool:
    return len(line) <= LINE and line.isprintable()


@pytest.mark.parametrize("charset", ODD)
def test_text_is_utf_8_whatever_the_client_says(charset):
    body = b'--b\r\nContent-Disposition: form-data; name="login"\r\n\r\n\xc3\xa9\r\n--b--\r\n'
    content_type = f"{MULTIPART}; charset={charset}".encode()
    headers = [(b"content-type", content_type), (b"content-length", b"%d" % len(body))]
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"q=%C3%A9", "headers": headers}
    request = Utf8Request(scope, io.BytesIO(body))
    assert request.GET["q"] == request.POST["login"] == "é"


def test_an_error_of_ours_keeps_its_traceback(log):
    request = logging.getLogger("django.request")
    try:
        raise ValueError("ours")
    except ValueError:
        request.error("Internal Server Error: /", exc_info=True, extra={"status_code": 500})
        logging.getLogger("rooms").exception("something else")
    assert log.getvalue().count("Traceback") == 2
