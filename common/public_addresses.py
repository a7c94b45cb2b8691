"""Which IP addresses are on the internet."""

import ipaddress


def is_public(address: str) -> bool:
    """Whether this is a public IP address. False for text that is no IP address."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_global and not found.is_multicast
