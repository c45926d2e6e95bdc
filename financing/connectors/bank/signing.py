"""Signatures: our key signs what we send, a bank's key shows that an answer is its own."""

from __future__ import annotations

import functools
from typing import Any

from django.conf import settings
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

ALGORITHM = "Ed25519"
HEADER = "X-JWS-Signature"
#: how far the clocks of sender and reader may be apart, and how long a message may travel
FRESH_SECONDS = 300
_REGISTRY = jws.JWSRegistry(algorithms=[ALGORITHM], strict_check_header=False)


class NotSigned(Exception):
    """No signature, or not the sender's, or not over this content."""


def sign(content: bytes, **bound: Any) -> str:
    """A detached signature of ours over `content` and the facts `bound` to it."""
    header = {"alg": ALGORITHM, "kid": settings.HUB_KEY_ID, **bound}
    whole = jws.serialize_compact(header, content, _own_key(settings.HUB_SIGNING_KEY), registry=_REGISTRY)
    return str(jws.detach_content(whole))


def signed_pack(content: bytes) -> str:
    """`content` with our signature in one text (JWS, compact): it can be shown to others and still be checked."""
    header = {"alg": ALGORITHM, "kid": settings.HUB_KEY_ID, "typ": "evidence+jws"}
    return jws.serialize_compact(header, content, _own_key(settings.HUB_SIGNING_KEY), registry=_REGISTRY)


def verified(signature: str, content: bytes, *, public_key: str) -> dict[str, Any]:
    """What the signature binds to `content`; raises `NotSigned`."""
    head, _dot, rest = signature.partition(".")
    if not head or not rest.startswith(".") or len(signature) > 4000:
        raise NotSigned(
            "not a detached signature"
        )  # one that carries its content would be checked against that
    try:
        found = jws.deserialize_compact(
            signature, _public_key(public_key), registry=_REGISTRY, payload=content
        )
    except (JoseError, ValueError, TypeError) as error:
        raise NotSigned(str(error)) from error
    if found.payload != content:
        raise NotSigned("another content")
    return dict(found.headers())


@functools.cache
def _own_key(seed: str) -> OKPKey:
    """From the 32 bytes of an Ed25519 private key, base64url."""
    return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "d": seed, "x": public_part(seed)})


def public_part(seed: str) -> str:
    """The public key that belongs to a private one; both base64url."""
    from base64 import urlsafe_b64decode, urlsafe_b64encode

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.from_private_bytes(urlsafe_b64decode(seed + "=="))
    return urlsafe_b64encode(private.public_key().public_bytes_raw()).rstrip(b"=").decode()


@functools.cache
def _public_key(text: str) -> OKPKey:
    return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": text})
