"""Which client a request comes from, and the block of addresses that rate limits count as one.

A single IPv4 address is one block. An IPv6 /64 is one block, because a /64 is what a single customer is given: anybody
can use as many addresses of theirs as they like.
"""

import ipaddress
from collections.abc import Mapping, Sequence
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port

UNKNOWN = "unknown"  # no address, as over a Unix socket, or one that cannot be read: they share a block
PREFIX_LENGTH = 64  # of an IPv6 block

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address


def block_of_request(request: HttpRequest) -> str:
    """The address block of a Django request: "203.0.113.7", "2001:db8:1:2::/64" or "unknown"."""
    return _block(request.META.get("HTTP_X_FORWARDED_FOR", ""), request.META.get("REMOTE_ADDR"))


def block_of_scope(scope: Mapping) -> str:
    """The same for an ASGI scope."""
    forwarded = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return _block(",".join(forwarded), (scope.get("client") or [None])[0])


def block_of_address(address: str | None) -> str:
    """The block of one address, with or without a port: "192.0.2.1", "[2001:db8::1]:443", "::ffff:192.0.2.1"."""
    return _block_of_text(address.strip()[:64]) if address else UNKNOWN


def _block(forwarded: str, peer: str | None) -> str:
    return block_of_address(_client([hop for hop in forwarded.split(",") if hop.strip()], peer))


def _client(forwarded: Sequence[str], peer: str | None) -> str | None:
    """Each trusted proxy added one hop at the end; what stands before those was written by the client itself."""
    proxies = settings.TRUSTED_PROXY_COUNT
    if not proxies or not forwarded:
        return peer
    # Fewer hops than proxies: it came in behind the first of them.
    return forwarded[-proxies] if len(forwarded) >= proxies else forwarded[0]


@lru_cache(maxsize=4096)
def _block_of_text(text: str) -> str:
    address = _parsed(text)
    if address is None:
        return UNKNOWN
    if isinstance(address, ipaddress.IPv6Address):
        embedded = address.ipv4_mapped or (_last_32_bits(address) if address in _NAT64 else None)
        if embedded is None:
            return str(ipaddress.IPv6Network((int(address), PREFIX_LENGTH), strict=False))
        address = embedded
    return str(address)


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    host, _port = split_domain_port(text)
    for candidate in (text, host.strip("[]")):
        try:
            return ipaddress.ip_address(candidate)
        except ValueError:
            continue
    return None


def _last_32_bits(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address:
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
