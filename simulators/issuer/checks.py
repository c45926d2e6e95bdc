"""Whether a request is the hub's, and whether one key holds through a login: client assertions and DPoP proofs.

RFC 7523 as FAPI 2.0 narrows it: ES256, `aud` is the issuer and nothing else, at most two minutes, no `jti` twice. RFC 9449.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from simulators.issuer.books import Books
from simulators.issuer.clock import Clock
from simulators.issuer.hub import Hub

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_SECONDS = 120
PROOF_SECONDS = 60
#: how far the hub's clock may be ahead of ours
SKEW_SECONDS = 5
_REGISTRY = jws.JWSRegistry(algorithms=["ES256"], strict_check_header=False)


class Refusal(Exception):
    """An OAuth error. `error` is of the registry, `why` for whoever reads the log."""

    def __init__(self, error: str, why: str, status: int = 400, *, nonce: str = "") -> None:
        super().__init__(f"{error}: {why}")
        self.error, self.why, self.status = error, why, status
        #: for the next DPoP proof (RFC 9449, section 8)
        self.nonce = nonce


class Checks:
    def __init__(self, *, issuer: str, client: str, hub: Hub, books: Books, clock: Clock) -> None:
        self._issuer, self._client = issuer, client
        self._hub, self._books, self._clock = hub, books, clock
        self._nonces: set[str] = set()

    def client(self, form: dict[str, str]) -> str:
        """The client that sent this form; raises `Refusal`."""
        if form.get("client_assertion_type") != ASSERTION_TYPE or not form.get("client_assertion"):
            raise _no_client("private_key_jwt is required")
        header, claims = _opened(form["client_assertion"], _no_client)
        if header.get("alg") != "ES256":
            raise _no_client("the assertion is not signed with ES256")
        if claims.get("iss") != self._client or form.get("client_id", self._client) != self._client:
            raise _no_client("no such client")
        key = self._hub.signing_key(str(header.get("kid", "")))
        if key is None:
            raise _no_client("the client publishes no signing key of this kid")
        _verify(form["client_assertion"], key, _no_client)
        self._in_time(claims)
        if claims.get("sub") != self._client:
            raise _no_client("sub is not the client")
        if claims.get("aud") != self._issuer:
            raise _no_client("aud is not this issuer")
        if not self._is_new("assertion", claims, until=float(claims["exp"])):
            raise _no_client("this jti was used before, or is missing")
        return self._client

    def _in_time(self, claims: dict[str, Any]) -> None:
        issued, expires, now = claims.get("iat"), claims.get("exp"), self._clock.now()
        if not isinstance(issued, int | float) or not isinstance(expires, int | float):
            raise _no_client("iat and exp are required")
        if expires - issued > ASSERTION_SECONDS:
            raise _no_client("exp is more than two minutes after iat")
        if issued > now + SKEW_SECONDS:
            raise _no_client("iat lies ahead")
        if expires <= now or now - issued > ASSERTION_SECONDS:
            raise _no_client("the assertion has expired")

    def proof(self, proof: str, *, method: str, url: str, access_token: str = "") -> str:
        """The thumbprint of the key that signed this request; raises `Refusal`."""
        if not proof or "," in proof:
            raise _no_proof("one DPoP header is required")
        header, claims = _opened(proof, _no_proof)
        if header.get("typ") != "dpop+jwt" or header.get("alg") != "ES256":
            raise _no_proof("typ must be dpop+jwt and alg ES256")
        key = _shown_key(header.get("jwk"))
        _verify(proof, key, _no_proof)
        if (claims.get("htm"), claims.get("htu")) != (method, url):
            raise _no_proof("made for another request")
        issued, now = claims.get("iat"), self._clock.now()
        if not isinstance(issued, int | float) or not now - PROOF_SECONDS <= issued <= now + SKEW_SECONDS:
            raise _no_proof("iat is not now")
        if access_token and claims.get("ath") != text_of(hashlib.sha256(access_token.encode()).digest()):
            raise _no_proof("ath is of another token")
        if "nonce" in claims and claims["nonce"] not in self._nonces:
            raise self.wants_nonce()
        if not self._is_new("proof", claims, until=now + 2 * PROOF_SECONDS):
            raise _no_proof("this jti was used before, or is missing")
        return key.thumbprint()

    def wants_nonce(self) -> Refusal:
        """Come again, with this nonce in the proof."""
        nonce = secrets.token_urlsafe(16)
        self._nonces.add(nonce)
        return Refusal("use_dpop_nonce", "the proof must carry our nonce", nonce=nonce)

    def _is_new(self, kind: str, claims: dict[str, Any], *, until: float) -> bool:
        jti = claims.get("jti")
        if not isinstance(jti, str) or not 8 <= len(jti) <= 255:
            return False
        return self._books.is_new(kind, jti, until=until + SKEW_SECONDS, now=self._clock.now())


def text_of(content: bytes) -> str:
    """base64url without its padding."""
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def bytes_of(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _no_client(why: str) -> Refusal:
    return Refusal("invalid_client", why, 401)


def _no_proof(why: str) -> Refusal:
    return Refusal("invalid_dpop_proof", why)


def _opened(token: str, refused: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims, not yet believed."""
    try:
        header, claims, _signature = token.split(".")
        found = json.loads(bytes_of(header)), json.loads(bytes_of(claims))
    except (ValueError, RecursionError) as error:
        raise refused("this is no JWT") from error
    if not all(isinstance(part, dict) for part in found):
        raise refused("this is no JWT")
    return found


def _verify(token: str, key: ECKey, refused: Any) -> None:
    try:
        jws.deserialize_compact(token, key, registry=_REGISTRY)
    except (JoseError, ValueError, TypeError) as error:
        raise refused("the signature does not hold") from error


def _shown_key(shown: Any) -> ECKey:
    if not isinstance(shown, dict) or "d" in shown or (shown.get("kty"), shown.get("crv")) != ("EC", "P-256"):
        raise _no_proof("jwk must be a public key on P-256")
    try:
        return ECKey.import_key({name: shown[name] for name in ("kty", "crv", "x", "y")})
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise _no_proof("jwk cannot be read") from error
