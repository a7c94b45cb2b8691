"""Signing in at GitHub, which speaks OAuth 2 and no OpenID Connect: its API is asked who somebody is."""

from typing import Any
from urllib.parse import urlencode

from . import fetching
from .identity import Identity, checked_address
from .issuer import KINDS, Issuer
from .oidc import error_of
from .tokens import BadToken


def address_of(issuer: Issuer, redirect_uri: str, state: str, challenge: str) -> str:
    """Where a browser is sent."""
    query = {
        "client_id": issuer.client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(issuer.wanted_scopes),
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{issuer.issuer}/login/oauth/authorize?{urlencode(query)}"


def identify(issuer: Issuer, code: str, redirect_uri: str, verifier: str) -> Identity:
    """Who has signed in. Raises BadToken and IssuerAway."""
    _status, answer = exchange(issuer, code, redirect_uri, verifier)
    token = answer.get("access_token") if isinstance(answer, dict) else None
    if not isinstance(token, str):
        raise BadToken(f"the code was not taken{error_of(answer)}")
    headers = {"Authorization": f"Bearer {token}"}
    person = fetching.get(issuer, f"{api_of(issuer)}/user", headers)
    if not isinstance(person, dict) or not isinstance(person.get("id"), int):
        raise BadToken("GitHub does not say who it is")
    handle, name = (person.get(each) if isinstance(person.get(each), str) else "" for each in ("login", "name"))
    return Identity(issuer.issuer, str(person["id"]), _address(issuer, headers), handle or "", name or "")


def exchange(issuer: Issuer, code: str, redirect_uri: str, verifier: str) -> tuple[int, Any]:
    """The status and the answer to a code. Raises IssuerAway."""
    form = {
        "client_id": issuer.client_id,
        "client_secret": issuer.client_secret,
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
    }
    return fetching.post(issuer, f"{issuer.issuer}/login/oauth/access_token", form, {})


def api_of(issuer: Issuer) -> str:
    """GitHub's own is a host, that of a GitHub in a company a path."""
    own = issuer.issuer == KINDS["github"].issuer
    return "https://api.github.com" if own else f"{issuer.issuer}/api/v3"


def _address(issuer: Issuer, headers: dict[str, str]) -> str:
    """The primary address, if it is verified."""
    found = fetching.get(issuer, f"{api_of(issuer)}/user/emails", headers)
    for each in found if isinstance(found, list) else ():
        if isinstance(each, dict) and each.get("primary") is True and each.get("verified") is True:
            return checked_address(each.get("email"))
    return ""
