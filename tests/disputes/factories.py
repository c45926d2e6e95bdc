"""Cases for tests and the demo, made through the product's own verbs: Bo claims, Alice answers.

case = factories.a_case()                  # negotiating
case = factories.a_case_in(CaseState.MEDIATING)
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from disputes import services
from disputes.models import Case, Official
from disputes.queries.packets import manifest_of, packet_of
from disputes.rules.clauses import Pair, Payment, digest
from disputes.rules.consents import CODES, text_hash
from disputes.rules.deadlines import day_of
from disputes.services import ClaimMade
from disputes.states import CaseState, OfficeKind, TermsState, Zone
from identity.actors import Member, Staff
from identity.models import User
from kernel.ids import new_uuid
from orders.models import Order
from tests import factories as people
from tests.orders.factories import a_confirmed_order

#: when these stories begin
NOW = timezone.now()


# --- the office -------------------------------------------------------------------------------------------------------


def mediator(email: str = "mediator@office.example", name: str = "Meera Nair", zh: str = "梅拉") -> Staff:
    return _official(email, OfficeKind.MEDIATOR, name, zh)


def manager(email: str = "manager@office.example", name: str = "Marcus Lee", zh: str = "李明") -> Staff:
    return _official(email, OfficeKind.MANAGER, name, zh)


def registrar(email: str = "registrar@office.example", name: str = "Ren Desk", zh: str = "任台") -> Staff:
    return _official(email, OfficeKind.SCIA, name, zh)


def seat_of(staff: Staff) -> Official:
    return Official.objects.get(user=staff.user)


def _official(email: str, kind: str, name: str, zh: str) -> Staff:
    user = User.objects.filter(email=email).first() or people.a_user(email, name=name)
    return appoint(user, kind, name, zh)


def appoint(user: User, kind: str, name: str, zh: str = "") -> Staff:
    services.appoint_official(user=user, kind=kind, name_en=name, name_zh=zh, now=timezone.now())
    return Staff(user=user)


# --- a case, step by step ---------------------------------------------------------------------------------------------


def a_claim(**changes: Any) -> ClaimMade:
    values: dict[str, Any] = {
        "kind": "quality",
        "amount": Decimal("50.00"),
        "remedy": "price_cut",
        "statement": "Forty of the bolts do not take the nut.",
    }
    return ClaimMade(**{**values, **changes})


def a_case(
    order: Order | None = None, *, by: Member | None = None, now: datetime = NOW, **changes: Any
) -> Case:
    order = order or a_confirmed_order(now=now)
    return services.open_case(
        actor=by or people.bo(), order=order.public_id, claim=a_claim(**changes), now=now
    )


def requested(case: Case, *, now: datetime = NOW) -> None:
    services.request_mediation(actor=people.bo(), case=case.public_id, urgent=True, now=now)


def served(case: Case, *, now: datetime = NOW) -> None:
    services.serve_request(actor=manager(), case=case.public_id, now=now)


def answered(case: Case, *, now: datetime = NOW, takes_part: bool = True) -> None:
    services.answer_case(
        actor=people.alice(),
        case=case.public_id,
        takes_part=takes_part,
        answer="The bolts are to the drawing.",
        now=now,
    )


def asked(case: Case, *, now: datetime = NOW, whom: Staff | None = None) -> None:
    services.ask_mediator(
        actor=manager(), case=case.public_id, mediator=seat_of(whom or mediator()).public_id, now=now
    )


def disclosed(case: Case, *, now: datetime = NOW) -> None:
    services.disclose(actor=mediator(), case=case.public_id, disclosure="I know of no conflict.", now=now)


def accepted(case: Case, *, now: datetime = NOW) -> None:
    for party in (people.alice(), people.bo()):
        services.accept_mediator(actor=party, case=case.public_id, now=now)


def consented(case: Case, *, now: datetime = NOW) -> None:
    for party in (people.alice(), people.bo()):
        services.give_consent(actor=party, case=case.public_id, ticks=CODES, text_seen=text_hash(), now=now)


def drafted(case: Case, *, now: datetime = NOW, amount: str = "40.00") -> None:
    due = day_of(now) + timedelta(days=20)
    services.draft_terms(
        actor=mediator(),
        case=case.public_id,
        clauses=[
            Pair(
                f"The seller pays the buyer SGD {amount} by {due.isoformat()}.",
                f"卖方应于{due.year}年{due.month}月{due.day}日前向买方支付 {amount} 新加坡元。",
            ),
            Pair("With this payment the claim is settled.", "付款后本争议了结。"),
        ],
        payments=[Payment("b", Decimal(amount), case.currency, due)],
        governing="en",
        now=now,
    )


def drafted_goods(case: Case, *, now: datetime = NOW, until: date | None = None) -> None:
    """Nothing is to be paid: goods are sent again, by a day where one is given."""
    by_en, by_zh = (f" by {until.isoformat()}", f"于{until.isoformat()}前") if until else ("", "")
    services.draft_terms(
        actor=mediator(),
        case=case.public_id,
        clauses=[Pair(f"The seller sends 40 bolts{by_en}.", f"卖方{by_zh}补发 40 枚螺栓。")],
        payments=[],
        governing="en",
        now=now,
    )


def locked(case: Case, *, now: datetime = NOW) -> None:
    services.lock_terms(actor=mediator(), case=case.public_id, now=now)


def signed(case: Case, *, now: datetime = NOW) -> None:
    seen = case.terms.get(state=TermsState.LOCKED).text_hash
    for party, name in ((people.alice(), "Alice Tan"), (people.bo(), "Bo Wen")):
        services.sign_terms(actor=party, case=case.public_id, name=name, text_seen=seen, now=now)


def filed(case: Case, *, now: datetime = NOW) -> None:
    case.refresh_from_db()
    services.file_settlement(
        actor=people.bo(), case=case.public_id, manifest_seen=manifest_digest(case), now=now
    )


def manifest_digest(case: Case) -> str:
    return digest(manifest_of(packet_of(case, case.terms.get(state=TermsState.SIGNED))))


def awarded(case: Case, *, now: datetime = NOW) -> None:
    """As the desk's answer is taken."""
    services.keep_answer(
        filing_id=case.filings.latest("pk").pk,
        answer={
            "status": "award",
            "reference": f"SIM-F-{case.pk}",
            "award_number": f"SIM-SCIA-2026-{case.pk:05d}",
            "awarded_on": day_of(now).isoformat(),
            "arbitrator": "Simulated arbitrator",
        },
        now=now,
    )


