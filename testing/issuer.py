"""An issuer that speaks OpenID Connect and does what a test wants of it, also what no honest one does."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


@cache
def private_key(name: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)  # which takes a while, so each once


@dataclass
class Key:
    id: str
    private: rsa.RSAPrivateKey

    def public(self) -> dict:
        shown = jwt.algorithms.RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return {**shown, "kid": self.id, "use": "sig", "alg": "RS256"}


@dataclass
class Grant:
    """What a code stands for."""

    query: dict[str, str]
    person: dict[str, Any]


class FakeIssuer:
    """person: the claims of whoever sits at the browser. change: what is done to an ID token before it is signed.
    sign: how, if not with the newest key. Everything else is as the standard says, and refused otherwise."""

    def __init__(self, client_id: str = "roundtable", secret: str = "s3cret/+"):  # noqa: S107
        self.client_id, self.secret = client_id, secret
        self.keys = [Key("first", private_key("first"))]
        self.person: dict[str, Any] = {"sub": "1001", "email": "ann@example.org", "email_verified": True}
        self.change: Callable[[dict], dict] = lambda claims: claims
        self.sign: Callable[[dict], str] = self.sign_with_key
        self.userinfo: dict[str, Any] | None = None
        self.config: dict[str, Any] = {}
        self.asked: list[str] = []
        self.codes: dict[str, Grant] = {}
        self.tokens: dict[str, Grant] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def rotate(self) -> None:
        """Another key; the old one is no longer shown."""
        self.keys = [Key("second", private_key("second"))]

    def sign_with_key(self, claims: dict) -> str:
        return jwt.encode(claims, self.keys[-1].private, "RS256", {"kid": self.keys[-1].id})

    def logout_token(self, **changed: Any) -> str:
        """As it comes by the back channel. A changed claim that is None is left out."""
        claims = {
            "iss": self.address,
            "aud": self.client_id,
            "iat": int(time.time()),
            "exp": int(time.time()) + 120,
            "jti": secrets.token_hex(8),
            "events": {LOGOUT_EVENT: {}},
        } | changed
        return self.sign({name: value for name, value in claims.items() if value is not None})

    # What the endpoints do: each returns a status, JSON and perhaps where the browser goes.

    def discovery(self) -> dict:
        here = self.address
        return {
            "issuer": here,
            "authorization_endpoint": f"{here}/authorize",
            "token_endpoint": f"{here}/token",
            "jwks_uri": f"{here}/keys",
            "userinfo_endpoint": f"{here}/userinfo",
            "end_session_endpoint": f"{here}/end",
            "backchannel_logout_supported": True,
            "code_challenge_methods_supported": ["S256"],
        } | self.config

    def authorize(self, query: dict[str, str]) -> tuple[int, str]:
        wanted = ("code", self.client_id, "S256")
        if tuple(query.get(name) for name in ("response_type", "client_id", "code_challenge_method")) != wanted:
            return 400, ""
        if "openid" not in query["scope"].split() or not query.get("state") or not query.get("nonce"):
            return 400, ""
        code = secrets.token_urlsafe(12)
        self.codes[code] = Grant(query, dict(self.person))
        return 302, f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state'], 'iss': self.address})}"

    def exchange(self, form: dict[str, str], authorization: str) -> tuple[int, dict]:
        pair = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        if [unquote(each) for each in pair.split(":")] != [self.client_id, self.secret]:
            return 401, {"error": "invalid_client"}
        grant = self.codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if (
            grant is None
            or form.get("redirect_uri") != grant.query["redirect_uri"]
            or challenge.decode().rstrip("=") != grant.query["code_challenge"]
        ):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.address,
            "aud": self.client_id,
            "iat": now,
            "exp": now + 300,
            "nonce": grant.query["nonce"],
            "sub": grant.person["sub"],
            **({"auth_time": now} if "max_age" in grant.query else {}),
            **({"sid": grant.person["sid"]} if "sid" in grant.person else {}),
        }
        token = secrets.token_urlsafe(12)
        self.tokens[token] = grant
        return 200, {"access_token": token, "token_type": "Bearer", "id_token": self.sign(self.change(claims))}

    def person_of(self, authorization: str) -> tuple[int, dict]:
        grant = self.tokens.get(authorization.removeprefix("Bearer "))
        return (200, self.userinfo or grant.person) if grant else (401, {"error": "invalid_token"})


def _handler(issuer: FakeIssuer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802 - the name that the library calls
            where = urlsplit(self.path)
            issuer.asked.append(where.path)
            query = {name: values[0] for name, values in parse_qs(where.query).items()}
            if where.path == "/authorize":
                status, location = issuer.authorize(query)
                return self._answer(status, {}, location)
            answers = {
                "/.well-known/openid-configuration": lambda: (200, issuer.discovery()),
                "/keys": lambda: (200, {"keys": [key.public() for key in issuer.keys]}),
                "/userinfo": lambda: issuer.person_of(self.headers.get("Authorization", "")),
            }
            status, found = answers[where.path]() if where.path in answers else (404, {})
            return self._answer(status, found)

        def do_POST(self) -> None:  # noqa: N802 - likewise
            issuer.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._answer(*issuer.exchange(form, self.headers.get("Authorization", "")))

        def _answer(self, status: int, found: dict, location: str = "") -> None:
            body = json.dumps(found).encode()
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Nothing."""

    return Handler
