"""How an invoice is recognised without being named: keyed digests of its normalised fields, in three tiers.

A plain digest of an invoice's fields could be guessed field by field; a keyed one (HMAC-SHA-256) cannot without the key.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class InvoiceFacts:
    """What an invoice is told by. Parties as `CC:registration number`."""

    seller: str
    buyer: str
    number: str
    amount: Decimal
    currency: str
    issued_on: date


@dataclass(frozen=True)
class Fingerprints:
    #: every field
    exact: str
    #: seller and number: the same invoice with another amount is the same invoice
    number: str
    #: parties, amount and day: perhaps the same goods under another number
    parties: str


def fingerprints(invoice: InvoiceFacts, *, key: bytes) -> Fingerprints:
    """The three digests, hex."""
    seller, buyer, number = (normalised(text) for text in (invoice.seller, invoice.buyer, invoice.number))
    amount = f"{invoice.amount.normalize():f}"
    sum_of_day = (amount, normalised(invoice.currency), invoice.issued_on.isoformat())
    return Fingerprints(
        exact=_digest(key, "exact", seller, buyer, number, *sum_of_day),
        number=_digest(key, "number", seller, number),
        parties=_digest(key, "parties", seller, buyer, *sum_of_day),
    )


def normalised(text: str) -> str:
    """One form for all ways to write it: NFKC, case folded, letters and digits only (`ＩＮＶ－２０２６/001` is `inv2026001`)."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(character for character in plain if character.isalnum())


def _digest(key: bytes, tier: str, *fields: str) -> str:
    """Lengths stand before the fields, so that no two lists of fields read alike."""
    message = "".join(f"{len(field)}:{field}" for field in (tier, *fields))
    return hmac.new(key, message.encode(), hashlib.sha256).hexdigest()
