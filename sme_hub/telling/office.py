"""What the office of disputes is told: case managers, mediators and the arbitration desk, each of their own cases.

Of what has happened officials hear no more than the case's history shows them (`disputes.rules.stories`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from disputes.events import (
    AwardIssued,
    CaseAnswered,
    CaseClosed,
    CaseExpired,
    CaseTaken,
    CaseUnanswered,
    CaseWithdrawn,
    DeadlineMoved,
    FilingReturned,
    InstalmentReceived,
    MediationBegan,
    MediationRequested,
    MediatorAppointed,
    MediatorAsked,
    MediatorDisclosed,
    MediatorNotAvailable,
    PerformanceBegan,
    PerformanceContested,
    PerformanceReported,
    RequestServed,
    SettlementDefaulted,
    SettlementFiled,
    SettlementPerformed,
    SettlementSigned,
    TermsDrafted,
    TermsLocked,
)
from disputes.rules.stories import told_to
from disputes.rules.zones import Viewer
from disputes.states import AppointmentState, CaseState
from identity.rules.notices import TIME_UNTIL
from kernel.events import BusinessEvent
from sme_hub.telling.case_matters import (
    for_any_manager,
    for_its_manager,
    for_its_mediator,
    for_the_desk,
    for_who_was_asked,
    row,
    stands,
)
from sme_hub.telling.cases import OVER, WITHOUT_MEDIATOR
from sme_hub.telling.rows import Matter, Row


class News(NamedTuple):
    """What officials are told of a case that goes on without them."""

    code: str
    words: Any
    icon: str
    on: tuple[type[BusinessEvent], ...]
    #: the state that the case has come to, where the event alone does not say it
    state: str = ""


NEWS = (
    News("unanswered", _("Case %(case)s was not answered in time"), "hourglass", (CaseUnanswered,)),
    News(
        "declined",
        _("Mediation of case %(case)s was declined"),
        "circle-x",
        (CaseAnswered,),
        CaseState.DECLINED,
    ),
    News("appointed", _("The mediator of case %(case)s is appointed"), "badge-check", (MediatorAppointed,)),
    News("over", _("Case %(case)s ended without a settlement"), "circle-x", OVER),
    News("signed", _("Both sides signed the settlement of case %(case)s"), "signature", (SettlementSigned,)),
    News("passed_on", _("The settlement of case %(case)s was passed on"), "send", (SettlementFiled,)),
    News("award", _("The award in case %(case)s is here (simulated)"), "landmark", (AwardIssued,)),
    News("sent_back", _("The settlement of case %(case)s was returned"), "rotate-ccw", (FilingReturned,)),
    News(
        "being_performed",
        _("The settlement of case %(case)s is being performed"),
        "play",
        (PerformanceBegan,),
    ),
    News(
        "payment",
        _("A payment of the settlement in case %(case)s arrived"),
        "banknote",
        (InstalmentReceived,),
    ),
    News(
        "default",
        _("A payment of the settlement in case %(case)s is late"),
        "triangle-alert",
        (SettlementDefaulted,),
    ),
    News(
        "said_done",
        _("The respondent of case %(case)s says that all was done"),
        "check",
        (PerformanceReported,),
    ),
    News(
        "said_undone",
        _("The claimant of case %(case)s says that what was settled was not done"),
        "triangle-alert",
        (PerformanceContested,),
    ),
    News("done", _("The settlement of case %(case)s is performed"), "circle-check", (SettlementPerformed,)),
    News("closed", _("Case %(case)s is closed"), "archive", (CaseClosed,)),
)


def _is_untaken(matter: Matter) -> bool:
    """Whether the request went out by itself and no manager has taken the case on since."""
    waits = matter.row.state in (CaseState.AWAITING_ANSWER, CaseState.NOMINATING)
    return waits and not matter.row.manager


def _news(viewer: Viewer, reader: Any) -> Iterator[Row]:
    """The news of which this official's place lets them know."""
    known = told_to(viewer)
    for news in NEWS:
        if all(event.__name__ in known for event in news.on):
            more = {"when": stands(news.state)} if news.state else {}
            code = f"{news.code}_{viewer.value}"
            yield row(code, news.words, news.icon, to="person", reader=reader, on=news.on, **more)


