"""The key pair that identifies this server to push services (VAPID, RFC 8292).

It comes from VAPID_PRIVATE_KEY, or is made once and kept in DATA_DIR. Subscriptions are bound to it: with another key,
no registered device can be reached.
"""

import re
import time
from email.utils import parseaddr
from functools import cache, lru_cache

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from py_vapid import Vapid02
from py_vapid.utils import b64urlencode

from common.kept_secret import read_or_make

FILE = "vapid_key"
HOUR = 3600
VALID = 12 * HOUR  # seconds; push services accept 24 hours at most
# The words of Google, Mozilla and Apple, with the statuses 403, 401 and 400.
_ANOTHER = re.compile(rb"vapid.{0,99}(?:do not correspond|mismatch)", re.IGNORECASE | re.DOTALL)


def public_key() -> str:
    """The `applicationServerKey` with which browsers subscribe."""
    point = _vapid().public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return str(b64urlencode(point))


def authorization(origin: str) -> str:
    """The header Authorization for requests to the push service at this origin."""
    return _authorization(origin, int(time.time()) // HOUR)


@lru_cache(maxsize=100)
def _authorization(origin: str, hour: int) -> str:
    claims = {"aud": origin, "sub": _subject(), "exp": hour * HOUR + VALID}
    return str(_vapid().sign(claims)["Authorization"])


def is_of_another(status: int, body: bytes) -> bool:
    """Whether a push service answers that the device subscribed with another key."""
    return 400 <= status < 500 and bool(_ANOTHER.search(body))


def _subject() -> str:
    if settings.VAPID_SUBJECT:
        return str(settings.VAPID_SUBJECT)
    site = str(settings.SITE_URL)
    return site if site.startswith("https://") else f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"


@cache
def _vapid() -> Vapid02:
    try:
        secret = settings.VAPID_PRIVATE_KEY or read_or_make(settings.DATA_DIR / FILE, make_private_key)
        return Vapid02(Vapid02.from_raw(secret.encode()).private_key, {"no-strict": True})  # an address may have a port
    except ValueError:
        raise ImproperlyConfigured(
            "VAPID_PRIVATE_KEY must be 32 bytes in base64url, as DATA_DIR/vapid_key of another host holds them."
        ) from None


def make_private_key() -> str:
    """The 32 bytes of a new P-256 key as URL-safe base64, as in VAPID_PRIVATE_KEY."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return str(b64urlencode(number.to_bytes(32, "big")))
