"""Finding a mediator: one who declines, or to whom a party objects, is followed by another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from disputes import services
from disputes.models import Appointment, Case
from disputes.services.assigning import BelongsToAParty, ObjectedTo, ReasonMissing
from disputes.services.fetching import NotNow
from disputes.states import AppointmentState, CaseState
from identity.states import Role
from kernel.errors import NotFound
from kernel.models import Event
from tests import factories as people
from tests.disputes import factories as cases
from tests.disputes.factories import NOW, a_case_in

pytestmark = pytest.mark.django_db

WHY = "I advise this industry. 本人为该行业提供咨询。"


def declines(case: Case, reason: str = WHY) -> Appointment:
    return services.decline_appointment(actor=cases.mediator(), case=case.public_id, reason=reason, now=NOW)


def objects(case: Case, reason: str = WHY) -> Appointment:
    return services.object_to_mediator(actor=people.bo(), case=case.public_id, reason=reason, now=NOW)


@pytest.mark.parametrize(
    ("state", "says_no", "ends"),
    [
        (CaseState.CONFLICT_CHECK, declines, AppointmentState.DECLINED),
        ("disclosed", objects, AppointmentState.OBJECTED),
    ],
)
def test_a_mediator_who_is_not_to_be_had_is_followed_by_another(
    state: str, says_no: Callable[..., Appointment], ends: str
) -> None:
    """It needs a reason; sight of the case ends at once, and the office and both sides read why."""
    case = a_case_in(state)
    with pytest.raises(ReasonMissing):
        says_no(case, "  ")
    case.refresh_from_db()
    assert (case.state, case.appointments.get().ended_at) == (CaseState.CONFLICT_CHECK, None)

    asked = says_no(case)
    case.refresh_from_db()
    assert (asked.state, asked.reason, asked.ended_at) == (ends, WHY, NOW)
    assert (case.state, case.mediator) == (CaseState.NOMINATING, None)
    assert case.deadlines.latest("pk").code == "nominate", "another is asked in time"
    assert not Case.objects.visible_to(cases.mediator()).exists()
    told = Event.objects.get(about=case.uid, name="MediatorNotAvailable")
    assert told.payload["why"] == ends
    for reader, address in readers(case):
        assert WHY in people.sign_in(Client(), reader).get(address).content.decode()

    other = cases.mediator("second@office.example", "Chen Yufang", "陈玉芳")
    cases.asked(case, whom=other)
    case.refresh_from_db()
    assert case.state == CaseState.CONFLICT_CHECK
    with pytest.raises((NotFound, NotNow)):  # what was answered once is over
        says_no(case)
    assert case.appointments.get(state=AppointmentState.ASKED).mediator == cases.seat_of(other)


def readers(case: Case) -> list[tuple[Any, str]]:
    parties = [
        (each, f"/c/{each.company.slug}/cases/{case.public_id}/") for each in (people.alice(), people.bo())
    ]
    return [*parties, (cases.manager(), f"/mediation/cases/{case.public_id}/")]


def test_whom_a_party_objected_to_is_not_asked_again() -> None:
    """Who declined may find time later: they are on the list still."""
    case = a_case_in("disclosed")
    objects(case)
    page = people.sign_in(Client(), cases.manager()).get(f"/mediation/cases/{case.public_id}/")
    assert page.context["mediators"] == []
    assert "No mediator is left to ask." in page.content.decode()
    with pytest.raises(ObjectedTo):
        cases.asked(case)
    case.refresh_from_db()
    assert (case.state, case.appointments.count()) == (CaseState.NOMINATING, 1)

    another = a_case_in(CaseState.CONFLICT_CHECK)
    declines(another)
    cases.asked(another)
    assert another.appointments.count() == 2


def test_a_mediator_who_works_for_a_party_is_not_asked() -> None:
    case = a_case_in(CaseState.NOMINATING)
    cases.mediator()
    people.a_colleague(people.bo(), Role.LOGISTICS, email="mediator@office.example")
    with pytest.raises(BelongsToAParty):
        cases.asked(case)
    case.refresh_from_db()
    assert (case.state, case.appointments.count()) == (CaseState.NOMINATING, 0)
    page = people.sign_in(Client(), cases.manager()).post(
        f"/mediation/cases/{case.public_id}/ask/", {"mediator": cases.seat_of(cases.mediator()).public_id}
    )
    assert page.status_code == 422 and "belongs to one of the parties" in page.content.decode()


def test_a_manager_is_told_of_their_own_cases_with_a_mediator_and_of_nobody_elses() -> None:
    """All of them order the list, so that the least busy stands first; no number says how many."""
    busy, free = cases.mediator(), cases.mediator("second@office.example", "Chen Yufang", "陈玉芳")
    a_case_in(CaseState.CONFLICT_CHECK)
    theirs = a_case_in(CaseState.REQUESTED)
    other = cases.manager("second-manager@office.example", "Sam Second")
    services.serve_request(actor=other, case=theirs.public_id, now=NOW)
    cases.answered(theirs)
    for manager, case, own in ((other, theirs, 0), (cases.manager(), a_case_in(CaseState.NOMINATING), 1)):
        page = people.sign_in(Client(), manager).get(f"/mediation/cases/{case.public_id}/")
        listed = [(each.pk, each.ours) for each in page.context["mediators"]]
        assert listed == [(cases.seat_of(free).pk, 0), (cases.seat_of(busy).pk, own)]
