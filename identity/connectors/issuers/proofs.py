"""What we show an issuer: that it is us (private_key_jwt), and that one key holds through one login (DPoP).

RFC 7523 and FAPI 2.0 (`aud` is the issuer, at most two minutes, a `jti` never used twice); RFC 9449; RFC 7636 (S256).
"""

from __future__ import annotations

import hashlib
import secrets
from base64 import urlsafe_b64encode
from datetime import datetime
from urllib.parse import urlsplit, urlunsplit

from joserfc import jwt
from joserfc.jwk import ECKey
from joserfc.jws import JWSRegistry

ALGORITHM = "ES256"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
#: under the two minutes that issuers allow
ASSERTION_SECONDS = 100
_DPOP = JWSRegistry(algorithms=[ALGORITHM], strict_check_header=False)


def client_assertion(*, client_id: str, audience: str, key: ECKey, now: datetime) -> str:
    issued = int(now.timestamp())
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "iat": issued,
        "exp": issued + ASSERTION_SECONDS,
        "jti": secrets.token_urlsafe(24),
    }
    return jwt.encode({"alg": ALGORITHM, "typ": "JWT", "kid": key.kid}, claims, key, algorithms=[ALGORITHM])


def dpop_key() -> ECKey:
    """A key for one login."""
    return ECKey.generate_key("P-256")


def dpop_proof(
    *, method: str, url: str, key: ECKey, now: datetime, access_token: str = "", nonce: str = ""
) -> str:
    """Bound to one request; to a token as well where one is shown."""
    claims = {
        "htm": method,
        "htu": urlunsplit(urlsplit(url)._replace(query="", fragment="")),
        "iat": int(now.timestamp()),
        "jti": secrets.token_urlsafe(24),
    }
    if access_token:
        claims["ath"] = text_of(hashlib.sha256(access_token.encode()).digest())
    if nonce:
        claims["nonce"] = nonce
    header = {"alg": ALGORITHM, "typ": "dpop+jwt", "jwk": key.as_dict(private=False)}
    return jwt.encode(header, claims, key, registry=_DPOP)


def challenge_of(verifier: str) -> str:
    return text_of(hashlib.sha256(verifier.encode()).digest())


def text_of(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()
