"""Where mail goes out: EMAIL_URL, or the same in settings one by one. What does not fit raises ImproperlyConfigured
with one sentence, which never holds the password."""

import re
from dataclasses import dataclass
from email.utils import parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PORTS = {"no": 25, "starttls": 587, "tls": 465}
_URL_HELP = (
    "use smtp://user:password@host:587/?tls=starttls, or smtps://user:password@host:465, "
    "with what is special in the user and the password encoded as in %40"
)
_HOST = re.compile(r"[\w.:-]{1,255}", re.ASCII)  # or an address


@dataclass(frozen=True, slots=True)
class MailServer:
    host: str = ""  # empty: none
    port: int = 0
    user: str = ""
    password: str = ""
    tls: str = "no"  # a key of PORTS


def read(*, url: str, host: str, port: int, user: str, password: str, tls: str) -> MailServer:
    """port: 0 where it is not given. tls: likewise empty; then it follows from the port."""
    given = {"EMAIL_HOST": host, "EMAIL_PORT": port, "EMAIL_USER": user, "EMAIL_PASSWORD": password, "EMAIL_TLS": tls}
    others = [name for name, value in given.items() if value]
    if url and others:
        raise ImproperlyConfigured(f"EMAIL_URL and {others[0]} are both set; use one way.")
    if url:
        return _check(_parse(url), "EMAIL_URL", sure=True)
    if not host:
        if others:
            raise ImproperlyConfigured(f"{others[0]} is set, but EMAIL_HOST is not.")
        return MailServer()
    if tls not in ("", *PORTS):
        raise ImproperlyConfigured(f"EMAIL_TLS is {tls!r}; use one of: {', '.join(PORTS)}.")
    chosen = tls or _tls_of(port)
    return _check(MailServer(host, port or PORTS[chosen], user, password, chosen), "EMAIL_HOST", sure=bool(tls))


def sender(given: str, user: str) -> str:
    """EMAIL_FROM; unset: the user of the mail server, where that is an address."""
    found = given or (user if "@" in user else "roundtable@localhost")
    name, address = parseaddr(found)
    if not re.fullmatch(r"[^\s@<>\"]+@[^\s@<>\"]+", address) or re.search(r"[\r\n]", found):
        raise ImproperlyConfigured(f"EMAIL_FROM is {found!r}; use an address like Roundtable <chat@example.org>.")
    return found


def _parse(url: str) -> MailServer:
    try:
        parts = urlsplit(url)
        port, query = parts.port or 0, parse_qs(parts.query, strict_parsing=bool(parts.query))
    except ValueError:
        raise ImproperlyConfigured(f"EMAIL_URL cannot be understood; {_URL_HELP}.") from None
    tls = query.pop("tls", ["tls" if parts.scheme == "smtps" else _tls_of(port)])[-1].lower()
    strange = query or parts.path not in ("", "/") or parts.fragment or tls not in PORTS
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or strange:
        raise ImproperlyConfigured(f"EMAIL_URL cannot be understood; {_URL_HELP}.")
    if parts.scheme == "smtps" and tls != "tls":
        raise ImproperlyConfigured("EMAIL_URL begins with smtps, which is TLS from the beginning; use smtp with ?tls=.")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(parts.hostname, port or PORTS[tls], user, password, tls)


def _tls_of(port: int) -> str:
    return next((tls for tls, usual in PORTS.items() if usual == port), "no")


def _check(server: MailServer, name: str, sure: bool) -> MailServer:
    if not _HOST.fullmatch(server.host):
        raise ImproperlyConfigured(f"{name} names the host {server.host!r}; use one like mail.example.org.")
    if bool(server.user) != bool(server.password):
        missing = "password" if server.user else "user"
        raise ImproperlyConfigured(f"The mail server has no {missing}: set user and password, or neither.")
    if not (server.user + server.password).isascii():
        raise ImproperlyConfigured("User and password of the mail server must be ASCII: others cannot be sent to it.")
    if server.password and server.tls == "no" and not sure and server.host not in ("localhost", "127.0.0.1", "::1"):
        raise ImproperlyConfigured(
            "EMAIL_PASSWORD would go over the network unencrypted; set EMAIL_TLS to starttls or tls (or to no)."
        )
    return server
