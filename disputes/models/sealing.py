"""What is said in confidence, at rest: encrypted with a key of its own for every case and zone.

The keys are derived from `CASE_SECRETS`, newest first; older ones still open what they sealed. A row copied to another
case or zone does not open there.
"""

from __future__ import annotations

import base64
from uuid import UUID

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_SALT = b"sme-hub disputes 1"


def seal(content: bytes, *, case: UUID, zone: str) -> bytes:
    return _keys(case, zone).encrypt(content)


def unseal(sealed: bytes, *, case: UUID, zone: str) -> bytes:
    """Raises `cryptography.fernet.InvalidToken` for what was not sealed for this case and zone."""
    return _keys(case, zone).decrypt(sealed)


def _keys(case: UUID, zone: str) -> MultiFernet:
    return MultiFernet([Fernet(_key(secret, case, zone)) for secret in settings.CASE_SECRETS])


def _key(secret: str, case: UUID, zone: str) -> bytes:
    derive = HKDF(algorithm=SHA256(), length=32, salt=_SALT, info=case.bytes + zone.encode())
    return base64.urlsafe_b64encode(derive.derive(secret.encode()))
