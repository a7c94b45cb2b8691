"""Requests and handshakes of every kind, most of them wrong."""

import random

METHODS = ["GET", "GET", "POST", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"]
METHODS += ["PRI", "get", "G E T", "", "\x00", "FOO", "SUBSCRIBE", "X" * 300]
TARGETS = ["/", "/chat/", "/chat/lobby/", "/chat/nothing/", "/api/rooms", "/api/rooms/lobby/messages", "/healthz"]
TARGETS += [
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/static/js/main.js",
    "/static/../.env",
]
TARGETS += [
    "/metrics",
    "/admin/",
    "/search/?q=%00",
    "/ws/chat/lobby/",
    "/chat/invite/x/",
    "http://localhost/chat/",
    "*",
]
TARGETS += [
    "http://evil.example/chat/",
    "//evil.example/",
    "localhost:443",
    "/%zz",
    "/%",
    "/%ff%fe",
    "/\xff",
    "/a b",
    "",
]
TARGETS += [
    "/chat/%00/",
    "/chat/../api/rooms",
    "/./chat/",
    "/chat/" + "x" * 3000 + "/",
    "/" + "y" * 40_000,
    "?",
    "#",
    "/?",
]
TARGETS += [
    "/api/rooms?limit=%ff",
    "/api/search?q=" + "z" * 5000,
    "http://[::1/",
    "/api/rooms/lobby/messages/9/receipt",
]
VERSIONS = ["HTTP/1.1"] * 12 + [
    "HTTP/1.0",
    "HTTP/1.0",
    "HTTP/0.9",
    "HTTP/2.0",
    "HTTP/3.7",
    "HTTP/1.1 x",
    "http/1.1",
    "",
]
HEADERS = [
    *(
        "Host: evil.example",
        "Host: localhost:99999",
        "Host: a b",
        "Host: ",
        "Host: [::1",
        "Host: \xff",
        "Host: localhost",
    ),
    *("Content-Length: 5", "Content-Length: -5", "Content-Length: +5", "Content-Length: 0x5", "Content-Length: 5, 5"),
    *("Content-Length: 99999999999999999999", "Content-Length: 2000000", "Content-Length:", "Content-Length: five"),
    *("Transfer-Encoding: chunked", "Transfer-Encoding: gzip", "Transfer-Encoding: chunked, chunked"),
    *("Transfer-Encoding: identity", "Transfer-Encoding: xchunked", "Transfer-Encoding : chunked"),
    *("Transfer-Encoding: gzip, chunked", "Transfer-Encoding:\x0bchunked", "Expect: 100-continue", "Expect: magic"),
    *("Connection: close", "Connection: keep-alive", "Connection: upgrade", "Upgrade: websocket", "Upgrade: h2c"),
    *("Upgrade: magic", "HTTP2-Settings: AAA", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: short"),
    *(
        "Cookie: sessionid=x",
        "Cookie: sessionid=%00\xff",
        "Cookie: =;;=",
        "Cookie: " + "a=b; " * 900,
        "Cookie: csrftoken=é",
    ),
    *("Authorization: Bearer x", "Authorization: Bearer", "Authorization: Basic \xff", "Authorization: Bearer \xff"),
    *(
        "Accept-Language: \xff, *;q=x",
        "Accept-Language: de",
        "Accept-Language: " + "en," * 600,
        "Accept-Encoding: br;q=x",
    ),
    *("Range: bytes=0-", "Range: bytes=9-1", "Range: x", "If-Modified-Since: never", "If-None-Match: \xff"),
    *("X-Forwarded-For: 1.2.3.4", "X-Forwarded-Proto: https", "X-Forwarded-For: \xff", "X-CSRFToken: x" * 50),
    *("Content-Type: application/json", "Content-Type: multipart/form-data", "Content-Type: text/plain; charset=\xff"),
    *("Content-Type: multipart/form-data; boundary=b", "Content-Type: application/x-www-form-urlencoded; charset=x"),
    *(
        "Content-Encoding: gzip",
        "Origin: null",
        "Referer: \xff",
        "no colon",
        ": no name",
        "X\x00: y",
        "X: \x00",
        " folded: x",
    ),
    *("X: " + "y" * 9000, "Trailer: X", "TE: trailers", "Forwarded: for=x", "X-HTTP-Method-Override: DELETE"),
]
BODIES = [
    "",
    "",
    "hello",
    "5\r\nhello\r\n0\r\n\r\n",
    "5;x=y\r\nhello\r\n0\r\nX: y\r\n\r\n",
    "zz\r\n",
    "-1\r\n",
    "{",
    "x" * 70_000,
]
BODIES += [
    "a=b&" * 1200,
    '{"title": "x"}',
    '--b\r\nContent-Disposition: form-data; name="x"; filename="y"\r\n\r\nz\r\n--b--\r\n',
]
ENDS = ["\r\n"] * 12 + ["\n", "\r", "\n\r"]


def a_request(generator: random.Random, session: str) -> bytes:
    """A request that a client may send, with a few things wrong."""
    method, target = generator.choice(METHODS), generator.choice(TARGETS)
    version = generator.choice(VERSIONS)
    lines = [f"{method} {target} {version}", *([] if generator.random() < 0.1 else ["Host: localhost"])]
    lines += generator.sample(HEADERS, generator.choice([0, 1, 1, 2, 2, 3, 5]))
    lines += [f"Cookie: {session}"] if generator.random() < 0.3 else []
    body, end = generator.choice(BODIES), generator.choice(ENDS)
    if generator.random() < 0.3:
        lines.append(f"Content-Length: {len(body)}")
    generator.shuffle(rest := lines[1:])
    data = end.join([lines[0], *rest, "", ""]).encode("latin-1") + body.encode("latin-1")
    wrong = generator.random()
    if wrong < 0.1:  # torn off
        return data[: generator.randrange(len(data) + 1)]
    if wrong < 0.25:  # a few bytes are others
        changed = bytearray(data)
        for _ in range(generator.randrange(1, 6)):
            changed[generator.randrange(min(len(changed), 400))] = generator.randrange(256)
        return bytes(changed)
    if wrong < 0.3:
        return data + data  # twice
    return data


def a_handshake(generator: random.Random, port: int, access: list[str]) -> bytes:
    paths = ["/ws/chat/lobby/"] * 6 + [
        "/",
        "/ws/",
        "/ws/chat/",
        "/ws/chat//",
        "/ws/chat/lobby",
        "/ws/chat/a/b/",
        "/ws/chat/%00/",
    ]
    paths += [
        "/ws/chat/%ff/",
        "/ws/chat/" + "x" * 500 + "/",
        "/ws/chat/lobby/?since=x",
        "/ws/chat/lobby/?since=-1",
        "/chat/",
    ]
    paths += [
        "/ws/chat/lobby/?since=0&since=9",
        "/ws/chat/lobby/?" + "a=b&" * 500,
        "http://localhost/ws/chat/lobby/",
        "//x/",
        "/\xff",
    ]
    headers = {
        "Host": [f"127.0.0.1:{port}"] * 9 + ["evil.example", "", "a b"],
        "Upgrade": ["websocket"] * 9 + ["WebSocket", "websocket, h2c", "h2c", ""],
        "Connection": ["Upgrade"] * 9 + ["keep-alive, Upgrade", "close", "upgrade, close"],
        "Sec-WebSocket-Version": ["13"] * 9 + ["8", "14", "", "13, 8", "x"],
        "Sec-WebSocket-Key": ["AAAAAAAAAAAAAAAAAAAAAA=="] * 9 + ["short", "", "\xff" * 16, "A" * 9000],
        "Sec-WebSocket-Protocol": ["chat.v1"] * 5
        + ["", ",,,", "chat.v2", "chat.v1, chat.v1", "a b", "\xff", "x," * 500],
        "Sec-WebSocket-Extensions": [""] * 5 + ["permessage-deflate", "x; y=z", ";;", "\xff"],
        "Origin": [f"http://127.0.0.1:{port}"] * 6 + ["null", "http://evil.example", "\xff", ""],
        "Content-Length": [None] * 9 + ["0", "5", "x"],
        "Transfer-Encoding": [None] * 12 + ["chunked"],
    }
    method = generator.choice(["GET"] * 12 + ["POST", "HEAD", "PUT"])
    version = generator.choice(["HTTP/1.1"] * 12 + ["HTTP/1.0", "HTTP/2.0"])
    lines = [f"{method} {generator.choice(paths)} {version}", generator.choice(access)]
    for name, values in headers.items():
        value = generator.choice(values)
        if value is not None and generator.random() > 0.03:
            lines += [f"{name}: {value}"] * (2 if generator.random() < 0.02 else 1)
    return "\r\n".join([*(line for line in lines if line), "", ""]).encode("latin-1")
