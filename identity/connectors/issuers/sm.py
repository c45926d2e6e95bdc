"""SM2 signatures over SM3 (GB/T 32918.2, GB/T 32905): the envelope that comes beside a mainland issuer's token.

It is a private envelope, `{payload, sig, alg}`, and no algorithm of JOSE: none is registered there.
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives import hashes
from gmssl import sm2

from identity.connectors.issuers.troubles import LoginForged

ALGORITHM = "SM2-SM3"
LONGEST_PAYLOAD = 8 * 1024
_P = int(sm2.default_ecc_table["p"], 16)
_N = int(sm2.default_ecc_table["n"], 16)
_A = int(sm2.default_ecc_table["a"], 16)
_B = int(sm2.default_ecc_table["b"], 16)
#: whoever signs says no name of their own: the usual one, its length in bits before it (GM/T 0009, section 10)
_NAMED = bytes.fromhex("0080") + b"1234567812345678"
_CURVE = bytes.fromhex("".join(sm2.default_ecc_table[name] for name in ("a", "b", "g")))


def verified(envelope: object, public_key: str) -> dict[str, Any]:
    """What the envelope says, once its signature holds; raises `LoginForged`."""
    if not isinstance(envelope, Mapping) or envelope.get("alg") != ALGORITHM:
        raise LoginForged("detached_missing")
    payload, signature = envelope.get("payload"), envelope.get("sig")
    if not isinstance(payload, str) or not isinstance(signature, str):
        raise LoginForged("detached_malformed")
    if len(payload) > LONGEST_PAYLOAD or not (payload + signature).isascii():
        raise LoginForged("detached_malformed")
    if not holds(payload.encode(), signature, public_key):
        raise LoginForged("detached_signature")
    try:
        said = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (ValueError, RecursionError) as error:
        raise LoginForged("detached_malformed") from error
    if not isinstance(said, dict):
        raise LoginForged("detached_malformed")
    return said


def holds(content: bytes, signature: str, public_key: str) -> bool:
    """Whether `signature` (r and s, 64 hex digits each) over `content` is by `public_key` (x and y, or 04 before them)."""
    key = public_key.lower()
    if len(key) == 130 and key.startswith("04"):
        key = key[2:]
    if not re.fullmatch(r"[0-9a-f]{128}", key) or not re.fullmatch(r"[0-9a-fA-F]{128}", signature):
        return False
    numbers = int(signature[:64], 16), int(signature[64:], 16)
    if not all(0 < number < _N for number in numbers) or not _on_curve(key):
        return False
    checker = sm2.CryptSM2(private_key="", public_key="")
    # set by hand: the constructor takes leading 0s and 4s of a key for the mark of an uncompressed point
    checker.public_key = key
    try:
        return bool(checker.verify(signature, _digest(content, key)))
    except (ValueError, TypeError):  # points that add up to nothing
        return False


def _digest(content: bytes, key: str) -> bytes:
    """What is signed: SM3 over who signs, and the content (GB/T 32918.2, 5.5 and 6.1). By OpenSSL: the library of the curve
    takes five milliseconds for it.
    """
    return _sm3(_sm3(_NAMED + _CURVE + bytes.fromhex(key)) + content)


def _sm3(content: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(content)
    return digest.finalize()


def _on_curve(key: str) -> bool:
    x, y = int(key[:64], 16), int(key[64:], 16)
    return x < _P and y < _P and (y * y - (x * x * x + _A * x + _B)) % _P == 0
