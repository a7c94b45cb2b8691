"""What a token's secret looks like: "rt_", 36 random letters and digits, and a checksum of 6 over all before it.

The checksum is that of GitHub's tokens (CRC-32, in base 62), so that a scanner of secrets knows one without asking us
and takes nothing else for one; docs/security.md has the regular expression. Those made earlier have 43 characters
after "rt_", "-" and "_" among them, and keep working.
"""

import secrets
import string
import zlib

START = "rt_"
RANDOM_LENGTH = 36  # 214 bits
CHECKSUM_LENGTH = 6
LENGTH = len(START) + RANDOM_LENGTH + CHECKSUM_LENGTH
_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase


def make() -> str:
    """A new secret."""
    text = START + "".join(secrets.choice(_DIGITS) for _ in range(RANDOM_LENGTH))
    return text + checksum(text)


def checksum(text: str) -> str:
    """Of what comes before it."""
    number, digits = zlib.crc32(text.encode()), ""
    for _ in range(CHECKSUM_LENGTH):
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits


def is_mistyped(secret: str) -> bool:
    """Whether it has the form of ours, but for the checksum: then nobody has it."""
    if len(secret) != LENGTH or not secret.startswith(START) or not set(secret[len(START) :]) <= set(_DIGITS):
        return False
    return secret[-CHECKSUM_LENGTH:] != checksum(secret[:-CHECKSUM_LENGTH])
