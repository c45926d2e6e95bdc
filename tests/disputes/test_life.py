"""A case from its opening to its end, and who may move it when."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from disputes import services
from disputes.models import Case
from disputes.rules.deadlines import day_of
from disputes.rules.outcomes import unsettled
from disputes.services import opening
from disputes.services.fetching import NotNow, OtherSides, TooLate
from disputes.states import CASE_MOVES, CaseState
from identity.services import ask
from identity.services.talking import Words
from kernel.errors import Forbidden, NotFound
from kernel.models import Event
from orders.services import paying
from sme_hub.matters import matter_of
from tests import factories as people
from tests.disputes import factories as cases
from tests.disputes.factories import NOW, a_case, a_case_in, a_claim
from tests.orders.factories import a_confirmed_order, a_payment, an_order

pytestmark = pytest.mark.django_db


def test_every_state_has_moves_and_every_move_leads_to_a_state() -> None:
    assert set(CASE_MOVES) == set(CaseState.values)
    assert {target for targets in CASE_MOVES.values() for target in targets} <= set(CaseState.values)


def test_the_whole_way_to_a_settlement_performed() -> None:
    case = a_case_in(CaseState.PERFORMING)
    case.order.refresh_from_db()
    assert case.order.is_held
    services.receive_instalment(
        actor=people.bo(), case=case.public_id, number=1, received_on=day_of(case.settled_at), now=NOW
    )
    case.refresh_from_db()
    case.order.refresh_from_db()
    assert case.state == CaseState.COMPLETED
    assert not case.order.is_held
    names = list(Event.objects.filter(about=case.uid).values_list("name", flat=True))
    assert names[0] == "DeadlineSet"
    assert {"CaseOpened", "RequestServed", "MediationBegan", "SettlementSigned", "AwardIssued"} <= set(names)


def test_payment_is_held_while_the_case_is_open() -> None:
    case = a_case()
    with pytest.raises(paying.PaymentIsHeld):
        a_payment(case.order)
    services.withdraw_case(actor=people.bo(), case=case.public_id, now=NOW)
    assert a_payment(case.order).amount == case.order.total


def test_one_open_case_per_order() -> None:
    case = a_case()
    with pytest.raises(opening.AlreadyOpen):
        a_case(case.order, by=people.alice())
    services.withdraw_case(actor=people.bo(), case=case.public_id, now=NOW)
    assert a_case(case.order, by=people.alice()).claimant == people.alice().company


def test_a_case_is_about_a_binding_order() -> None:
    order = an_order()
    with pytest.raises(opening.OrderNotBinding):
        a_case(order)
    order.refresh_from_db()
    assert not order.is_held


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "NaN", "Infinity", "125.01"])
def test_a_claim_is_at_most_the_order(amount: str) -> None:
    order = a_confirmed_order()
    with pytest.raises((opening.NotAClaim, opening.MoreThanTheOrder)):
        a_case(order, amount=Decimal(amount))
    assert not Case.objects.exists()


def test_a_stranger_opens_nothing() -> None:
    order = a_confirmed_order()
    with pytest.raises(NotFound):
        a_case(order, by=people.charlie())


def test_the_same_form_opens_one_case() -> None:
    order = a_confirmed_order()
    entry = {"actor": people.bo(), "order": order.public_id, "claim": a_claim(), "key": "k", "now": NOW}
    assert services.open_case_once(**entry) == services.open_case_once(**entry)


def test_the_evidence_is_frozen() -> None:
    case = a_case()
    assert case.evidence["order"]["reference"] == case.order.reference
    assert [line["total"] for line in case.evidence["lines"]] == ["125.00"]
    assert [told["name"] for told in case.evidence["story"]] == ["OrderPlaced", "OrderConfirmed"]
    assert len(case.evidence_digest) == 64


def test_the_evidence_holds_what_ready_phrases_said() -> None:
    bo, order = people.bo(), a_confirmed_order()
    words = Words(body="Box 3", phrases=("checking",), files=())
    ask(actor=bo, matter=matter_of(bo, order.public_id), words=words, now=NOW)
    case = a_case(order)
    (message,) = case.evidence["messages"]
    assert message["phrases"] == ["checking"] and message["words"] == "Box 3"
    assert message["said_en"] == ["We are checking and answer within one working day."]
    assert message["said_zh"] == ["我们正在核实，一个工作日内答复。"]
    page = people.sign_in(Client(), bo).get(reverse("case", args=[bo.company.slug, case.public_id]))
    assert f"{message['said_zh'][0]} Box 3" in page.content.decode()
    assert case.evidence["lines"][0]["name_zh"] in page.content.decode()


def test_both_say_that_they_have_settled() -> None:
    case = a_case()
    services.say_settled(actor=people.bo(), case=case.public_id, now=NOW)
    case.refresh_from_db()
    assert case.state == CaseState.NEGOTIATING
    services.say_settled(actor=people.alice(), case=case.public_id, now=NOW)
    case.refresh_from_db()
    assert (case.state, case.ended_at) == (CaseState.SETTLED_DIRECT, NOW)


def test_the_days_to_negotiate_are_skipped_only_when_it_is_urgent() -> None:
    case = a_case()
    with pytest.raises(opening.NotYet):
        services.request_mediation(actor=people.bo(), case=case.public_id, urgent=False, now=NOW)
    case.refresh_from_db()
    assert case.state == CaseState.NEGOTIATING


# --- the deadline decides ---------------------------------------------------------------------------------------------


def after(case: Case) -> object:
    case.refresh_from_db()
    assert case.respond_by is not None
    return case.respond_by + timedelta(seconds=1)


def test_a_late_answer_is_refused_even_before_the_timer() -> None:
    case = a_case_in(CaseState.AWAITING_ANSWER)
    late = after(case)
    with pytest.raises(TooLate):
        cases.answered(case, now=late)
    case.refresh_from_db()
    assert (case.state, case.answered_at) == (CaseState.AWAITING_ANSWER, None)


def test_a_respondent_who_never_answers() -> None:
    case = a_case_in(CaseState.AWAITING_ANSWER)
    assert not services.run_out(case_id=case.pk, now=NOW)
    assert services.run_out(case_id=case.pk, now=after(case))
    case.refresh_from_db()
    assert case.state == CaseState.NO_ANSWER
    with pytest.raises(OtherSides):
        services.close_case(actor=people.alice(), case=case.public_id, now=NOW)
    services.close_case(actor=people.bo(), case=case.public_id, now=after(case) - timedelta(days=1))
    case.order.refresh_from_db()
    assert not case.order.is_held


@pytest.mark.parametrize(
    "how", [CaseState.NO_ANSWER, CaseState.DECLINED, CaseState.FAILED, CaseState.EXPIRED]
)
def test_what_brings_no_settlement_is_held_for_a_time_and_closed_by_itself(how: str) -> None:
    case = a_case_in(CaseState.AWAITING_ANSWER if how in ("no_answer", "declined") else CaseState.MEDIATING)
    match how:
        case CaseState.DECLINED:
            cases.answered(case, takes_part=False)
        case CaseState.FAILED:
            services.end_mediation(actor=cases.mediator(), case=case.public_id, now=NOW)
        case _:
            services.run_out(case_id=case.pk, now=after(case))
    case.refresh_from_db()
    case.order.refresh_from_db()
    assert (case.state, case.order.is_held) == (how, True)
    told = unsettled(case)
    assert told is not None
    assert (told.how, told.held, told.held_until) == (how, True, case.respond_by)
    assert (told.arbitration_since is not None) == (how in ("failed", "expired")), (
        "agreed before mediation began"
    )
    assert case.deadlines.latest("pk").rule == "10 jwd"
    last = case.respond_by
    assert not services.run_out(case_id=case.pk, now=last)
    assert services.run_out(case_id=case.pk, now=after(case))
    case.refresh_from_db()
    case.order.refresh_from_db()
    assert (case.state, case.order.is_held) == (CaseState.CLOSED, False)
    closed = unsettled(case)
    assert closed is not None
    assert (closed.how, closed.held, closed.at) == (how, False, told.at)


@pytest.mark.parametrize("state", [CaseState.REQUESTED, CaseState.NOMINATING, CaseState.DECLINED])
def test_a_case_under_older_rules_takes_the_end_that_the_rules_of_the_day_name(state: str) -> None:
    """Opened under rules without such a time; and one that has waited since before there were any gets it at the next start."""
    case = a_case()
    for code in ("serve", "nominate", "close"):
        del case.rules["rules"][code]
    case.save(update_fields=["rules"])
    cases.requested(case)
    if state != CaseState.REQUESTED:
        cases.served(case)
        cases.answered(case, takes_part=state == CaseState.NOMINATING)
    case.refresh_from_db()
    assert (case.state, case.respond_by is None) == (state, False)
    until = case.respond_by
    assert services.wind_up_what_waits(now=NOW) == 0, "it has its end"
    Case.objects.filter(pk=case.pk).update(respond_by=None)
    assert services.wind_up_what_waits(now=NOW) == 1
    assert services.wind_up_what_waits(now=NOW) == 0
    case.refresh_from_db()
    assert case.respond_by == until
    assert Event.objects.filter(about=case.uid, name="DeadlineMoved").count() == 1
    services.run_out(case_id=case.pk, now=after(case))
    case.refresh_from_db()
    assert case.state != state, "and the timer of it decides"


def test_the_offices_sleep_never_costs_the_claimant() -> None:
    """Nobody serves the request: it goes out by itself, waits for a manager in sight of all, and goes on with whoever takes it."""
    slow, quick = cases.manager(), cases.manager("second@office.example", "Sam Second")
    case = a_case_in(CaseState.REQUESTED)
    last = case.respond_by
    assert case.deadlines.latest("pk").rule == "3 jwd"
    assert not services.run_out(case_id=case.pk, now=last), "to the second"
    late = after(case)
    with pytest.raises(TooLate):  # though the timer is late
        services.serve_request(actor=slow, case=case.public_id, now=late)
    assert services.run_out(case_id=case.pk, now=late)
    case.refresh_from_db()
    assert (case.state, case.manager, case.served_at) == (CaseState.AWAITING_ANSWER, None, late)
    assert case.respond_by > late + timedelta(days=13), "the respondent has all of their time"
    assert Event.objects.get(about=case.uid, name="RequestServed").actor == "system:deadline"
    with pytest.raises(NotFound):
        services.take_case(actor=cases.mediator(), case=case.public_id, now=late)
    cases.answered(case, now=late)
    with pytest.raises(Forbidden):  # who asks a mediator has taken the case on
        services.ask_mediator(
            actor=quick, case=case.public_id, mediator=cases.seat_of(cases.mediator()).public_id, now=late
        )
    services.take_case(actor=quick, case=case.public_id, now=late)
    with pytest.raises(NotFound):
        services.take_case(actor=slow, case=case.public_id, now=late)
    with pytest.raises(NotNow):
        services.take_case(actor=quick, case=case.public_id, now=late)
    case.refresh_from_db()
    assert (case.state, case.manager) == (CaseState.NOMINATING, cases.seat_of(quick))


def test_where_no_mediator_is_asked_in_time_the_case_ends_without_prejudice() -> None:
    case = a_case_in(CaseState.NOMINATING)
    late = after(case)
    assert case.deadlines.latest("pk").rule == "5 jwd"
    with pytest.raises(TooLate):
        cases.asked(case, now=late)
    assert not case.appointments.exists()
    assert services.run_out(case_id=case.pk, now=late)
    case.refresh_from_db()
    assert (case.state, case.unsettled_at) == (CaseState.EXPIRED, late)
    services.close_case(actor=people.bo(), case=case.public_id, now=late)
    case.order.refresh_from_db()
    assert not case.order.is_held
    assert a_case(case.order, now=late).state == CaseState.NEGOTIATING, "another may be opened"


def test_sessions_ahead_are_called_off_with_the_mediation() -> None:
    case = a_case_in(CaseState.MEDIATING)
    meeting = services.set_session(
        actor=cases.mediator(),
        case=case.public_id,
        zone="joint",
        mode="online",
        starts_at=NOW + timedelta(days=2),
        minutes=60,
        place="Room 3",
        now=NOW,
    )
    services.leave_mediation(actor=people.bo(), case=case.public_id, now=NOW)
    meeting.refresh_from_db()
    assert (meeting.cancelled_at, meeting.sequence) == (NOW, 1)
    assert Event.objects.filter(about=case.uid, name="SessionCancelled").count() == 1


def test_an_instalment_that_does_not_come_is_a_default_and_can_be_cured() -> None:
    case = a_case_in(CaseState.PERFORMING)
    instalment = case.terms.get(state="signed").instalments.get()
    services.look_for_default(case_id=case.pk, now=instalment.late_after)
    case.refresh_from_db()
    assert case.state == CaseState.PERFORMING
    late = instalment.late_after + timedelta(seconds=1)
    services.look_for_default(case_id=case.pk, now=late)
    case.refresh_from_db()
    assert case.state == CaseState.DEFAULTED
    with pytest.raises(OtherSides):  # the debtor does not say that it has paid
        services.receive_instalment(
            actor=people.alice(), case=case.public_id, number=1, received_on=day_of(late), now=late
        )
    with pytest.raises(OtherSides):  # nor does it end the case, and the hold with it
        services.close_case(actor=people.alice(), case=case.public_id, now=late)
    case.order.refresh_from_db()
    assert case.order.held_by == case.uid
    services.receive_instalment(
        actor=people.bo(), case=case.public_id, number=1, received_on=day_of(late), now=late
    )
    case.refresh_from_db()
    assert case.state == CaseState.COMPLETED


# --- whose turn -------------------------------------------------------------------------------------------------------


def test_only_the_respondent_answers() -> None:
    case = a_case_in(CaseState.AWAITING_ANSWER)
    with pytest.raises(OtherSides):
        services.answer_case(actor=people.bo(), case=case.public_id, takes_part=True, answer="x", now=NOW)


def test_declining_ends_the_mediation_not_the_hold() -> None:
    case = a_case_in(CaseState.AWAITING_ANSWER)
    cases.answered(case, takes_part=False)
    case.refresh_from_db()
    case.order.refresh_from_db()
    assert (case.state, case.order.is_held) == (CaseState.DECLINED, True)


def test_only_a_signatory_consents_and_signs() -> None:
    case = a_case_in(CaseState.CONSENT_PENDING)
    seller = people.a_colleague(people.alice(), "seller")
    with pytest.raises(Forbidden):
        services.give_consent(actor=seller, case=case.public_id, ticks=(), text_seen="", now=NOW)
    assert not case.consents.exists()


def test_logistics_do_not_see_a_case() -> None:
    case = a_case()
    clerk = people.a_colleague(people.bo(), "logistics")
    with pytest.raises(NotFound):
        services.withdraw_case(actor=clerk, case=case.public_id, now=NOW)


def test_either_party_leaves_without_a_reason() -> None:
    case = a_case_in(CaseState.MEDIATING)
    services.leave_mediation(actor=people.alice(), case=case.public_id, now=NOW)
    case.refresh_from_db()
    assert (case.state, case.failed_by) == (CaseState.FAILED, "b")
    with pytest.raises(NotNow):
        services.leave_mediation(actor=people.bo(), case=case.public_id, now=NOW)


def test_more_time_needs_both() -> None:
    case = a_case_in(CaseState.MEDIATING)
    until = case.respond_by
    later = NOW + timedelta(days=3)
    services.ask_longer(actor=people.bo(), case=case.public_id, now=later)
    services.ask_longer(actor=people.bo(), case=case.public_id, now=later)
    case.refresh_from_db()
    assert case.respond_by == until
    services.ask_longer(actor=people.alice(), case=case.public_id, now=later)
    case.refresh_from_db()
    assert case.respond_by > until
    assert not services.run_out(case_id=case.pk, now=until + timedelta(seconds=1))


def test_the_database_ties_facts_to_states() -> None:
    case = a_case()
    for wrong in ({"state": CaseState.CLOSED}, {"state": CaseState.MEDIATING}, {"respond_by": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(**wrong)
