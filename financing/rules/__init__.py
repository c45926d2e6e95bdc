from financing.rules.eligibility import REASONS, Facts, reason_against, unfit_for
from financing.rules.figures import Figures, MalformedOffer, apr, read_figures
from financing.rules.registry import Fingerprints, InvoiceFacts, fingerprints, normalised

__all__ = [
    "REASONS",
    "Facts",
    "Figures",
    "Fingerprints",
    "InvoiceFacts",
    "MalformedOffer",
    "apr",
    "fingerprints",
    "normalised",
    "read_figures",
    "reason_against",
    "unfit_for",
]
