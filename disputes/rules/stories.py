"""What of a case's history an official may know: by name, beside the zones in which things lie."""

from __future__ import annotations

from disputes.rules.zones import Viewer

#: the way to the rooms, and out of them: nothing of it says what was said
_OF_THE_CASE = frozenset(
    {
        *("CaseOpened", "MediationRequested", "RequestServed", "CaseTaken", "CaseAnswered"),
        "CaseUnanswered",
        *("MediatorAsked", "MediatorDisclosed", "MediatorNotAvailable", "MediatorAppointed"),
        *("ConsentGiven", "MediationBegan", "MediationFailed", "CaseExpired", "CaseWithdrawn", "CaseClosed"),
    }
)
_OF_THE_ROOMS = frozenset({"SessionSet", "SessionCancelled", "TermsLocked", "TermsSigned"})
_OF_THE_OUTCOME = frozenset(
    {
        *("SettlementSigned", "PerformanceBegan", "InstalmentReceived"),
        *("PerformanceReported", "PerformanceContested"),
        *("SettlementPerformed", "SettlementDefaulted"),
    }
)
_OF_THE_DESK = frozenset(
    {"SettlementFiled", "FilingReceived", "FilingExamined", "FilingReturned", "AwardIssued"}
)

_TOLD: dict[Viewer, frozenset[str]] = {
    Viewer.MANAGER: _OF_THE_CASE | _OF_THE_OUTCOME | _OF_THE_DESK,
    Viewer.MEDIATOR: _OF_THE_CASE | _OF_THE_ROOMS | _OF_THE_OUTCOME,
    Viewer.SCIA: _OF_THE_DESK,
}


def told_to(viewer: Viewer) -> frozenset[str]:
    """Names of events; nothing for everybody without a place in the case."""
    return _TOLD.get(viewer, frozenset())
