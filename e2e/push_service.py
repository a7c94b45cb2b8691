"""A push service that speaks the protocol: RFC 8030 (the request), 8188 and 8291 (what only a browser can read) and
8292 (who sends). It has the browsers' keys, and takes only what such a service would."""

import base64
import json
import secrets
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import time

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()


def to_text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def to_bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point_of(key) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


@dataclass
class Browser:
    """One that has subscribed."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(CURVE))
    auth: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def to_json(self) -> dict:
        """As PushSubscription.toJSON() in a page."""
        keys = {"p256dh": to_text(point_of(self.key)), "auth": to_text(self.auth)}
        return {"endpoint": self.endpoint, "expirationTime": None, "keys": keys}

    def decrypt(self, body: bytes) -> bytes:
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        theirs, record = body[21 : 21 + length], body[21 + length :]
        assert size == 4096 and len(body) <= 4096 and length == 65
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs))
        secret = _derive(self.auth, shared, b"WebPush: info\0" + point_of(self.key) + theirs, 32)
        key = _derive(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _derive(salt, secret, b"Content-Encoding: nonce\0", 12)
        padded = AESGCM(key).decrypt(nonce, record, None).rstrip(b"\0")
        assert padded[-1] == 2  # the last record
        return padded[:-1]


def _derive(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)


@dataclass(frozen=True)
class Push:
    """One that was taken."""

    endpoint: str
    headers: dict
    payload: dict


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # the usual 5 resets some of the connections that a job opens at once

    def handle_error(self, *_request):
        """Whoever asked has died."""


class PushService:
    """answers: for an endpoint, what it says next: (status, headers[, body]); then 201. held: endpoints that say
    nothing until `release` is set."""

    def __init__(self):
        self.pushes: list[Push] = []
        self.refused: list[tuple[str, int]] = []  # with what they were told
        self.problems: list[str] = []
        self.answers: dict[str, list[tuple]] = defaultdict(list)
        self.held: set[str] = set()
        self.release = threading.Event()
        self.reached = threading.Semaphore(0)  # once for each request that is held
        self._browsers: dict[str, Browser] = {}
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def subscribe(self) -> Browser:
        browser = Browser(f"{self.origin}/push/{secrets.token_urlsafe(16)}")
        self._browsers[browser.endpoint] = browser
        return browser

    def shown(self, browser: Browser) -> list[dict]:
        """What this browser was told."""
        return [push.payload for push in list(self.pushes) if push.endpoint == browser.endpoint]

    def close(self) -> None:
        self.release.set()
        self._server.shutdown()
        self._server.server_close()

    def take(self, path: str, headers: dict, body: bytes) -> tuple[int, dict, bytes]:
        endpoint = self.origin + path
        if endpoint in self.held:
            self.reached.release()
            self.release.wait()
        if self.answers[endpoint]:
            status, more, *said = self.answers[endpoint].pop(0)
            self.refused.append((endpoint, status))
            return status, more, b"".join(said)
        try:
            self._check(headers)
            payload = json.loads(self._browsers[endpoint].decrypt(body))
        except Exception as error:  # noqa: BLE001 - the test says so
            self.problems.append(repr(error))
            return 400, {}, b""
        self.pushes.append(Push(endpoint, headers, payload))
        return 201, {"Location": f"{self.origin}/message/{secrets.token_urlsafe(8)}"}, b""

    def _check(self, headers: dict) -> None:
        assert 0 < int(headers["ttl"]) <= 28 * 24 * 3600
        assert headers["content-encoding"] == "aes128gcm" and headers["urgency"] in ("low", "normal", "high")
        assert len(headers["topic"]) <= 32 and len(to_bytes(headers["topic"])) == 24
        scheme, _, rest = headers["authorization"].partition(" ")
        parts = dict(part.strip().split("=", 1) for part in rest.split(","))
        assert scheme == "vapid"
        signed, _, signature = parts["t"].rpartition(".")
        raw = to_bytes(signature)
        numbers = encode_dss_signature(*(int.from_bytes(half, "big") for half in (raw[:32], raw[32:])))
        key = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, to_bytes(parts["k"]))
        key.verify(numbers, signed.encode(), ec.ECDSA(SHA256()))
        claims = json.loads(to_bytes(signed.split(".")[1]))
        assert claims["aud"] == self.origin and time() < claims["exp"] <= time() + 24 * 3600
        assert claims["sub"].startswith(("mailto:", "https://"))

    def _handler(service):  # noqa: N805 - `self` is the handler's
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                length = int(self.headers["Content-Length"])
                body = self.rfile.read(length)
                if len(body) < length:  # whoever sent it has died
                    self.close_connection = True
                    return
                headers = {name.lower(): value for name, value in self.headers.items()}
                status, more, said = service.take(self.path, headers, body)
                self.send_response(status)
                for name, value in {"Content-Length": str(len(said)), **more}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_args):
                pass

        return Handler
