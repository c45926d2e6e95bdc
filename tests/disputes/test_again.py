"""Another case about the same order: who waits for it, who does not, and what is settled for good."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from disputes import services
from disputes.models import Case
from disputes.services.opening import SettledForGood, TooSoonAgain
from disputes.states import CaseState
from identity.models import User
from tests import factories as people
from tests.disputes import factories as cases
from tests.disputes.factories import NOW, a_case, a_case_in

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def test_the_claimant_waits_and_the_other_side_does_not() -> None:
    """From the moment at which it ended, to the second, and payment is free meanwhile."""
    bo = people.bo()
    User.objects.filter(pk=bo.user_id).update(language="en")
    case = a_case()
    services.withdraw_case(actor=bo, case=case.public_id, now=NOW)
    address = reverse("case_new", args=[bo.company.slug, case.order.public_id])
    shown = people.sign_in(Client(), bo).get(address)
    until = shown.context["wait"].until
    assert (shown.context["wait"].number, "<textarea" in shown.content.decode()) == (case.number, False)
    assert "The other party can open one at once." in shown.content.decode()
    for kind in ("quality", "late"):
        with pytest.raises(TooSoonAgain, match="ended lately"):
            a_case(case.order, now=until, kind=kind)
    case.order.refresh_from_db()
    assert (Case.objects.count(), case.order.is_held) == (1, False)
    others = a_case(case.order, by=people.alice(), now=NOW)
    services.withdraw_case(actor=people.alice(), case=others.public_id, now=NOW)
    again = a_case(case.order, now=until + SECOND)
    assert (again.claimant, again.state) == (bo.company, CaseState.NEGOTIATING)


def test_nobody_waits_for_an_office_that_found_no_mediator_but_whoever_objected() -> None:
    waited, objected = (a_case_in(CaseState.NOMINATING) for _two in range(2))
    cases.asked(objected)
    cases.disclosed(objected)
    services.object_to_mediator(actor=people.bo(), case=objected.public_id, reason="A cousin", now=NOW)
    for case in (waited, objected):
        case.refresh_from_db()
        late = case.respond_by + SECOND
        services.run_out(case_id=case.pk, now=late)
        services.close_case(actor=people.bo(), case=case.public_id, now=late)
    assert a_case(waited.order, now=late).state == CaseState.NEGOTIATING
    with pytest.raises(TooSoonAgain):
        a_case(objected.order, now=late)


def test_what_was_settled_is_settled_for_its_claimant() -> None:
    case = a_case_in(CaseState.PERFORMING, draft=cases.drafted_goods)
    services.confirm_performance(actor=people.bo(), case=case.public_id, now=NOW)
    long_after = NOW + timedelta(days=90)
    with pytest.raises(SettledForGood, match=case.number):
        a_case(case.order, now=long_after)
    with pytest.raises(TooSoonAgain):
        a_case(case.order, now=NOW, kind="late")
    case.order.refresh_from_db()
    assert not case.order.is_held
    theirs = a_case(case.order, by=people.alice(), now=NOW)
    services.withdraw_case(actor=people.alice(), case=theirs.public_id, now=NOW)
    assert a_case(case.order, now=long_after, kind="late").state == CaseState.NEGOTIATING
