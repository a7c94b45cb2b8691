"""Which Redis or Valkey runs, and whether its release has publicly known security holes."""

import re
import subprocess
from dataclasses import dataclass

TIMEOUT = 5  # seconds for a program to print its version
OLDEST_SUPPORTED = (6, 2)  # has all commands that we use

# CVE-2025-49844: a client's script can take over the server. The first fixed release of each branch, from
# https://github.com/redis/redis/security/advisories/GHSA-4789-qfc9-5f9q and the release notes of Valkey.
CVE = "CVE-2025-49844"
_FIXED = {
    "Redis": [(6, 2, 20), (7, 2, 11), (7, 4, 6), (8, 0, 4), (8, 2, 2)],
    "Valkey": [(7, 2, 11), (8, 0, 6), (8, 1, 4)],
}


@dataclass(frozen=True, slots=True)
class Version:
    """A server's product and release."""

    product: str  # "Redis" or "Valkey"
    release: tuple[int, int, int]

    def __str__(self):
        return f"{self.product} {'.'.join(map(str, self.release))}"

    @property
    def fixed_in(self) -> tuple[int, int, int] | None:
        """The release that fixes this one; None when it is not affected."""
        branches = _FIXED[self.product]
        same = [fixed for fixed in branches if fixed[:2] == self.release[:2]]
        # A branch that is no longer maintained has no fixed release: take that of the next branch.
        fixed = same[0] if same else next((each for each in branches if each > self.release), self.release)
        return fixed if self.release < fixed else None

    @property
    def warning(self) -> str:
        """A sentence for the administrator; empty when there is nothing to say."""
        if self.product == "Redis" and self.release[:2] < OLDEST_SUPPORTED:
            return f"{self} is too old; Roundtable needs Redis {'.'.join(map(str, OLDEST_SUPPORTED))} or newer."
        if fixed := self.fixed_in:
            wanted = Version(self.product, fixed)
            return f"{self} is older than {wanted}, which fixes {CVE}; upgrade it unless its packager has patched it."
        return ""


def get_program_version(path: str) -> Version | None:
    """The version of a redis-server or valkey-server program; None when it cannot be read."""
    try:
        output = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=TIMEOUT).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"(Redis|Valkey) server v=(\d+)\.(\d+)\.(\d+)", output)
    return Version(found[1], (int(found[2]), int(found[3]), int(found[4]))) if found else None


def parse_server_version(info: dict) -> Version | None:
    """The version of a running server, from the reply to its INFO command; None when it names none."""
    # Valkey also gives the version of Redis that it is compatible with.
    product, release = (
        ("Valkey", info["valkey_version"]) if "valkey_version" in info else ("Redis", info.get("redis_version", ""))
    )
    numbers = re.match(r"(\d+)\.(\d+)\.(\d+)", str(release))
    return Version(product, (int(numbers[1]), int(numbers[2]), int(numbers[3]))) if numbers else None
