"""The address of a client, and the block of addresses that rate limits count as one client.

A block is one IPv4 address or one IPv6 /64. A single customer gets a whole /64 and can use any of its addresses.
"""

import ipaddress
from collections.abc import Mapping, Sequence
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port

UNKNOWN_BLOCK = "unknown"  # no address (as over a Unix socket) or one that cannot be parsed: they share a block
IPV6_PREFIX_LENGTH = 64  # of an IPv6 block
_SHOWN_GROUPS = 3  # of four that an IPv6 block has: a /48, which is one site

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address


def request_address_block(request: HttpRequest) -> str:
    """The address block of a Django request: "203.0.113.7", "2001:db8:1:2::/64" or "unknown"."""
    return _client_address_block(request.META.get("HTTP_X_FORWARDED_FOR", ""), request.META.get("REMOTE_ADDR"))


def scope_address_block(scope: Mapping) -> str:
    """The same for an ASGI scope."""
    forwarded = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return _client_address_block(",".join(forwarded), (scope.get("client") or [None])[0])


def network_of(block: str) -> str:
    """What is shown and kept of where somebody is: "203.0.113.x", "2001:db8:1:…"; empty when it is not known. It tells
    one's own networks from others, and no person from their neighbours."""
    if block == UNKNOWN_BLOCK:
        return ""
    if "." in block:
        return block.rpartition(".")[0] + ".x"
    groups = ipaddress.IPv6Network(block).network_address.exploded.split(":")[:_SHOWN_GROUPS]
    return ":".join(f"{int(group, 16):x}" for group in groups) + ":…"


def address_block(address: str | None) -> str:
    """The block of one address, with or without a port: "192.0.2.1", "[2001:db8::1]:443", "::ffff:192.0.2.1"."""
    return _parse_address_block(address.strip()[:64]) if address else UNKNOWN_BLOCK


def _client_address_block(forwarded: str, peer: str | None) -> str:
    return address_block(_client_address([hop for hop in forwarded.split(",") if hop.strip()], peer))


def _client_address(forwarded: Sequence[str], peer: str | None) -> str | None:
    """Each trusted proxy has appended one hop; whatever comes before those was written by the client itself."""
    proxies = settings.TRUSTED_PROXY_COUNT
    if not proxies or not forwarded:
        return peer
    # Fewer hops than proxies: the request did not pass the outermost ones.
    return forwarded[-proxies] if len(forwarded) >= proxies else forwarded[0]


@lru_cache(maxsize=4096)
def _parse_address_block(text: str) -> str:
    address = _parse_address(text)
    if address is None:
        return UNKNOWN_BLOCK
    if isinstance(address, ipaddress.IPv6Address):
        embedded = address.ipv4_mapped or (_last_32_bits(address) if address in _NAT64 else None)
        if embedded is None:
            return str(ipaddress.IPv6Network((int(address), IPV6_PREFIX_LENGTH), strict=False))
        address = embedded
    return str(address)


def _parse_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    host, _port = split_domain_port(text)
    for candidate in (text, host.strip("[]")):
        try:
            return ipaddress.ip_address(candidate)
        except ValueError:
            continue
    return None


def _last_32_bits(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address:
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
