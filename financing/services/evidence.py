"""The evidence pack: what banks are shown of an invoice. Facts between companies, checks by officers; nothing about people."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

from documents.models import PaperVersion
from identity.models import Claim, Company
from identity.queries import verified_claims_of
from kernel.money import minor_unit
from orders.models import Order

Pack = dict[str, Any]
_PARTY = ("legal_name", "name_en", "name_zh", "country", "city", "registration_kind", "registration_number")


def evidence_of(version: PaperVersion, order: Order, *, today: date, at: datetime) -> Pack:
    """The pack for one version of an invoice, decimals as text."""
    return {
        "pack": "urn:sme-hub:evidence:1",
        "from": settings.BASE_URL,
        "made_at": at.isoformat(timespec="seconds"),
        #: the seller's day, from which interest counts
        "asked_on": today.isoformat(),
        "invoice": {
            "number": version.paper.printed_number,
            "version": version.version,
            "issued_on": version.paper.issued_on.isoformat(),
            "due_on": order.payment_due_on.isoformat() if order.payment_due_on else "",
            "currency": order.currency,
            "total": _money(order.total, order.currency),
            "paid": _money(order.amount_paid, order.currency),
            "outstanding": _money(order.outstanding, order.currency),
            #: of everything that the invoice prints
            "digest": digest_of(version.data),
        },
        "order": {
            "reference": order.reference,
            "confirmed_at": order.confirmed_at.isoformat(timespec="seconds") if order.confirmed_at else "",
            "incoterm": order.incoterm,
            "goods": [
                {"hs6": line["hs6"], "origin": line["origin"], "amount": line["amount"]}
                for line in version.data["lines"]
            ],
        },
        "seller": _party(order.seller_party, order.seller, today),
        "buyer": _party(order.buyer_party, order.buyer, today),
    }


def digest_of(content: Any) -> str:
    """SHA-256 of the content as canonical JSON, hex."""
    return hashlib.sha256(canonical(content)).hexdigest()


def canonical(content: Any) -> bytes:
    """The same bytes for the same content."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _party(party: dict[str, Any], company: Company, today: date) -> Pack:
    """As the order keeps it, with what officers have checked of the company as it is now."""
    claims = verified_claims_of(company.pk).values()
    return {name: party.get(name, "") for name in _PARTY} | {
        "here_since": company.created_at.date().isoformat(),
        "verified": [_check(claim) for claim in claims if claim.holds_on(today)],
    }


def _check(claim: Claim) -> Pack:
    return {
        "claim": claim.kind,
        "source": claim.source,
        "scope": claim.scope,
        "checked_on": claim.checked_on.isoformat() if claim.checked_on else "",
        "expires_on": claim.expires_on.isoformat() if claim.expires_on else "",
    }


def _money(amount: Decimal, currency: str) -> str:
    return f"{amount.quantize(minor_unit(currency)):f}"
