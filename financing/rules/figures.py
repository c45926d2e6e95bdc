"""The figures of a bank's offer: read strictly, and held against each other before anybody is shown them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from financing.states import Recourse
from kernel.money import round_money

#: an offer stands no longer than this
LONGEST_OFFER = timedelta(days=30)
#: by how much the bank's yearly rate may differ from ours: rounding of the amounts behind it
APR_TOLERANCE = Decimal("0.05")
_MOST = Decimal("99999999999")


class MalformedOffer(ValueError):
    """The bank's figures are not what the contract says, or do not agree with each other."""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What a bank offers. Amounts in `currency`, rates in percent."""

    quote: str
    firm: bool
    currency: str
    invoice_amount: Decimal
    advance_percent: Decimal
    advance_amount: Decimal
    interest: Decimal
    fee: Decimal
    all_in_cost: Decimal
    net_proceeds: Decimal
    apr_percent: Decimal
    recourse: str
    repay_on: date
    expires_at: datetime


def read_figures(
    answer: Mapping[str, Any], *, amount: Decimal, currency: str, today: date, now: datetime
) -> Figures:
    """The figures of a quotation for `amount`; raises `MalformedOffer` where one is missing, absurd or does not add up."""
    figures = _shaped(answer)
    if (figures.currency, figures.invoice_amount) != (currency, amount):
        raise MalformedOffer("another amount")
    _check_sums(figures, today)
    if not now < figures.expires_at <= now + LONGEST_OFFER:
        raise MalformedOffer("expires_at")
    return figures


def apr(*, cost: Decimal, net: Decimal, days: int) -> Decimal:
    """The whole cost as a simple yearly rate, in percent, on what is really paid out for `days`; three decimals."""
    rate = cost / net * Decimal(365) / Decimal(days) * 100
    return rate.quantize(Decimal("0.001"), rounding=ROUND_HALF_UP)


def _shaped(answer: Mapping[str, Any]) -> Figures:
    try:
        currency = str(answer["currency"])
        return Figures(
            quote=_text(answer["quote"]),
            firm=_yes_or_no(answer["firm"]),
            currency=currency,
            **{name: _amount(answer[name], currency) for name in _AMOUNTS},
            advance_percent=_percent(answer["advance_percent"]),
            apr_percent=_percent(answer["apr_percent"]),
            recourse=Recourse(answer["recourse"]).value,
            repay_on=date.fromisoformat(answer["repay_on"]),
            expires_at=_moment(answer["expires_at"]),
        )
    except (KeyError, TypeError, ValueError, InvalidOperation) as error:
        raise MalformedOffer(str(error)) from error


_AMOUNTS = ("invoice_amount", "advance_amount", "interest", "fee", "all_in_cost", "net_proceeds")


def _check_sums(figures: Figures, today: date) -> None:
    if min(figures.interest, figures.fee) < 0 or figures.net_proceeds <= 0:
        raise MalformedOffer("negative")
    if not 0 < figures.advance_amount <= figures.invoice_amount:
        raise MalformedOffer("advance")
    expected = round_money(figures.invoice_amount * figures.advance_percent / 100, figures.currency)
    if figures.advance_amount != expected:
        raise MalformedOffer("advance_percent")
    if figures.all_in_cost != figures.interest + figures.fee:
        raise MalformedOffer("all_in_cost")
    if figures.net_proceeds != figures.advance_amount - figures.all_in_cost:
        raise MalformedOffer("net_proceeds")
    days = (figures.repay_on - today).days
    if not 0 < days <= 400:
        raise MalformedOffer("repay_on")
    ours = apr(cost=figures.all_in_cost, net=figures.net_proceeds, days=days)
    if abs(ours - figures.apr_percent) > APR_TOLERANCE:
        raise MalformedOffer("apr_percent")


def _amount(text: Any, currency: str) -> Decimal:
    amount = _decimal(text)
    if amount != round_money(amount, currency):
        raise MalformedOffer("minor unit")
    return amount


def _percent(text: Any) -> Decimal:
    percent = _decimal(text)
    if percent != percent.quantize(Decimal("0.001")) or not 0 <= percent < 100_000:
        raise MalformedOffer("percent")
    return percent


def _decimal(text: Any) -> Decimal:
    """Amounts travel as text: a JSON number may have been a float."""
    if not isinstance(text, str) or len(text) > 30:
        raise MalformedOffer("not a decimal as text")
    amount = Decimal(text)
    if not amount.is_finite() or abs(amount) > _MOST:
        raise MalformedOffer("not an amount")
    return amount


def _text(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 80 or not value.isprintable() or "/" in value:
        raise MalformedOffer("not a reference")
    return value


def _yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise MalformedOffer("firm")
    return value


def _moment(text: Any) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise MalformedOffer("no time zone")
    return at
