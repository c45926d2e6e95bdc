"""Why a bank did not do what it was asked: its codes in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_NOT_UNDERSTOOD = gettext_lazy("It could not read the request. Operators see to it.")
_NOT_TRUSTED = gettext_lazy("It did not take the signature of the request. Operators see to it.")
_EVIDENCE = gettext_lazy("It could not read the invoice’s evidence. Ask for offers again.")

REFUSED_FOR: dict[str, Any] = {
    "refused": gettext_lazy("It gave no reason."),
    "unknown_quote": gettext_lazy("It does not know this quotation. Ask for offers again."),
    "unknown_offer": gettext_lazy("It does not know this offer. Ask for offers again."),
    "unknown_facility": gettext_lazy("It does not know this finance in its books."),
    "offer_expired": gettext_lazy("Its quotation had expired. Ask for offers again."),
    "quote_taken": gettext_lazy("Its quotation was taken already."),
    "other_evidence": gettext_lazy("Its quotation stands on other evidence. Ask for offers again."),
    "declined.currency": gettext_lazy("It does not finance invoices in this currency."),
    "declined.amount": gettext_lazy("It does not finance invoices of this amount."),
    "declined.days": gettext_lazy("It does not finance invoices that are due so soon or so late."),
    "declined.seller_unknown": gettext_lazy("It does not know the seller well enough."),
    "not_in_this_state": gettext_lazy("Its books say that this cannot be done now."),
    "evidence_not_signed": _EVIDENCE,
    "evidence_malformed": _EVIDENCE,
    "not_json": _NOT_UNDERSTOOD,
    "not_an_object": _NOT_UNDERSTOOD,
    "idempotency_key_missing": _NOT_UNDERSTOOD,
    "idempotency_key_reused": _NOT_UNDERSTOOD,
    "not_signed": _NOT_TRUSTED,
    "signed_for_another_request": _NOT_TRUSTED,
    "stale": _NOT_TRUSTED,
    "replayed": _NOT_TRUSTED,
}


def refused_in_words(code: str) -> str:
    """A bank may say what nobody has told us of: then its code stands in the sentence."""
    known = REFUSED_FOR.get(code)
    return str(known) if known else _("For a reason that it calls “%(code)s”.") % {"code": code}
