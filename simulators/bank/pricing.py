"""What the simulated bank charges. Invented terms in the range of the market: 80 to 90 % of an invoice, 30 to 150 days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")
#: by currency: least and most that is financed, the least fee, and above what an officer looks first
CURRENCIES = {
    "SGD": (Decimal(1000), Decimal(1_000_000), Decimal(5), Decimal(100_000)),
    "CNY": (Decimal(5000), Decimal(5_000_000), Decimal(25), Decimal(500_000)),
    "USD": (Decimal(800), Decimal(800_000), Decimal(4), Decimal(80_000)),
}
#: of the advance
FEE_PERCENT = Decimal("0.35")
DAYS = (7, 150)
#: yearly discount rate, by whether the buyer's registration is verified
RATES = {True: Decimal("6.80"), False: Decimal("9.50")}
ADVANCE = {True: Decimal(90), False: Decimal(80)}
STANDS_FOR = timedelta(hours=48)


class Declined(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def capabilities() -> dict[str, Any]:
    return {
        "products": ["invoice_finance"],
        "currencies": {
            code: {"least": str(least), "most": str(most)}
            for code, (least, most, _fee, _look) in CURRENCIES.items()
        },
        "days": list(DAYS),
        "documents": ["commercial_invoice"],
        "simulated": True,
    }


def priced(evidence: dict[str, Any], *, stands_for: timedelta = STANDS_FOR) -> dict[str, Any]:
    """The figures of an offer for the invoice in `evidence`; raises `Declined`."""
    invoice = evidence["invoice"]
    amount, currency = Decimal(invoice["outstanding"]), invoice["currency"]
    if currency not in CURRENCIES:
        raise Declined("declined.currency")
    least, most, least_fee, look_above = CURRENCIES[currency]
    if not least <= amount <= most:
        raise Declined("declined.amount")
    days = (date.fromisoformat(invoice["due_on"]) - date.fromisoformat(evidence["asked_on"])).days
    if not DAYS[0] <= days <= DAYS[1]:
        raise Declined("declined.days")
    if not _is_verified(evidence["seller"]):
        raise Declined("declined.seller_unknown")
    known = _is_verified(evidence["buyer"])
    advance = _cents(amount * ADVANCE[known] / 100)
    interest = _cents(advance * RATES[known] / 100 * days / 365)
    fee = max(least_fee, _cents(advance * FEE_PERCENT / 100))
    cost = interest + fee
    net = advance - cost
    return {
        "firm": known and amount <= look_above,
        "currency": currency,
        "invoice_amount": str(amount),
        "advance_percent": str(ADVANCE[known]),
        "advance_amount": str(advance),
        "interest": str(interest),
        "fee": str(fee),
        "all_in_cost": str(cost),
        "net_proceeds": str(net),
        "apr_percent": str((cost / net * 365 / days * 100).quantize(Decimal("0.001"), ROUND_HALF_UP)),
        "recourse": "none" if known else "full",
        "repay_on": invoice["due_on"],
        "expires_at": (datetime.now(UTC) + stands_for).isoformat(timespec="seconds"),
    }


def _is_verified(party: dict[str, Any]) -> bool:
    return any(check["claim"] == "registration" for check in party["verified"])


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)
