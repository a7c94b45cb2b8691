"""What is known of an issuer: a program in which people have accounts, such as Keycloak or Google, and that says who
somebody is. Checks what the environment or staff say of one; knows no rows."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _  # they are also said before Django has started

SIGN_UP = ("open", "always", "never")
LOOPBACK = ("localhost", "127.0.0.1", "::1")
MAX_URL = 200  # characters: as long as the column of allauth that holds it
_KEY = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")
_DOMAIN = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_FOR_ALL_TENANTS = ("common", "organizations", "consumers")


@dataclass(frozen=True, slots=True)
class Kind:
    """What is the same for all issuers of a kind. issuer: the only one, or the usual one. example: of others."""

    name: str
    issuer: str = ""
    example: str = ""
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    groups_claim: str = "groups"


KINDS = {
    "oidc": Kind("OpenID Connect", example="https://id.example.org"),
    "google": Kind("Google", issuer="https://accounts.google.com"),
    "github": Kind("GitHub", issuer="https://github.com", scopes=("read:user", "user:email"), groups_claim=""),
    "gitlab": Kind("GitLab", issuer="https://gitlab.com", groups_claim="groups_direct"),
    "microsoft": Kind("Microsoft", example="https://login.microsoftonline.com/TENANT/v2.0"),
    "keycloak": Kind("Keycloak", example="https://id.example.org/realms/NAME"),
    "authentik": Kind("Authentik", example="https://id.example.org/application/o/NAME/"),
}


class BadIssuer(ValueError):
    """field: what is wrong; the text is a sentence for whoever set it."""

    def __init__(self, field: str, sentence: str, **params: str):
        super().__init__(sentence % params)
        self.field, self._sentence, self._params = field, sentence, params

    @property
    def translated(self) -> str:
        return gettext(self._sentence) % self._params


@dataclass(frozen=True, slots=True)
class Issuer:
    """key: names it in addresses of this site. domains: of the only addresses that may come; (): any.

    trust_addresses: an account here with the same confirmed address is taken for that person's. sign_up: who has no
    account gets one: as OPEN_SIGNUP says, always or never. hours: how long a session lasts; 0: as any other. private:
    it may be on a private network.
    """

    key: str
    kind: str
    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    name: str = ""
    scopes: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    trust_addresses: bool = False
    sign_up: str = "open"
    hours: int = 0
    private: bool = False

    @property
    def is_oidc(self) -> bool:
        return self.kind != "github"

    @property
    def title(self) -> str:
        """What the button calls it."""
        return self.name or KINDS[self.kind].name

    @property
    def wanted_scopes(self) -> tuple[str, ...]:
        return self.scopes or KINDS[self.kind].scopes

    def admits(self, address: str) -> bool:
        """Whether somebody with this address may come. address: one that it has verified, or ""."""
        return not self.domains or address.lower().rpartition("@")[2] in self.domains


def make_issuer(fields: Mapping[str, Any], private: bool) -> Issuer:
    """Raises BadIssuer for what cannot work, and for names that are no fields of an Issuer."""
    if unknown := sorted(set(fields) - set(Issuer.__slots__) | ({"private"} & set(fields))):
        raise BadIssuer(unknown[0], _("There is no such setting: %(name)s."), name=unknown[0])
    given: dict[str, Any] = {name: value.strip() if isinstance(value, str) else value for name, value in fields.items()}
    _check_types(given)
    kind = given.setdefault("kind", "oidc")
    if kind not in KINDS:
        raise BadIssuer("kind", _("Use one of: %(kinds)s."), kinds=", ".join(KINDS))
    given["issuer"] = _checked_url(given.get("issuer") or KINDS[kind].issuer, kind, private)
    for name in ("key", "client_id"):
        if not given.get(name):
            raise BadIssuer(name, _("This is needed."))
    if not _KEY.fullmatch(given["key"]):
        raise BadIssuer("key", _("Use up to 32 lower-case letters, digits and “-”."))
    given["domains"] = tuple(each.lower().removeprefix("@") for each in given.get("domains", ()))
    if not all(map(_DOMAIN.fullmatch, given["domains"])):
        raise BadIssuer("domains", _("Use domains like example.org."))
    if given.get("sign_up", "open") not in SIGN_UP:
        raise BadIssuer("sign_up", _("Use one of: %(kinds)s."), kinds=", ".join(SIGN_UP))
    if not 0 <= given.get("hours", 0) <= 10_000:
        raise BadIssuer("hours", _("Use a whole number from 0 to 10000."))
    given["scopes"] = tuple(given.get("scopes", ()))
    if given["scopes"] and kind != "github" and "openid" not in given["scopes"]:
        raise BadIssuer("scopes", _("The scope openid is needed."))
    return Issuer(**given, private=private)


def is_loopback(url: str) -> bool:
    return urlsplit(url).hostname in LOOPBACK


def _check_types(given: Mapping[str, Any]) -> None:
    lists, flags, numbers = ("domains", "scopes"), ("trust_addresses",), ("hours",)
    for name, value in given.items():
        if name in lists:
            right = isinstance(value, (list, tuple)) and all(isinstance(each, str) for each in value)
        elif name in flags:
            right = isinstance(value, bool)
        elif name in numbers:
            right = isinstance(value, int) and not isinstance(value, bool)
        else:
            right = isinstance(value, str)
        if not right:
            raise BadIssuer(name, _("This value is not of the right kind."))


def _checked_url(url: str, kind: str, private: bool) -> str:
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        host = None
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= MAX_URL
    if not plain or not host or "@" in parts.netloc or parts.query or parts.fragment:
        raise BadIssuer("issuer", _("Use an address like %(example)s."), example=KINDS[kind].example or url)
    if parts.scheme != "https" and not (parts.scheme == "http" and private and host in LOOPBACK):
        raise BadIssuer("issuer", _("The address has to begin with https://."))
    tenant = parts.path.strip("/").partition("/")[0].lower()
    if kind == "microsoft" and tenant in (*_FOR_ALL_TENANTS, ""):
        raise BadIssuer("issuer", _("Name your tenant in the address: anybody can sign in to the others."))
    return url if kind != "github" else url.rstrip("/")
