"""Checks the signed tokens of an issuer: who somebody is (OpenID Connect Core 1.0, 3.1.3.7), and that they signed out
there (Back-Channel Logout 1.0, 2.6).

allauth does not look at the signature of a token that it fetched itself, and sends no nonce; here nothing is believed
that is not signed for this server and this sign-in.
"""

import hmac
import time
from typing import TYPE_CHECKING, Any

from . import metadata
from .issuer import Issuer

if TYPE_CHECKING:
    import jwt

# No shared secrets (HS…), and no "none".
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
LEEWAY = 60  # seconds that clocks may differ
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
LOGOUT_SECONDS = 300  # how old a message about a logout may be
MAX_TOKEN = 32 * 1024  # characters
MAX_SUBJECT = 191  # as long as the column of allauth


class BadToken(Exception):
    """It is not what it has to be. The text says why, for the log."""


def check_id_token(issuer: Issuer, token: Any, nonce: str) -> dict[str, Any]:
    """Its claims. Raises BadToken, and IssuerAway when the keys cannot be had."""
    claims = _decode(issuer, token, ["exp", "iat", "iss", "aud", "sub"])
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= MAX_SUBJECT or not subject.isprintable():
        raise BadToken("the subject is not a text, or too long")
    if not isinstance(claims.get("nonce"), str) or not hmac.compare_digest(claims["nonce"].encode(), nonce.encode()):
        raise BadToken("the nonce is not that of this sign-in")
    return claims


def can_sign(key: dict) -> bool:
    """Whether a token that this key has signed may be taken. key: a JWK."""
    return any(_fits(key, key.get("kid"), algorithm) for algorithm in ALGORITHMS)


def check_logout_token(issuer: Issuer, token: Any) -> dict[str, Any]:
    """The claims of a message by the back channel, with `sub`, `sid` or both. Raises as `check_id_token` does."""
    claims = _decode(issuer, token, ["iat", "iss", "aud", "jti"])
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
        raise BadToken("it is no message about a logout")
    if "nonce" in claims:
        raise BadToken("it has a nonce: it is a token of another kind")
    if not isinstance(claims["iat"], (int, float)) or claims["iat"] < time.time() - LOGOUT_SECONDS:
        raise BadToken("it is too old")
    named = [claims[name] for name in ("sub", "sid", "jti") if name in claims]
    if not any(claims.get(name) for name in ("sub", "sid")) or not all(isinstance(each, str) for each in named):
        raise BadToken("it does not say who has signed out")
    return claims


def _decode(issuer: Issuer, token: Any, required: list[str]) -> dict[str, Any]:
    import jwt  # here and below: only processes that ask an issuer load it

    if not isinstance(token, str) or len(token) > MAX_TOKEN:
        raise BadToken("there is no token, or it is too long")
    try:
        header = jwt.get_unverified_header(token)
        algorithm = header.get("alg")
        if algorithm not in ALGORITHMS:
            raise BadToken(f"its algorithm is {str(algorithm)[:20]!r}")
        claims = jwt.decode(
            token,
            _key(issuer, header.get("kid"), algorithm),
            algorithms=[algorithm],
            audience=issuer.client_id,
            issuer=metadata.of(issuer).issuer,
            leeway=LEEWAY,
            options={"require": required},
        )
    except jwt.PyJWTError as error:
        raise BadToken(str(error)) from None
    if claims.get("azp", issuer.client_id) != issuer.client_id:
        raise BadToken("it was made for another program")
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and "azp" not in claims:
        raise BadToken("it is for several programs, and does not say for which")
    return claims


def _key(issuer: Issuer, key_id: Any, algorithm: str) -> "jwt.PyJWK":
    """The key that signed. An issuer that changed its keys is asked again. Raises BadToken and IssuerAway."""
    import jwt

    for newer in (False, True):
        fitting = [each for each in metadata.keys_of(issuer, newer) if _fits(each, key_id, algorithm)]
        if len(fitting) == 1 or (fitting and key_id is not None):
            return jwt.PyJWK.from_dict(fitting[0], algorithm)
    raise BadToken("the issuer has no such key")


def _fits(key: dict, key_id: Any, algorithm: str) -> bool:
    families = {"RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}
    return (
        (key_id is None or key.get("kid") == key_id)
        and key.get("kty") == families[algorithm[:2]]
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
    )
