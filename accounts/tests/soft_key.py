"""A passkey without a device: it makes keys and signs as browsers do, rightly or with something wrong."""

import hashlib
import json
import struct

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class SoftKey:
    """One key, for one site."""

    def __init__(self, host: str = "localhost", origin: str = "http://localhost:8000"):
        self.host, self.origin = host, origin
        self.id = hashlib.sha256(str(id(self)).encode()).digest()
        self._key = ec.generate_private_key(ec.SECP256R1())

    def create(self, options: dict) -> dict:
        """The answer to `creation_options`."""
        public = dict(ES256.from_cryptography_key(self._key.public_key()))
        attested = bytes(16) + struct.pack(">H", len(self.id)) + self.id + cbor.encode(public)
        data = self._data(PRESENT | VERIFIED | ATTESTED) + attested
        statement = cbor.encode({"fmt": "none", "authData": data, "attStmt": {}})
        client = self._client("webauthn.create", options)
        return self._answer({"clientDataJSON": client, "attestationObject": statement}, {"credProps": {"rk": True}})

    def sign(self, options: dict, user_id: int, verified: bool = True, **changes) -> dict:
        """The answer to `request_options`. changes: what client data says otherwise."""
        data = self._data(PRESENT | (VERIFIED if verified else 0))
        client = self._client("webauthn.get", options, **changes)
        signature = self._key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        handle = _pk_text(user_id).encode()
        parts = {"clientDataJSON": client, "authenticatorData": data, "signature": signature, "userHandle": handle}
        return self._answer(parts, {})

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + struct.pack(">BI", flags, 0)

    def _client(self, kind: str, options: dict, **changes) -> bytes:
        said = {"type": kind, "challenge": options["publicKey"]["challenge"], "origin": self.origin} | changes
        return json.dumps(said).encode()

    def _answer(self, parts: dict[str, bytes], extensions: dict) -> dict:
        name = websafe_encode(self.id)
        response = {key: websafe_encode(value) for key, value in parts.items()}
        extra = {"clientExtensionResults": extensions}
        return {"id": name, "rawId": name, "type": "public-key", "response": response, **extra}


def _pk_text(user_id: int) -> str:
    from allauth.account.utils import user_pk_to_url_str

    from accounts.models import User

    return user_pk_to_url_str(User(pk=user_id))
