"""What the issuer signs with: ES256 keys that may be changed, and for the mainland an SM2 key."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from gmssl import sm2
from joserfc.jwk import ECKey

from simulators.issuer.books import Books
from simulators.issuer.checks import text_of

_ORDER = int(sm2.default_ecc_table["n"], 16)


class Keys:
    """`first` is the private scalar of the first key, base64url."""

    def __init__(self, books: Books, first: str) -> None:
        self._books = books
        if not self._rows():
            self._add(first)

    @property
    def current(self) -> ECKey:
        return _key_of(next(row["secret"] for row in self._rows() if not row["retired"]))

    def published(self) -> dict[str, Any]:
        """The key set: former keys stay in it until they are withdrawn."""
        keys = [_key_of(row["secret"]).as_dict(private=False) for row in self._rows()]
        return {"keys": [key | {"use": "sig", "alg": "ES256", "kid": key["kid"]} for key in keys]}

    def rotate(self, *, withdraw: bool = False) -> str:
        """A new key signs from now on; the former stay published unless they are withdrawn. Returns its kid."""
        with self._books.open() as books:
            books.execute("DELETE FROM keys" if withdraw else "UPDATE keys SET retired = 1")
        return self._add(text_of(secrets.token_bytes(31)))

    def _add(self, secret: str) -> str:
        kid = str(_key_of(secret).kid)
        with self._books.open() as books:
            books.execute("INSERT OR REPLACE INTO keys VALUES (?, ?, 0)", [kid, secret])
        return kid

    def _rows(self) -> list[dict[str, Any]]:
        with self._books.open() as books:
            return [dict(row) for row in books.execute("SELECT * FROM keys ORDER BY rowid DESC")]


def fresh_key() -> ECKey:
    """One that is published nowhere."""
    return _key_of(text_of(secrets.token_bytes(31)))


def _key_of(secret: str) -> ECKey:
    number = int.from_bytes(urlsafe_b64decode(secret + "=" * (-len(secret) % 4)))
    key = ECKey.import_key(ec.derive_private_key(number, ec.SECP256R1()))
    key.ensure_kid()
    return key


def sm2_signature(content: bytes, private: str) -> str:
    """r and s, 64 hex digits each, by SM2 over SM3 with the usual id 1234567812345678 (GB/T 32918.2)."""
    signer = sm2.CryptSM2(private_key=private, public_key="")
    signer.public_key = sm2_public(private)
    digest = bytes.fromhex(signer._sm3_z(content))
    signature = None
    while signature is None:
        signature = signer.sign(digest, f"{secrets.randbelow(_ORDER - 1) + 1:064x}")
    return str(signature)


def sm2_public(private: str) -> str:
    """x and y in hex, without the 04 before them."""
    curve = sm2.CryptSM2(private_key=private, public_key="")
    return str(curve._kg(int(private, 16), sm2.default_ecc_table["g"])).lower()