def performed(case: Case, *, now: datetime = NOW) -> None:
    services.begin_after_award(actor=people.bo(), case=case.public_id, now=now)


#: what leads to each state
STEPS: tuple[tuple[str, Callable[..., None]], ...] = (
    (CaseState.REQUESTED, requested),
    (CaseState.AWAITING_ANSWER, served),
    (CaseState.NOMINATING, answered),
    (CaseState.CONFLICT_CHECK, asked),
    ("disclosed", disclosed),
    (CaseState.CONSENT_PENDING, accepted),
    (CaseState.MEDIATING, consented),
    (CaseState.DRAFTING, drafted),
    (CaseState.SIGNING, locked),
    (CaseState.MSA_SIGNED, signed),
    (CaseState.SCIA_FILED, filed),
    (CaseState.AWARD_ISSUED, awarded),
    (CaseState.PERFORMING, performed),
)


def a_case_in(
    state: str, order: Order | None = None, *, now: datetime = NOW, draft: Callable[..., None] = drafted
) -> Case:
    """A case that has come as far as `state`, through every step before it; `draft` says to what terms."""
    case = a_case(order, now=now)
    for reached, step in STEPS:
        if case.state == state:
            break
        (draft if step is drafted else step)(case, now=now)
        case.refresh_from_db()
        if reached == state:
            break
    return case


def many_like(case: Case, count: int) -> None:
    """`count` ended cases of the same people, each with an appointment and a filing of its own: for long lists."""
    appointment, filing = case.appointments.get(), case.filings.get()
    for number in range(count):
        case.pk, case.uid, case.number = None, new_uuid(), f"MC-COPY{number:05d}"
        case.state, case.ended_at, case.respond_by = CaseState.CLOSED, NOW, None
        case._state.adding = True
        case.save(force_insert=True)
        for row, own in ((appointment, {}), (filing, {"award_number": f"COPY-{number}"})):
            row.pk, row.uid, row.case = None, new_uuid(), case
            row._state.adding = True
            for name, value in own.items():
                setattr(row, name, value)
            row.save(force_insert=True)


def said(case: Case, by: Member | Staff, zone: Zone, words: str = "Hello.", **more: Any) -> Any:
    return services.leave_message(
        actor=by,
        case=case.public_id,
        zone=zone,
        words=words,
        meant_for=zone,
        now=more.pop("now", NOW),
        **more,
    )
