"""Who is told what of a case: that something waits, never what was said; the other side's rooms are not even hinted at."""

from __future__ import annotations

import pytest

from disputes.states import CaseState, Zone
from identity.models import Notice
from kernel.services import drain
from tests import factories as people
from tests.disputes import factories as cases
from tests.disputes.factories import a_case_in, said

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
    assert waiting(alice) | waiting(bo) == set()
    assert "case.settled_claimant" in told(bo)


def test_a_private_message_is_told_to_nobody_of_the_other_side() -> None:
    case = a_case_in(CaseState.MEDIATING)
    said(case, cases.mediator(), Zone.CAUCUS_A, "zebra")
    said(case, cases.mediator(), Zone.MEDIATOR, "zebra note")
    deliver()
    assert "case.message_claimant" in told(people.bo().user)
    assert "case.message_respondent" not in told(people.alice().user)
    assert not any("zebra" in str(params) for params in Notice.objects.values_list("params", flat=True))


def test_nobody_is_told_of_their_own_companys_message() -> None:
    case = a_case_in(CaseState.MEDIATING)
    said(case, people.bo(), Zone.JOINT)
    deliver()
    assert "case.message_claimant" not in told(people.bo().user)
    assert "case.message_respondent" in told(people.alice().user)
