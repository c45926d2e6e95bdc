"""What the parties of a case and its officials are told: that something waits or has happened, never what was said."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from disputes.events import (
    AwardIssued,
    CaseAnswered,
    CaseClosed,
    CaseExpired,
    CaseOpened,
    CaseUnanswered,
    CaseWithdrawn,
    ConsentGiven,
    FilingReturned,
    InstalmentReceived,
    MediationBegan,
    MediationFailed,
    MediationRequested,
    MediatorAppointed,
    MediatorAsked,
    MediatorDisclosed,
    MediatorNotAvailable,
    MessageLeft,
    PerformanceBegan,
    RequestServed,
    SessionCancelled,
    SessionSet,
    SettlementDefaulted,
    SettlementFiled,
    SettlementSigned,
    TermsDrafted,
    TermsLocked,
    TermsSigned,
)
from disputes.queries import CaseInBrief, case_in_brief, case_managers, zone_of_session
from disputes.rules import PARTY_ROLES, SIGNATORIES
from disputes.states import WITHOUT_SETTLEMENT, CaseState, Zone
from identity.models import Company
from identity.rules.notices import Kind
from kernel.events import Occurrence
from sme_hub.telling.rows import Matter, Row

SIDES = {"claimant": "a", "respondent": "b"}
OVER = (CaseWithdrawn, CaseExpired, MediationFailed)
#: what of these leaves the claimant to look at the way that is open, and to close the case
UNSETTLED = (CaseAnswered, CaseUnanswered, CaseExpired, MediationFailed)
#: in which parties and mediator speak to one another
_HEARD_BY_MEDIATORS = (Zone.JOINT, Zone.CAUCUS_A, Zone.CAUCUS_B)
#: the private room of each
_ROOM_OF = {"claimant": Zone.CAUCUS_A, "respondent": Zone.CAUCUS_B}


def case_of(event: Any, occurrence: Occurrence) -> Matter:
    """The case as it is now, for its parties; each reads the other's name as `party`."""
    return _matter(event, occurrence, users=())


def for_its_manager(event: Any, occurrence: Occurrence) -> Matter:
    return _matter(event, occurrence, users=case_in_brief(event.case_id).manager)


def for_any_manager(event: Any, occurrence: Occurrence) -> Matter:
    return _matter(event, occurrence, users=case_managers())


def for_its_mediator(event: Any, occurrence: Occurrence) -> Matter:
    return _matter(event, occurrence, users=case_in_brief(event.case_id).mediator)


def something_said(event: MessageLeft | SessionSet | SessionCancelled, occurrence: Occurrence) -> Matter:
    """With the sides that may know of it and did not do it themselves."""
    zone = event.zone if isinstance(event, MessageLeft) else zone_of_session(event.session_id)
    matter = _matter(event, occurrence, users=())
    heard = {
        side
        for side, (company, _slug) in matter.sides.items()
        if zone in (Zone.JOINT, Zone.OPEN, _ROOM_OF[side]) and company != occurrence.company_id
    }
    return Matter(
        about=matter.about,
        row=heard,
        event=event,
        now=matter.now,
        sides=matter.sides,
        params={**matter.params, "id": matter.row.public_id},
        params_of=matter.params_of,
    )


def _matter(event: Any, occurrence: Occurrence, *, users: Iterable[int]) -> Matter:
    case = case_in_brief(event.case_id)
    companies = {"claimant": case.claimant, "respondent": case.respondent}
    return Matter(
        about=case.uid,
        row=case,
        event=event,
        now=occurrence.now,
        sides={side: (company.pk, company.slug) for side, company in companies.items()},
        params={"case": case.number, "order": case.order},
        params_of={
            "claimant": {"party": _names(case.respondent)},
            "respondent": {"party": _names(case.claimant)},
        },
        respond_by=case.respond_by,
        users=users,
    )


def _names(company: Company) -> dict[str, str]:
    return {"en": company.name_in("en"), "zh": company.name_in("zh-hans")}


