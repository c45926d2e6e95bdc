"""Keyed hashes: the same text is known again, and nobody without the key can try texts until one fits.

What is hashed for one purpose cannot be compared with what is hashed for another.
"""

from __future__ import annotations

import hashlib
import hmac


def fingerprint(text: str, *, key: str, purpose: str) -> str:
    """HMAC-SHA256 as 64 hex digits."""
    own = hmac.digest(key.encode(), b"sme-hub fingerprint:" + purpose.encode(), hashlib.sha256)
    return hmac.digest(own, text.encode(), hashlib.sha256).hex()
