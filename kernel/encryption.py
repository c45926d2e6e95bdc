"""Texts that the database keeps and only the application can read: AES-256-GCM under a key of the environment.

A copy of the database alone tells nothing. What is encrypted for one purpose cannot be read for another.
"""

from __future__ import annotations

import base64
import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

#: stands before every text, so that another key or method can follow
VERSION = "1:"
NONCE_BYTES = 12


class NotOurs(ValueError):
    """The text was encrypted under another key or for something else, or was changed since."""


def encrypt(text: str, *, key: str, purpose: str) -> str:
    nonce = os.urandom(NONCE_BYTES)
    hidden = _cipher(key).encrypt(nonce, text.encode(), purpose.encode())
    return VERSION + base64.urlsafe_b64encode(nonce + hidden).decode()


def decrypt(text: str, *, key: str, purpose: str) -> str:
    """What was encrypted; raises `NotOurs`."""
    try:
        whole = base64.urlsafe_b64decode(text.removeprefix(VERSION))
        return _cipher(key).decrypt(whole[:NONCE_BYTES], whole[NONCE_BYTES:], purpose.encode()).decode()
    except (ValueError, InvalidTag) as error:
        raise NotOurs from error


def _cipher(key: str) -> AESGCM:
    """The key of the environment may be of any length; a digest of it has the right one."""
    return AESGCM(hashlib.sha256(b"sme-hub encryption:" + key.encode()).digest())
