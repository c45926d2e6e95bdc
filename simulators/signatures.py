"""Signing and checking as the other side does it: detached JWS over the body, Ed25519."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

HEADER = "X-JWS-Signature"
_REGISTRY = jws.JWSRegistry(algorithms=["Ed25519"], strict_check_header=False)


class Unsigned(Exception):
    pass


class Signer:
    """Our private key, and the public key of the hub."""

    def __init__(self, *, own: str, others: str, name: str) -> None:
        private = Ed25519PrivateKey.from_private_bytes(urlsafe_b64decode(own + "=="))
        public = urlsafe_b64encode(private.public_key().public_bytes_raw()).rstrip(b"=").decode()
        self._own = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "d": own, "x": public})
        self._others = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": others})
        self._name = name

    def sign(self, content: bytes, **bound: Any) -> str:
        header = {"alg": "Ed25519", "kid": self._name, **bound}
        return str(jws.detach_content(jws.serialize_compact(header, content, self._own, registry=_REGISTRY)))

    def check(self, signature: str, content: bytes) -> dict[str, Any]:
        """What a detached signature binds to `content`."""
        if signature.count(".") != 2 or signature.split(".")[1]:
            raise Unsigned
        try:
            found = jws.deserialize_compact(signature, self._others, registry=_REGISTRY, payload=content)
        except (JoseError, ValueError, TypeError) as error:
            raise Unsigned from error
        return dict(found.headers())

    def open(self, whole: str) -> bytes:
        """What is inside a signed pack."""
        try:
            return jws.deserialize_compact(whole, self._others, registry=_REGISTRY).payload
        except (JoseError, ValueError, TypeError) as error:
            raise Unsigned from error