def _page(matter: Matter, side: str) -> str:
    case = matter.row.public_id if isinstance(matter.row, CaseInBrief) else matter.params["id"]
    if side == "person":
        return reverse("mediation:case", args=[case])
    return reverse("case", args=[matter.sides[side][1], case])


def _row(code: str, words: Any, icon: str, *, to: str, reader: Any = case_of, **row: Any) -> Row:
    kind = Kind(code=f"case.{code}", words=words, icon=icon, group="office" if to == "person" else "cases")
    row.setdefault("roles", () if to == "person" else PARTY_ROLES)
    return Row(kind=kind, reader=reader, path=_page, to=to, **row)


def _both(
    code: str, words: Any, icon: str, *, undone: str = "", state: str = "", **row: Any
) -> Iterable[Row]:
    """The same row for either side; `undone` names what this side has not done yet, in `state`."""
    for side, letter in SIDES.items():

        def waits(matter: Matter, letter: str = letter) -> bool:
            return matter.row.state == state and letter not in getattr(matter.row, undone)

        if undone:
            row["when"] = waits
        yield _row(f"{code}_{side}", words, icon, to=side, **row)


def _stands(state: str) -> Any:
    return lambda matter: matter.row.state == state


def _heard_by(side: str, *, moved: bool | None = None) -> Any:
    """Whether this side may know of it; of a session also whether it is one that stood already."""
    return lambda matter: side in matter.row and moved in (None, bool(getattr(matter.event, "sequence", 0)))


