"""Encrypts pushes so that only the browser they are for can read them (RFC 8291).

http-ece and py-vapid are what pywebpush itself is made of. pywebpush is not used: it needs aiohttp, and sends with
requests, which connects to whatever address a browser names (see transport.py).
"""

import base64
import binascii

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec

CODING = "aes128gcm"
RECORD = 4096  # bytes; every push service accepts as many
MAX_PAYLOAD = 3000  # bytes
_KEY, _SECRET = 65, 16  # bytes


class BadKeys(ValueError):
    """No browser sends such keys."""


def encrypt(payload: bytes, p256dh: str, auth: str) -> bytes:
    """The body of a push request. payload: at most MAX_PAYLOAD bytes. Raises BadKeys."""
    key, secret = read_keys(p256dh, auth)
    ours = ec.generate_private_key(ec.SECP256R1())
    body: bytes = http_ece.encrypt(payload, private_key=ours, dh=key, auth_secret=secret, rs=RECORD, version=CODING)
    return body


def read_keys(p256dh: str, auth: str) -> tuple[bytes, bytes]:
    """A browser's public key, a point on P-256, and the secret that it shares. Raises BadKeys."""
    key, secret = _decode(p256dh), _decode(auth)
    if len(key) != _KEY or len(secret) != _SECRET:
        raise BadKeys
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key)
    except ValueError:
        raise BadKeys from None
    return key, secret


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text.rstrip("=").encode("ascii") + b"=" * (-len(text.rstrip("=")) % 4), b"-_", True)
    except (UnicodeEncodeError, binascii.Error):
        raise BadKeys from None
