"""Which block of addresses a request is counted for."""

import pytest
from django.test import RequestFactory

from accounts.security.client_addresses import UNKNOWN_BLOCK, address_block, request_address_block, scope_address_block


@pytest.mark.parametrize(
    ("address", "block"),
    [
        ("192.0.2.1", "192.0.2.1"),
        (" 192.0.2.1 ", "192.0.2.1"),
        ("192.0.2.1:50123", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]:443", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),  # how a socket for both families shows IPv4
        ("64:ff9b::192.0.2.1", "192.0.2.1"),  # IPv4 behind a translator
        ("", UNKNOWN_BLOCK),
        (None, UNKNOWN_BLOCK),
        ("unknown", UNKNOWN_BLOCK),
        ("999.1.1.1", UNKNOWN_BLOCK),
        ("_hidden", UNKNOWN_BLOCK),
        ("1" * 10_000, UNKNOWN_BLOCK),
    ],
)
def test_an_address_belongs_to_a_block(address, block):
    assert address_block(address) == block


@pytest.mark.parametrize(
    ("proxies", "forwarded", "block"),
    [
        (0, [], "198.51.100.9"),
        (0, ["203.0.113.1"], "198.51.100.9"),  # nobody may say for themselves where they are
        (1, [], "198.51.100.9"),
        (1, ["203.0.113.1"], "203.0.113.1"),
        (1, ["192.0.2.66, 203.0.113.1"], "203.0.113.1"),  # the first was written by the client
        (1, ["192.0.2.66", "203.0.113.1"], "203.0.113.1"),  # and so in two headers
        (1, ["192.0.2.66,,203.0.113.1, "], "203.0.113.1"),
        (2, ["192.0.2.66, 203.0.113.1, 10.0.0.1"], "203.0.113.1"),
        (2, ["203.0.113.1"], "203.0.113.1"),  # past the outer proxy
        (1, ["nonsense"], UNKNOWN_BLOCK),
    ],
)
def test_the_client_is_found_behind_the_trusted_proxies(settings, proxies, forwarded, block):
    settings.TRUSTED_PROXY_COUNT = proxies
    scope = {
        "headers": [(b"x-forwarded-for", value.encode()) for value in forwarded],
        "client": ("198.51.100.9", 50123),
    }
    request = RequestFactory().get("/", REMOTE_ADDR="198.51.100.9")
    if forwarded:
        request.META["HTTP_X_FORWARDED_FOR"] = ",".join(forwarded)  # as Django joins them
    assert scope_address_block(scope) == request_address_block(request) == block


def test_a_request_over_a_unix_socket_has_no_address():
    assert scope_address_block({"headers": [], "client": None}) == UNKNOWN_BLOCK