ROWS: tuple[Row, ...] = (
    # --- the case manager ----------------------------------------------------------------------------------------------
    row(
        "to_serve",
        _("Case %(case)s waits to be taken on and served"),
        "inbox",
        to="person",
        reader=for_any_manager,
        on=(MediationRequested, DeadlineMoved),
        until_when=TIME_UNTIL,
        waits=True,
        when=stands(CaseState.REQUESTED),
        until=(RequestServed, CaseWithdrawn),
        may_move=True,
    ),
    row(
        "to_take",
        _("Case %(case)s went out without a manager: take it on"),
        "user-plus",
        to="person",
        reader=for_any_manager,
        on=(RequestServed, CaseAnswered, DeadlineMoved),
        until_when=TIME_UNTIL,
        waits=True,
        when=_is_untaken,
        until=(CaseTaken, CaseAnswered, CaseUnanswered, CaseExpired, CaseWithdrawn),
        may_move=True,
    ),
    row(
        "to_nominate",
        _("Case %(case)s needs a mediator"),
        "user-plus",
        to="person",
        reader=for_its_manager,
        on=(CaseAnswered, CaseTaken, MediatorNotAvailable, DeadlineMoved),
        until_when=TIME_UNTIL,
        waits=True,
        when=stands(CaseState.NOMINATING),
        until=(MediatorAsked, CaseExpired, CaseWithdrawn),
        may_move=True,
    ),
    *_news(Viewer.MANAGER, for_its_manager),
    # --- the mediator ---------------------------------------------------------------------------------------------------
    row(
        "to_disclose",
        _("You are asked to mediate case %(case)s: disclose or decline"),
        "eye",
        to="person",
        reader=for_its_mediator,
        on=(MediatorAsked, DeadlineMoved),
        waits=True,
        when=lambda matter: matter.row.state == CaseState.CONFLICT_CHECK and not matter.row.disclosed,
        until=(MediatorDisclosed, MediatorNotAvailable, CaseWithdrawn),
        may_move=True,
    ),
    row(
        "to_mediate",
        _("Mediation of case %(case)s has begun: set a session, hear both sides, draft terms"),
        "users",
        to="person",
        reader=for_its_mediator,
        on=(MediationBegan, DeadlineMoved),
        until_when=TIME_UNTIL,
        waits=True,
        when=stands(CaseState.MEDIATING),
        until=(TermsDrafted, *WITHOUT_MEDIATOR),
        may_move=True,
    ),
    row(
        "to_lock",
        _("The terms of case %(case)s are a draft: lock them for signature once both sides agree"),
        "lock",
        to="person",
        reader=for_its_mediator,
        on=(TermsDrafted, DeadlineMoved),
        until_when=TIME_UNTIL,
        waits=True,
        when=stands(CaseState.DRAFTING),
        until=(TermsLocked, *WITHOUT_MEDIATOR),
        may_move=True,
    ),
    row(
        "let_go",
        _("You have no part in case %(case)s any more: another mediator is looked for"),
        "user",
        to="person",
        reader=for_who_was_asked,
        on=(MediatorNotAvailable,),
        when=lambda matter: matter.event.why != AppointmentState.DECLINED,
        # the case itself is theirs no longer
        path=lambda matter, side: reverse("mediation:index"),
    ),
    *_news(Viewer.MEDIATOR, for_its_mediator),
    # --- the arbitration desk ------------------------------------------------------------------------------------------
    row(
        "to_award",
        _("The settlement of case %(case)s lies at the desk: see that it is answered"),
        "landmark",
        to="person",
        reader=for_the_desk,
        on=(SettlementFiled, DeadlineMoved),
        until_when=TIME_UNTIL,
        waits=True,
        when=stands(CaseState.SCIA_FILED),
        until=(AwardIssued, FilingReturned),
        may_move=True,
    ),
)
