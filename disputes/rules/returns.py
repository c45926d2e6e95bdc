"""Why a settlement came back from the arbitration desk: its codes, and one of ours, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

#: ours: the desk said nothing in time
UNANSWERED = "unanswered"

RETURNED_FOR: dict[str, Any] = {
    "incomplete": gettext_lazy("A part is missing: request, answer, evidence, consents or settlement."),
    "no_arbitration_agreement": gettext_lazy("Not both sides have agreed to arbitration."),
    "not_signed": gettext_lazy("Not both sides have signed the settlement."),
    "signed_another_text": gettext_lazy("A signature stands under another text than the one that was sent."),
    "not_enforceable": gettext_lazy(
        "What is to be done is not clear enough to be enforced: say who does what, and by when."
    ),
    UNANSWERED: gettext_lazy("The desk did not answer in time. It is not asked any more."),
}


def returned_in_words(code: str) -> str:
    """A desk may say what nobody has told us of: then its code stands in the sentence."""
    known = RETURNED_FOR.get(code)
    return str(known) if known else _("For a reason that the desk calls “%(code)s”.") % {"code": code}
