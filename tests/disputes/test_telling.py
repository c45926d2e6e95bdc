"""Who is told what of a case: that something waits, never what was said; the other side's rooms are not even hinted at."""

from __future__ import annotations

from datetime import timedelta

import pytest

from disputes import services
from disputes.states import CaseState, Zone
from identity.models import Notice
from kernel.services import drain
from tests import factories as people
from tests.disputes import factories as cases
from tests.disputes.factories import NOW, a_case_in, said

pytestmark = pytest.mark.django_db


def deliver() -> None:
    while drain("fast"):
        pass


def waiting(user) -> set[str]:
    return set(
        Notice.objects.filter(user=user, waits=True, settled_at=None, code__startswith="case.").values_list(
            "code", flat=True
        )
    )


def told(user) -> set[str]:
    return set(Notice.objects.filter(user=user, code__startswith="case.").values_list("code", flat=True))


def test_everybody_is_told_when_it_is_their_turn_and_no_longer() -> None:
    manager, mediator = cases.manager().user, cases.mediator().user
    case = a_case_in(CaseState.REQUESTED)
    deliver()
    alice, bo = people.alice().user, people.bo().user
    assert waiting(manager) == {"case.to_serve"}
    assert told(alice) == {"case.opened"}
    cases.served(case)
    deliver()
    assert (waiting(manager), waiting(alice)) == (set(), {"case.to_answer"})
    cases.answered(case)
    deliver()
    assert (waiting(alice), waiting(manager)) == (set(), {"case.to_nominate"})
    cases.asked(case)
    deliver()
    assert (waiting(manager), waiting(mediator)) == (set(), {"case.to_disclose"})
    cases.disclosed(case)
    deliver()
    assert waiting(mediator) == set()
    assert waiting(alice) == {"case.mediator_to_accept_respondent"}
    assert waiting(bo) == {"case.mediator_to_accept_claimant"}
    cases.accepted(case)
    deliver()
    assert (waiting(alice), waiting(bo)) == ({"case.to_consent_respondent"}, {"case.to_consent_claimant"})
    cases.consented(case)
    deliver()
    assert waiting(alice) | waiting(bo) == set()
    cases.drafted(case)
    cases.locked(case)
    deliver()
    assert (waiting(alice), waiting(bo)) == ({"case.to_sign_respondent"}, {"case.to_sign_claimant"})
    cases.signed(case)
    deliver()
    assert (waiting(alice), waiting(bo)) == ({"case.settled_respondent"}, {"case.settled_claimant"})
    cases.filed(case)
    cases.awarded(case)
    deliver()
    assert (waiting(alice), waiting(bo)) == ({"case.awarded_respondent"}, {"case.awarded_claimant"})
    cases.performed(case)
    deliver()
    assert waiting(alice) | waiting(bo) == set()


def test_a_private_message_is_told_to_nobody_of_the_other_side() -> None:
    case = a_case_in(CaseState.MEDIATING)
    said(case, cases.mediator(), Zone.CAUCUS_A, "zebra")
    said(case, cases.mediator(), Zone.MEDIATOR, "zebra note")
    deliver()
    assert "case.message_claimant" in told(people.bo().user)
    assert "case.message_respondent" not in told(people.alice().user)
    assert not any("zebra" in str(params) for params in Notice.objects.values_list("params", flat=True))


def test_a_session_that_is_set_moved_and_called_off_is_told_each_time() -> None:
    case = a_case_in(CaseState.MEDIATING)
    values = {
        "actor": cases.mediator(),
        "case": case.public_id,
        "zone": Zone.CAUCUS_A,
        "mode": "online",
        "starts_at": NOW + timedelta(days=2),
        "minutes": 60,
        "place": "Room 3",
        "now": NOW,
    }
    meeting = services.set_session(**values)
    services.set_session(**values | {"session": meeting.public_id, "starts_at": NOW + timedelta(days=3)})
    services.cancel_session(actor=cases.mediator(), case=case.public_id, session=meeting.public_id, now=NOW)
    deliver()
    codes = {"case.session_claimant", "case.session_moved_claimant", "case.session_off_claimant"}
    assert codes <= told(people.bo().user)
    assert not any("session" in code for code in told(people.alice().user)), "a private one"


def test_the_claimant_is_asked_to_close_what_brought_no_settlement() -> None:
    case = a_case_in(CaseState.AWAITING_ANSWER)
    deliver()
    cases.answered(case, takes_part=False)
    deliver()
    assert waiting(people.bo().user) == {"case.to_close"}
    services.close_case(actor=people.bo(), case=case.public_id, now=NOW)
    deliver()
    assert waiting(people.bo().user) == set()
    assert "case.closed_respondent" in told(people.alice().user)


def test_the_mediator_hears_that_somebody_wrote() -> None:
    case = a_case_in(CaseState.MEDIATING)
    said(case, people.alice(), Zone.CAUCUS_B, "zebra")
    deliver()
    assert "case.message_mediator" in told(cases.mediator().user)
    assert "case.message_mediator" not in told(cases.manager().user)


def test_nobody_is_told_of_their_own_companys_message() -> None:
    case = a_case_in(CaseState.MEDIATING)
    said(case, people.bo(), Zone.JOINT)
    deliver()
    assert "case.message_claimant" not in told(people.bo().user)
    assert "case.message_respondent" in told(people.alice().user)
