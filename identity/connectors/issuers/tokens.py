"""An id token opened and checked: a JWE to our key around a JWS by the issuer's (OpenID Connect Core 3.1.3.7, FAPI 2.0).

Every algorithm must be on the issuer's own list: neither the token nor the library chooses it. Nothing of the content is
said in what is raised.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key
from joserfc.util import json_b64decode

from identity.connectors.issuers.login import Claims, IssuerRow
from identity.connectors.issuers.profiles import PROFILES
from identity.connectors.issuers.proofs import text_of
from identity.connectors.issuers.troubles import LoginForged

#: how far the issuer's clock and ours may be apart
SKEW_SECONDS = 60
#: an id token older than this was kept by somebody
OLDEST_SECONDS = 600
#: none of these proves anything, whatever a list says
NEVER = frozenset({"none", "HS256", "HS384", "HS512", "dir", "RSA1_5"})
KEY_WRAPS = frozenset({"ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW"})

#: by the end of a signature algorithm's name; Ed25519 has SHA-512 within
_DIGESTS = {"256": hashlib.sha256, "384": hashlib.sha384, "512": hashlib.sha512}

FindKey = Callable[[str], Key]
OpenKey = Callable[[str], ECKey | None]


@dataclass(frozen=True)
class Expected:
    """What the token has to fit."""

    nonce: str
    now: datetime
    access_token: str = ""
    #: whether it must say for which access token it was given
    needs_at_hash: bool = False
    #: seconds since the person showed who they are; None for any
    max_age: int | None = None


def opened(
    token: str, *, issuer: IssuerRow, expected: Expected, find_key: FindKey, open_key: OpenKey
) -> Claims:
    """The claims of an id token that is the issuer's, to us, of this login and fresh; raises `LoginForged`."""
    claims, alg = signed_claims(token, issuer=issuer, find_key=find_key, open_key=open_key)
    _check_parties(claims, issuer)
    _check_times(claims, expected)
    if not _same(claims.get("nonce"), expected.nonce):
        raise LoginForged("nonce")
    _check_at_hash(claims, alg, expected)
    return claims


def signed_claims(
    token: str, *, issuer: IssuerRow, find_key: FindKey, open_key: OpenKey
) -> tuple[dict[str, Any], str]:
    """What a JWE around a JWS says, its signature checked and nothing else; and by which algorithm it is signed.

    Of a profile that allows it, an issuer whose row lists no encryption sends the JWS alone.
    """
    plain = PROFILES[issuer.profile].may_be_plain and not issuer.id_token_enc
    if token.count(".") != (2 if plain else 4):
        raise LoginForged("not_encrypted")
    try:
        return _verified(token if plain else _decrypted(token, issuer, open_key), issuer, find_key)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise LoginForged("malformed") from error


def digest_of(token: str) -> str:
    """Evidence of a login that can be kept: it tells nothing of the person."""
    return hashlib.sha256(token.encode()).hexdigest()


def _decrypted(token: str, issuer: IssuerRow, open_key: OpenKey) -> str:
    header = json_b64decode(token.partition(".")[0].encode())
    wraps = {alg for alg in issuer.id_token_enc if alg in KEY_WRAPS}
    contents = {alg for alg in issuer.id_token_enc if alg.startswith(("A128", "A192", "A256"))}
    if header.get("alg") not in wraps - NEVER or header.get("enc") not in contents:
        raise LoginForged("encryption_algorithm")
    key = open_key(str(header.get("kid", "")))
    if key is None:
        raise LoginForged("encrypted_to_another")
    #: issuers repeat `iss` and `aud` in this header, which the library's own check takes for unknown
    registry = jwe.JWERegistry(algorithms=[*wraps, *contents], strict_check_header=False)
    try:
        inside = jwe.decrypt_compact(token, key, registry=registry).plaintext
    except Exception as error:  # the cipher's own errors are of many kinds, and all mean the same
        raise LoginForged("encryption") from error
    return (inside or b"").decode("ascii")


def _verified(token: str, issuer: IssuerRow, find_key: FindKey) -> tuple[dict[str, Any], str]:
    header = json_b64decode(token.partition(".")[0].encode())
    allowed = [alg for alg in issuer.id_token_algs if alg not in NEVER]
    if not allowed or header.get("alg") not in allowed:
        raise LoginForged("signature_algorithm")
    key = find_key(str(header.get("kid", "")))
    registry = jws.JWSRegistry(algorithms=allowed, strict_check_header=False)
    try:
        payload = jws.deserialize_compact(token, key, registry=registry).payload
    except Exception as error:
        raise LoginForged("signature") from error
    claims = json.loads(payload)
    if not isinstance(claims, dict):
        raise LoginForged("malformed")
    return claims, str(header["alg"])


def _check_parties(claims: Mapping[str, Any], issuer: IssuerRow) -> None:
    if claims.get("iss") != issuer.iss:
        raise LoginForged("issuer")
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if audiences != [issuer.client_id] and (
        issuer.client_id not in audiences or claims.get("azp") != issuer.client_id
    ):
        raise LoginForged("audience")


def _check_times(claims: Mapping[str, Any], expected: Expected) -> None:
    now = expected.now.timestamp()
    issued, expires = _moment(claims, "iat"), _moment(claims, "exp")
    if expires <= now - SKEW_SECONDS:
        raise LoginForged("expired")
    if issued > now + SKEW_SECONDS or _moment(claims, "nbf", issued) > now + SKEW_SECONDS:
        raise LoginForged("not_yet")
    if issued < now - OLDEST_SECONDS - SKEW_SECONDS:
        raise LoginForged("stale")
    shown = _moment(claims, "auth_time", issued)
    if shown > now + SKEW_SECONDS:
        raise LoginForged("not_yet")
    if expected.max_age is not None and (
        "auth_time" not in claims or shown < now - expected.max_age - SKEW_SECONDS
    ):
        raise LoginForged("shown_too_long_ago")


def _moment(claims: Mapping[str, Any], name: str, missing: float | None = None) -> float:
    value = claims.get(name, missing)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e11:
        raise LoginForged("time_missing")
    return float(value)


def _check_at_hash(claims: Mapping[str, Any], alg: str, expected: Expected) -> None:
    """The left half of the access token's digest, of the signature's own kind: another token was not given with this one."""
    said = claims.get("at_hash")
    if said is None and not expected.needs_at_hash:
        return
    kind = next((kind for end, kind in _DIGESTS.items() if alg.endswith(end)), hashlib.sha512)
    whole = kind(expected.access_token.encode()).digest()
    half = whole[: len(whole) // 2]
    if not expected.access_token or not _same(said, text_of(half)):
        raise LoginForged("access_token_hash")


def _same(said: object, wanted: str) -> bool:
    if not wanted or not isinstance(said, str) or not said.isascii():
        return False
    return hmac.compare_digest(said.encode(), wanted.encode())
