"""Signing in at an issuer: the authorization code flow of OpenID Connect, with state, nonce and PKCE."""

from base64 import b64encode
from typing import Any
from urllib.parse import quote_plus, urlencode

from . import fetching, metadata, tokens
from .identity import Identity, from_claims
from .issuer import Issuer
from .tokens import BadToken


def address_of(issuer: Issuer, redirect_uri: str, state: str, nonce: str, challenge: str, again: bool = False) -> str:
    """Where a browser is sent. again: the person has to sign in there once more. Raises IssuerAway."""
    query = {
        "response_type": "code",
        "client_id": issuer.client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(issuer.wanted_scopes),
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    if again:
        query |= {"prompt": "login", "max_age": "0"}
    authorization = metadata.of(issuer).authorization
    return f"{authorization}{'&' if '?' in authorization else '?'}{urlencode(query)}"


def identify(issuer: Issuer, code: str, redirect_uri: str, verifier: str, nonce: str) -> tuple[Identity, float]:
    """Who has signed in, and when, in seconds since 1970; 0: it is not told. Raises BadToken and IssuerAway."""
    status, answer = exchange(issuer, code, redirect_uri, verifier)
    if status != 200 or not isinstance(answer, dict):
        raise BadToken(f"the code was not taken ({status}{error_of(answer)})")
    claims = tokens.check_id_token(issuer, answer.get("id_token"), nonce)
    userinfo = _userinfo(issuer, answer.get("access_token"), claims["sub"])
    when = claims.get("auth_time")
    return from_claims(claims, userinfo), float(when) if isinstance(when, (int, float)) else 0.0


def exchange(issuer: Issuer, code: str, redirect_uri: str, verifier: str) -> tuple[int, Any]:
    """The status and the answer of the issuer to a code. Raises IssuerAway."""
    known = metadata.of(issuer)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
    }
    headers = {}
    # The standard's default is `basic`, in which both are encoded first (RFC 6749, 2.3.1).
    if issuer.client_secret and ("client_secret_basic" in known.auth_methods or not known.auth_methods):
        pair = f"{quote_plus(issuer.client_id)}:{quote_plus(issuer.client_secret)}"
        headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    else:
        form |= {"client_id": issuer.client_id}
        form |= {"client_secret": issuer.client_secret} if issuer.client_secret else {}
    return fetching.post(issuer, known.token, form, headers)


def error_of(answer: Any) -> str:
    """What an issuer calls its refusal, for the log."""
    error = answer.get("error") if isinstance(answer, dict) else None
    return f", {error[:60]!r}" if isinstance(error, str) else ""


def _userinfo(issuer: Issuer, access_token: Any, subject: str) -> dict[str, Any]:
    """What it says beside the token. Raises BadToken when it is about somebody else, and IssuerAway."""
    address = metadata.of(issuer).userinfo
    if not address or not isinstance(access_token, str):
        return {}
    found = fetching.get(issuer, address, {"Authorization": f"Bearer {access_token}"})
    if not isinstance(found, dict) or found.get("sub") != subject:
        raise BadToken("what the issuer says of the person is about somebody else")
    return found
