"""Whatever nobody does, a case comes to an end by the clock, and payment of its order is free again."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from disputes import services
from disputes.models import Case, Instalment
from disputes.rules.deadlines import BOTH, day_of, end_of
from disputes.rules.returns import UNANSWERED
from disputes.services.fetching import NotNow, OtherSides, TooLate
from disputes.services.performing import NotDueYet, StillOpen
from disputes.states import CaseState, FilingState
from identity.models import User
from kernel.models import Event
from tests import factories as people
from tests.disputes import factories as cases
from tests.disputes.factories import NOW, a_case_in

pytestmark = pytest.mark.django_db
S = CaseState
SECOND = timedelta(seconds=1)

#: from where a case is left alone → where the clock takes it. What is settled in `GOODS` asks for no payment.
LEFT_ALONE: dict[str, tuple[str, ...]] = {
    S.NEGOTIATING: (S.REQUESTED, S.AWAITING_ANSWER, S.NO_ANSWER, S.CLOSED),
    S.DECLINED: (S.CLOSED,),
    S.CONFLICT_CHECK: (S.NOMINATING, S.EXPIRED, S.CLOSED),
    "disclosed": (S.CONSENT_PENDING, S.EXPIRED, S.CLOSED),
    S.MEDIATING: (S.EXPIRED, S.CLOSED),
    S.FAILED: (S.CLOSED,),
    S.SIGNING: (S.DRAFTING, S.EXPIRED, S.CLOSED),
    S.MSA_SIGNED: (S.PERFORMING, S.DEFAULTED, S.CLOSED),
}
GOODS: dict[str, tuple[str, ...]] = {
    S.SCIA_FILED: (S.RETURNED, S.PERFORMING, S.COMPLETED),
    S.AWARD_ISSUED: (S.PERFORMING, S.COMPLETED),
}
#: every state that the clock is seen to end; `tests.architecture.test_who_waits` holds it against all that wait
BY_THE_CLOCK = {
    state
    for story in (LEFT_ALONE, GOODS)
    for begins, way in story.items()
    for state in (begins, *way[:-1])
    if state != "disclosed"
}


@pytest.mark.parametrize("begins", [*LEFT_ALONE, *GOODS])
def test_whoever_sleeps_the_clock_ends_it_and_payment_is_free(begins: str) -> None:
    case = _left_in(begins)
    way = []
    while not case.has_ended:
        case.order.refresh_from_db()
        assert case.order.held_by == case.uid, "held until the end, and not a day longer"
        last = _last_moment(case)
        _clock(case, last)
        assert _state(case) == (way or [case.state])[-1], "to the second"
        _clock(case, last + SECOND)
        way.append(_state(case))
        _clock(case, last + SECOND)
        assert _state(case) == way[-1], "delivered twice, done once"
    assert tuple(way) == (LEFT_ALONE | GOODS)[begins]
    case.order.refresh_from_db()
    assert not case.order.is_held
    assert case.ended_at is not None
    assert case.ended_at - NOW < timedelta(days=200)


def _left_in(begins: str) -> Case:
    match begins:
        case S.DECLINED:
            case = a_case_in(S.AWAITING_ANSWER)
            cases.answered(case, takes_part=False)
        case S.FAILED:
            case = a_case_in(S.MEDIATING)
            services.end_mediation(actor=cases.mediator(), case=case.public_id, now=NOW)
        case _ if begins in GOODS:
            case = a_case_in(begins, draft=cases.drafted_goods)
        case _:
            case = a_case_in(begins)
    case.refresh_from_db()
    return case


def _last_moment(case: Case) -> datetime:
    """Until when what is awaited counts: of the case, or of the payment that it waits for."""
    if case.respond_by is not None:
        return case.respond_by
    late_after = Instalment.objects.get(terms__case=case, terms__state="signed").late_after
    assert late_after is not None
    return late_after


def _clock(case: Case, now: datetime) -> None:
    """Both timers ring."""
    services.run_out(case_id=case.pk, now=now)
    services.look_for_default(case_id=case.pk, now=now)


def _state(case: Case) -> str:
    case.refresh_from_db()
    return case.state


# --- the arbitration desk ---------------------------------------------------------------------------------------------


def test_a_desk_that_says_nothing_is_asked_no_more_and_its_late_award_changes_nothing() -> None:
    case = a_case_in(S.SCIA_FILED)
    filing = case.filings.get()
    services.run_out(case_id=case.pk, now=case.respond_by + SECOND)
    filing.refresh_from_db()
    assert (_state(case), filing.state, filing.returned_for) == (
        S.RETURNED,
        FilingState.RETURNED,
        UNANSWERED,
    )
    assert case.deadlines.latest("pk").rule == "10 jwd"
    cases.awarded(case, now=case.respond_by)
    assert (_state(case), case.filings.get().award_number) == (S.RETURNED, "")
    shown = _page(people.bo(), case)
    assert shown.count("The desk did not answer in time. It is not asked any more.") == 2, "and in the story"
    assert "Look again in a moment" not in shown, "nobody is asked any more"


def test_filing_again_and_again_holds_payment_no_longer() -> None:
    """The time to go another way is counted at the first return; what comes back after it is performed at once."""
    case = a_case_in(S.SCIA_FILED)
    come_back = partial(services.keep_answer, answer={"status": "returned", "reason": "incomplete"})
    come_back(filing_id=case.filings.get().pk, now=NOW)
    case.refresh_from_db()
    first = case.respond_by
    for later in (NOW + timedelta(hours=1), NOW + timedelta(hours=2)):
        cases.filed(case, now=later)
        come_back(filing_id=case.filings.latest("pk").pk, now=later)
        assert (_state(case), case.respond_by) == (S.RETURNED, first)
    with pytest.raises(TooLate):
        cases.filed(case, now=first + SECOND)
    cases.filed(case, now=first)
    come_back(filing_id=case.filings.latest("pk").pk, now=first + timedelta(days=1))
    assert _state(case) == S.PERFORMING


# --- where nothing is to be paid --------------------------------------------------------------------------------------


def test_what_the_respondent_says_is_done_counts_unless_the_claimant_says_otherwise() -> None:
    named = day_of(NOW) + timedelta(days=20)
    case = a_case_in(S.PERFORMING, draft=partial(cases.drafted_goods, until=named))
    assert case.deadlines.latest("pk").counted_from == end_of(named), "nothing is late before the day"
    bo, alice = ({"actor": who, "case": case.public_id} for who in (people.bo(), people.alice()))
    with pytest.raises(NotDueYet):
        services.contest_performance(**bo, now=NOW)
    for verb, whoever in (
        (services.report_performance, bo),
        (services.contest_performance, alice),
        (services.confirm_performance, alice),
    ):
        with pytest.raises(OtherSides):
            verb(**whoever, now=NOW)
    assert _buttons(people.alice(), case) == {"report"}
    assert _buttons(people.bo(), case) == {"confirm"}
    for _twice in range(2):
        services.report_performance(**alice, now=NOW)
    case.refresh_from_db()
    assert Event.objects.filter(about=case.uid, name="PerformanceReported").count() == 1
    assert case.deadlines.latest("pk").rule == "10 jwd"
    assert case.respond_by < end_of(named + timedelta(days=60))
    assert _buttons(people.alice(), case) == set()
    assert _buttons(people.bo(), case) == {"confirm", "contest"}
    assert "If nobody says otherwise by then, the settlement counts as performed" in _page(people.bo(), case)
    with pytest.raises(TooLate):  # though the timer is late
        services.contest_performance(**bo, now=case.respond_by + SECOND)
    services.run_out(case_id=case.pk, now=case.respond_by + SECOND)
    assert _state(case) == S.COMPLETED
    assert Event.objects.get(about=case.uid, name="SettlementPerformed").payload["by_time"] is True


@pytest.mark.parametrize("then", ["made up for", "given up", "time"])
def test_what_was_not_done_holds_payment_for_a_time_and_no_longer(then: str) -> None:
    case = a_case_in(S.PERFORMING, draft=cases.drafted_goods)
    bo, alice = people.bo(), people.alice()
    services.contest_performance(actor=bo, case=case.public_id, now=NOW)
    case.refresh_from_db()
    case.order.refresh_from_db()
    assert (case.state, case.order.held_by) == (S.DEFAULTED, case.uid)
    assert case.deadlines.latest("pk").rule == "30 jwd"
    with pytest.raises(OtherSides):  # whose it is to do does not end the hold
        services.close_case(actor=alice, case=case.public_id, now=NOW)
    with pytest.raises(NotNow):
        services.report_performance(actor=alice, case=case.public_id, now=NOW)
    match then:
        case "made up for":
            assert _buttons(bo, case) == {"confirm", "close"}
            services.confirm_performance(actor=bo, case=case.public_id, now=case.respond_by)
        case "given up":
            services.close_case(actor=bo, case=case.public_id, now=NOW)
        case _:
            services.run_out(case_id=case.pk, now=case.respond_by + SECOND)
    assert _state(case) == (S.COMPLETED if then == "made up for" else S.CLOSED)
    case.order.refresh_from_db()
    assert not case.order.is_held


def test_nobody_says_of_payments_what_the_payments_say() -> None:
    case = a_case_in(S.PERFORMING)
    assert case.respond_by is None, "each payment has its own end"
    assert _buttons(people.bo(), case) | _buttons(people.alice(), case) == set()
    late_after = Instalment.objects.get(terms__case=case, terms__state="signed").late_after
    assert late_after.astimezone(BOTH).date().isoformat() in _page(people.bo(), case)
    for who, verb in (
        (people.alice(), services.report_performance),
        (people.bo(), services.contest_performance),
        (people.bo(), services.confirm_performance),
    ):
        with pytest.raises(StillOpen):
            verb(actor=who, case=case.public_id, now=NOW)
    assert _state(case) == S.PERFORMING


def test_what_waits_since_before_the_rules_gave_it_an_end_gets_one() -> None:
    """At the next start; but for payments, which have their own."""
    waiting = [
        a_case_in(S.SCIA_FILED),
        a_case_in(S.AWARD_ISSUED),
        a_case_in(S.PERFORMING, draft=cases.drafted_goods),
    ]
    paying = a_case_in(S.PERFORMING)
    ends = [case.respond_by for case in waiting]
    Case.objects.filter(pk__in=[case.pk for case in waiting]).update(respond_by=None)
    assert services.wind_up_what_waits(now=NOW) == len(waiting)
    assert services.wind_up_what_waits(now=NOW) == 0
    for case in (*waiting, paying):
        case.refresh_from_db()
    assert [case.respond_by for case in waiting] == ends
    assert paying.respond_by is None


def _page(actor, case: Case) -> str:
    address = reverse("case", args=[actor.company.slug, case.public_id])
    User.objects.filter(pk=actor.user_id).update(language="en")
    answer = people.sign_in(Client(), actor).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def _buttons(actor, case: Case) -> set[str]:
    """Of what ends the case, or says how far it is: each with its dialog in the page."""
    address = reverse("case", args=[actor.company.slug, case.public_id])
    shown = _page(actor, case)
    known = ("report", "contest", "confirm", "close")
    return {act for act in known if f'action="{address}{act}/"' in shown}
