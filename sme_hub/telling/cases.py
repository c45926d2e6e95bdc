"""What the parties of a case are told on the way to a settlement: that something waits or has happened."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from disputes.events import (
    CaseAnswered,
    CaseClosed,
    CaseExpired,
    CaseOpened,
    CaseSettledDirectly,
    CaseUnanswered,
    CaseWithdrawn,
    ConsentGiven,
    DeadlineMoved,
    LongerAsked,
    MediationBegan,
    MediationFailed,
    MediationRequested,
    MediatorAccepted,
    MediatorAppointed,
    MediatorDisclosed,
    MediatorNotAvailable,
    RequestServed,
    SettlementClaimed,
    SettlementSigned,
    TermsDrafted,
    TermsLocked,
    TermsSigned,
)
from disputes.rules import SIGNATORIES
from disputes.states import WITHOUT_SETTLEMENT, CaseState
from identity.rules.notices import TIME_UNTIL
from sme_hub.telling.case_matters import for_each, row, stands, undone
from sme_hub.telling.rows import Matter, Row

OVER = (CaseWithdrawn, CaseExpired, MediationFailed)
#: what of these leaves the claimant to look at the way that is open, and to close the case
UNSETTLED = (CaseAnswered, CaseUnanswered, CaseExpired, MediationFailed)
#: the parties need the mediator no longer, or have no mediator
WITHOUT_MEDIATOR = (MediatorNotAvailable, *OVER)


def _says_other(matter: Matter, letter: str) -> bool:
    """Whether the other side alone says that the parties have settled."""
    said = matter.row.says_settled
    return matter.row.state == CaseState.NEGOTIATING and bool(said) and letter not in said


def _may_settle(matter: Matter, letter: str) -> bool:
    """Whether this side can still do something while the parties negotiate."""
    return matter.row.state == CaseState.NEGOTIATING and letter not in matter.row.says_settled


def _asked_by_other(matter: Matter, letter: str) -> bool:
    return (
        matter.row.state in (CaseState.MEDIATING, CaseState.DRAFTING)
        and bool(matter.row.longer_asked_by)
        and matter.row.longer_asked_by != letter
    )


ROWS: tuple[Row, ...] = (
    # --- before the mediation -------------------------------------------------------------------------------------------
    row(
        "opened",
        _("%(party)s opened case %(case)s about %(order)s: payment is held"),
        "scale",
        to="respondent",
        on=(CaseOpened, DeadlineMoved),
        until_when=TIME_UNTIL,
        waits=True,
        # of a case they hear at once, however far it has come since
        when=lambda matter: isinstance(matter.event, CaseOpened) or _may_settle(matter, "b"),
        still=lambda matter: _may_settle(matter, "b"),
        until=(SettlementClaimed, CaseSettledDirectly, MediationRequested, CaseWithdrawn),
        may_move=True,
    ),
    row(
        "to_negotiate",
        _("Case %(case)s about %(order)s: settle it with %(party)s, or ask for mediation"),
        "scale",
        to="claimant",
        on=(CaseOpened, DeadlineMoved),
        until_when=TIME_UNTIL,
        waits=True,
        when=lambda matter: _may_settle(matter, "a"),
        until=(SettlementClaimed, CaseSettledDirectly, MediationRequested, CaseWithdrawn),
        may_move=True,
    ),
    *for_each(
        "to_confirm_settled",
        _("%(party)s says that case %(case)s is settled: say so too, or go on talking"),
        "handshake",
        on=(SettlementClaimed,),
        until_when=TIME_UNTIL,
        waits=True,
        when=_says_other,
        until=(CaseSettledDirectly, MediationRequested, CaseWithdrawn),
    ),
    row(
        "to_answer",
        _("%(party)s asks for mediation about %(order)s: answer case %(case)s"),
        "scale",
        to="respondent",
        on=(RequestServed, DeadlineMoved),
        waits=True,
        when=lambda matter: matter.row.state == CaseState.AWAITING_ANSWER,
        until=(CaseAnswered, CaseUnanswered, CaseWithdrawn),
        may_move=True,
    ),
    row(
        "answered",
        _("%(party)s answered case %(case)s"),
        "message-square",
        to="claimant",
        on=(CaseAnswered,),
        when=lambda matter: matter.row.state != CaseState.DECLINED,
    ),
    *for_each(
        "mediator_to_accept",
        _("A mediator for case %(case)s has disclosed: accept or object"),
        "user",
        on=(MediatorDisclosed, DeadlineMoved),
        until_when=TIME_UNTIL,
        waits=True,
        when=lambda matter, letter: (
            matter.row.disclosed and undone("accepted", CaseState.CONFLICT_CHECK)(matter, letter)
        ),
        until=(MediatorAccepted, MediatorAppointed, MediatorNotAvailable, CaseWithdrawn),
        may_move=True,
    ),
    *for_each(
        "to_consent",
        _("Read and consent, so that mediation of case %(case)s can begin"),
        "signature",
        on=(MediatorAppointed, DeadlineMoved),
        roles=SIGNATORIES,
        waits=True,
        when=undone("consented", CaseState.CONSENT_PENDING),
        until=(ConsentGiven, MediationBegan, *WITHOUT_MEDIATOR),
        may_move=True,
    ),
    # --- in mediation ---------------------------------------------------------------------------------------------------
    *for_each(
        "began",
        _("Case %(case)s is in mediation: write to the mediator and come to the sessions"),
        "users",
        on=(MediationBegan, DeadlineMoved),
        until_when=TIME_UNTIL,
        waits=True,
        when=stands(CaseState.MEDIATING),
        until=(TermsDrafted, *WITHOUT_MEDIATOR),
        may_move=True,
    ),
    *for_each(
        "longer_to_join",
        _("%(party)s asks for more time in case %(case)s: there is more once you ask as well"),
        "clock",
        on=(LongerAsked,),
        until_when=TIME_UNTIL,
        waits=True,
        when=_asked_by_other,
        until=(DeadlineMoved, TermsLocked, *WITHOUT_MEDIATOR),
    ),
    *for_each(
        "terms_to_read",
        _("Terms of case %(case)s are drafted: read them, and say what is to be changed"),
        "file-text",
        on=(TermsDrafted, DeadlineMoved),
        until_when=TIME_UNTIL,
        waits=True,
        when=stands(CaseState.DRAFTING),
        until=(TermsLocked, *WITHOUT_MEDIATOR),
        may_move=True,
    ),
    *for_each(
        "to_sign",
        _("The terms of case %(case)s are locked: read and sign"),
        "signature",
        on=(TermsLocked, DeadlineMoved),
        roles=SIGNATORIES,
        waits=True,
        when=undone("signed", CaseState.SIGNING),
        until=(TermsSigned, TermsDrafted, SettlementSigned, *OVER),
        may_move=True,
    ),
    # --- ended without a settlement, or between the parties -----------------------------------------------------------
    row(
        "to_close",
        _("Case %(case)s ended without a settlement: see which way is open, then close it"),
        "circle-x",
        to="claimant",
        on=(*UNSETTLED, DeadlineMoved),
        until_when=TIME_UNTIL,
        waits=True,
        when=lambda matter: matter.row.state in WITHOUT_SETTLEMENT,
        until=(CaseClosed,),
        may_move=True,
    ),
    row(
        "over_respondent",
        _("Case %(case)s ended without a settlement"),
        "circle-x",
        to="respondent",
        on=(CaseUnanswered, *OVER),
    ),
    *for_each(
        "settled_direct",
        _("Case %(case)s is settled between the parties: payment of %(order)s is free again"),
        "handshake",
        on=(CaseSettledDirectly,),
    ),
    *for_each(
        "closed",
        _("Case %(case)s is closed: payment of %(order)s is free again"),
        "archive",
        on=(CaseClosed,),
    ),
)
