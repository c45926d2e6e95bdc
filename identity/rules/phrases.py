"""Ready phrases: chosen with one press, read by each side in its own language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from identity.states import MatterKind


@dataclass(frozen=True)
class Phrase:
    code: str
    #: on the button
    label: Any
    #: what is said
    words: Any
    #: `buyer`, `seller` or empty for both
    side: str = ""
    #: kinds of matters that it fits; none named: all
    kinds: tuple[str, ...] = ()


GOODS = (MatterKind.PRODUCT,)
DEALS = (MatterKind.ORDER, MatterKind.CASE)
CASES = (MatterKind.CASE,)

PHRASES = (
    Phrase(
        "stock",
        pgettext_lazy("ready phrase", "Stock?"),
        _("Is it in stock, and how much could you send at once?"),
        "buyer",
        GOODS,
    ),
    Phrase(
        "lead_time",
        pgettext_lazy("ready phrase", "Lead time?"),
        _("How long is the lead time from order to shipment?"),
        "buyer",
        GOODS,
    ),
    Phrase(
        "certificate",
        pgettext_lazy("ready phrase", "Certificate?"),
        _("Which certificates or test reports does it have? Could you attach them here?"),
        "buyer",
        GOODS,
    ),
    Phrase(
        "sample",
        pgettext_lazy("ready phrase", "Sample?"),
        _("Could we have a sample first, and what would it cost?"),
        "buyer",
        GOODS,
    ),
    Phrase(
        "ship_date",
        pgettext_lazy("ready phrase", "Shipping date?"),
        _("When will the goods be shipped?"),
        "buyer",
        DEALS,
    ),
    Phrase(
        "paid",
        pgettext_lazy("ready phrase", "Paid"),
        _("The payment has been sent; the transfer slip is attached or follows."),
        "buyer",
        DEALS,
    ),
    Phrase(
        "settle",
        pgettext_lazy("ready phrase", "Settle?"),
        _("We would like to settle this between us. What would you accept?"),
        kinds=CASES,
    ),
    Phrase(
        "proof",
        pgettext_lazy("ready phrase", "Photographs?"),
        _("Please attach photographs or a test report of the goods concerned."),
        kinds=CASES,
    ),
    Phrase(
        "in_stock",
        pgettext_lazy("ready phrase", "In stock"),
        _("Yes, it is in stock; the quantity on the page can be sent at once."),
        "seller",
        GOODS,
    ),
    Phrase(
        "sample_yes",
        pgettext_lazy("ready phrase", "Sample possible"),
        _("Yes, a sample is possible. Tell us the address, and we name the cost."),
        "seller",
        GOODS,
    ),
    Phrase(
        "shipped_soon",
        pgettext_lazy("ready phrase", "Shipping soon"),
        _("The goods are being packed and leave within two working days."),
        "seller",
        DEALS,
    ),
    Phrase(
        "attached",
        pgettext_lazy("ready phrase", "Attached"),
        _("The document you asked for is attached."),
        "seller",
    ),
    Phrase(
        "checking",
        pgettext_lazy("ready phrase", "We are checking"),
        _("We are checking and answer within one working day."),
    ),
    Phrase("thanks", pgettext_lazy("ready phrase", "Thank you"), _("Thank you, that is clear.")),
)
_BY_CODE = {phrase.code: phrase for phrase in PHRASES}


def is_phrase(code: str) -> bool:
    return code in _BY_CODE


def phrases_for(side: str, kind: str) -> list[Phrase]:
    """What this side can say about a matter of this kind."""
    return [
        phrase
        for phrase in PHRASES
        if phrase.side in ("", side) and (not phrase.kinds or kind in phrase.kinds)
    ]


def phrases_in_words(codes: Iterable[str]) -> list[str]:
    """The sentences in the active language; one that is no longer known is left out."""
    return [str(_BY_CODE[code].words) for code in codes if code in _BY_CODE]