ROWS: tuple[Row, ...] = (
    # --- what waits for a party ----------------------------------------------------------------------------------------
    _row(
        "to_answer",
        _("%(party)s asks for mediation about %(order)s: answer case %(case)s"),
        "scale",
        to="respondent",
        on=(RequestServed,),
        waits=True,
        when=lambda matter: matter.row.state == CaseState.AWAITING_ANSWER,
        until=(CaseAnswered, CaseUnanswered, CaseWithdrawn),
    ),
    *_both(
        "mediator_to_accept",
        _("A mediator for case %(case)s has disclosed: accept or object"),
        "user",
        on=(MediatorDisclosed,),
        waits=True,
        undone="accepted",
        state=CaseState.CONFLICT_CHECK,
        until=(MediatorAppointed, MediatorNotAvailable, CaseWithdrawn),
    ),
    *_both(
        "to_consent",
        _("Read and consent, so that mediation of case %(case)s can begin"),
        "signature",
        on=(MediatorAppointed,),
        roles=SIGNATORIES,
        waits=True,
        undone="consented",
        state=CaseState.CONSENT_PENDING,
        until=(ConsentGiven, MediationBegan, *OVER),
    ),
    *_both(
        "to_sign",
        _("The terms of case %(case)s are locked: read and sign"),
        "signature",
        on=(TermsLocked,),
        roles=SIGNATORIES,
        waits=True,
        undone="signed",
        state=CaseState.SIGNING,
        until=(TermsSigned, TermsDrafted, SettlementSigned, *OVER),
    ),
    _row(
        "to_close",
        _("Case %(case)s ended without a settlement: see which way is open, then close it"),
        "circle-x",
        to="claimant",
        on=UNSETTLED,
        waits=True,
        when=lambda matter: matter.row.state in WITHOUT_SETTLEMENT,
        until=(CaseClosed,),
    ),
    # --- what is good to know, some of it to act on ------------------------------------------------------------------------------------------
    _row(
        "opened",
        _("%(party)s opened case %(case)s about %(order)s: payment is held"),
        "scale",
        to="respondent",
        on=(CaseOpened,),
    ),
    _row(
        "answered",
        _("%(party)s answered case %(case)s"),
        "message-square",
        to="claimant",
        on=(CaseAnswered,),
        when=lambda matter: matter.row.state != CaseState.DECLINED,
    ),
    *_both("began", _("Mediation of case %(case)s has begun"), "users", on=(MediationBegan,)),
    *_both(
        "settled",
        _("Both sides signed the settlement of case %(case)s"),
        "signature",
        on=(SettlementSigned,),
        waits=True,
        when=_stands(CaseState.MSA_SIGNED),
        until=(SettlementFiled, PerformanceBegan),
    ),
    *_both(
        "awarded",
        _("The award in case %(case)s is here (simulated)"),
        "landmark",
        on=(AwardIssued,),
        waits=True,
        when=_stands(CaseState.AWARD_ISSUED),
        until=(PerformanceBegan,),
    ),
    *_both(
        "returned",
        _("The settlement of case %(case)s was returned"),
        "rotate-ccw",
        on=(FilingReturned,),
        waits=True,
        when=_stands(CaseState.RETURNED),
        until=(SettlementFiled, PerformanceBegan),
    ),
    *_both(
        "late",
        _("A payment of the settlement in case %(case)s is late"),
        "triangle-alert",
        on=(SettlementDefaulted,),
        waits=True,
        when=_stands(CaseState.DEFAULTED),
        until=(InstalmentReceived, CaseClosed),
    ),
    _row(
        "over_respondent", _("Case %(case)s ended without a settlement"), "circle-x", to="respondent", on=OVER
    ),
    *_both(
        "closed",
        _("Case %(case)s is closed: payment of %(order)s is free again"),
        "archive",
        on=(CaseClosed,),
    ),
    *(
        row
        for side in SIDES
        for row in (
            _row(
                f"message_{side}",
                _("A message for you in case %(case)s"),
                "message-square",
                to=side,
                reader=something_said,
                on=(MessageLeft,),
                when=_heard_by(side),
            ),
            _row(
                f"session_{side}",
                _("A session of case %(case)s is set"),
                "calendar-clock",
                to=side,
                reader=something_said,
                on=(SessionSet,),
                when=_heard_by(side, moved=False),
            ),
            _row(
                f"session_moved_{side}",
                _("A session of case %(case)s was moved: take the new time into your calendar"),
                "calendar-clock",
                to=side,
                reader=something_said,
                on=(SessionSet,),
                when=_heard_by(side, moved=True),
            ),
            _row(
                f"session_off_{side}",
                _("A session of case %(case)s was called off: take it out of your calendar"),
                "calendar",
                to=side,
                reader=something_said,
                on=(SessionCancelled,),
                when=_heard_by(side),
            ),
        )
    ),
    # --- the office ----------------------------------------------------------------------------------------------------
    _row(
        "to_serve",
        _("Case %(case)s waits to be taken on and served"),
        "inbox",
        to="person",
        reader=for_any_manager,
        on=(MediationRequested,),
        waits=True,
        when=lambda matter: matter.row.state == CaseState.REQUESTED,
        until=(RequestServed, CaseWithdrawn),
    ),
    _row(
        "to_nominate",
        _("Case %(case)s needs a mediator"),
        "user-plus",
        to="person",
        reader=for_its_manager,
        on=(CaseAnswered, MediatorNotAvailable),
        waits=True,
        when=lambda matter: matter.row.state == CaseState.NOMINATING,
        until=(MediatorAsked, CaseWithdrawn),
    ),
    _row(
        "to_disclose",
        _("You are asked to mediate case %(case)s: disclose or decline"),
        "eye",
        to="person",
        reader=for_its_mediator,
        on=(MediatorAsked,),
        waits=True,
        when=lambda matter: matter.row.state == CaseState.CONFLICT_CHECK and not matter.row.disclosed,
        until=(MediatorDisclosed, MediatorNotAvailable, CaseWithdrawn),
    ),
    _row(
        "to_mediate",
        _("Mediation of case %(case)s has begun"),
        "users",
        to="person",
        reader=for_its_mediator,
        on=(MediationBegan,),
    ),
    _row(
        "message_mediator",
        _("A message for you in case %(case)s"),
        "message-square",
        to="person",
        reader=for_its_mediator,
        on=(MessageLeft,),
        when=lambda matter: matter.event.zone in _HEARD_BY_MEDIATORS,
    ),
)
