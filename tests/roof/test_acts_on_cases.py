"""What parties and the office do to a case: every act × who sends it, of a case that has come to where the act is done.

An act of the product without a row fails. Who may do it has done it; who sees the case and may not is refused by a page that
says so (403); for everybody else there is no such case (404).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from disputes import services
from disputes.admin import pages as office
from disputes.models import Case
from disputes.rules.consents import CODES, text_hash
from disputes.states import CaseState, TermsState, Zone
from disputes.views import acts as parties
from tests import factories as people
from tests.disputes import factories as cases
from tests.roof.crowd import MEMBERS, OWNER, an_office, roles_of, rows
from tests.roof.world import session_of, undone

#: where the case is, who of the claimant does it, who of the respondent. Who deals with no case (logistics) finds none.
PARTIES = """
#                in           claimant                            respondent
settled          negotiating  seller, buyer, approver, finance    seller, buyer, approver, finance
request          negotiating  seller, buyer, approver, finance    seller, buyer, approver, finance
withdraw         requested    seller, buyer, approver, finance    nobody
answer           served       nobody                              seller, buyer, approver, finance
accept_mediator  disclosed    seller, buyer, approver, finance    seller, buyer, approver, finance
object           disclosed    seller, buyer, approver, finance    seller, buyer, approver, finance
consent          accepted     approver                            approver
leave            mediating    seller, buyer, approver, finance    seller, buyer, approver, finance
longer           mediating    seller, buyer, approver, finance    seller, buyer, approver, finance
message          mediating    seller, buyer, approver, finance    seller, buyer, approver, finance
sign             locked       approver                            approver
file             signed       approver                            approver
perform          signed       approver                            approver
note_award       awarded      seller, buyer, approver, finance    seller, buyer, approver, finance
report           performing   nobody                              seller, buyer, approver, finance
contest          performing   seller, buyer, approver, finance    nobody
confirm          performing   seller, buyer, approver, finance    nobody
receive          paying       seller, buyer, approver, finance    nobody  # it is the respondent who pays
close            declined     seller, buyer, approver, finance    nobody
"""
#: where the case is, who does it, who sees the case besides
OFFICE = """
serve            requested    manager, another manager            nobody
take             untaken      manager, another manager            nobody
ask              answered     manager                             nobody
disclose         asked        mediator                            manager
decline          asked        mediator                            manager
message          mediating    mediator                            nobody  # of the joint room; a manager finds none
session          mediating    mediator                            manager
cancel_session   mediating    mediator                            manager
draft            mediating    mediator                            manager
replace          mediating    manager                             mediator
end              mediating    mediator                            manager
lock             drafted      mediator                            manager
ask_again        filed        desk                                manager, mediator
admit            held         desk                                manager, mediator
send_back        held         desk                                manager, mediator
"""
SEATED = ("mediator", "another mediator", "manager", "another manager", "desk")


@pytest.fixture
def people_of_cases(db: None) -> dict[str, str]:
    """“bo seller”, “desk” …, each with a session; no more of the world than these."""
    found = {
        f"{company} {role}": owner if role == OWNER else people.a_colleague(owner, role)
        for company, owner in (("alice", people.alice()), ("bo", people.bo()))
        for role in MEMBERS
    }
    found |= {who: official for who, official in an_office().items() if who in SEATED}
    return {who: session_of(person) for who, person in found.items()}


def test_every_act_has_a_row() -> None:
    assert set(rows(PARTIES)) == set(parties.ACTS)
    assert set(rows(OFFICE)) == set(office.ACTS)


def test_who_does_what_to_a_case_where_it_is_done(people_of_cases: dict[str, str]) -> None:
    wrong, tried = [], set()
    for where, case in _lives():
        for act, (at, *does) in rows(PARTIES).items():
            if at == where:
                wrong += list(_unlike_for_parties(people_of_cases, act, case, does))
                tried.add(act)
        for act, (at, does, sees) in rows(OFFICE).items():
            if at == where:
                wrong += list(_unlike_for_the_office(people_of_cases, act, case, does, sees))
                tried.add(f"office {act}")
    assert wrong == []
    assert tried == {*rows(PARTIES), *(f"office {act}" for act in rows(OFFICE))}


# --- as it goes ------------------------------------------------------------------------------------------------------


def _lives() -> Iterator[tuple[str, Case]]:
    """A case about goods from its opening to its performance, stage by stage; one with a payment, one that is declined."""
    case = cases.a_case()
    yield "negotiating", case
    cases.requested(case)
    yield "requested", _fresh(case)
    with undone():
        services.run_out(case_id=case.pk, now=case.respond_by + timedelta(seconds=1))
        yield "untaken", _fresh(case)
    stages = (
        ("served", cases.served),
        ("answered", cases.answered),
        ("asked", cases.asked),
        ("disclosed", cases.disclosed),
        ("accepted", cases.accepted),
        ("mediating", _in_mediation),
        ("drafted", cases.drafted_goods),
        ("locked", cases.locked),
        ("signed", cases.signed),
        ("filed", cases.filed),
        ("held", _held),
        ("awarded", cases.awarded),
        ("performing", cases.performed),
    )
    for where, step in stages:
        step(case)
        yield where, _fresh(case)
    yield "paying", cases.a_case_in(CaseState.PERFORMING)
    declined = cases.a_case_in(CaseState.AWAITING_ANSWER)
    cases.answered(declined, takes_part=False)
    yield "declined", _fresh(declined)


def _fresh(case: Case) -> Case:
    case.refresh_from_db()
    return case


def _in_mediation(case: Case) -> None:
    cases.consented(case)
    services.set_session(
        actor=cases.mediator(),
        case=case.public_id,
        zone=Zone.JOINT,
        mode="online",
        starts_at=timezone.now() + timedelta(days=3),
        minutes=60,
        place="Room 3",
        now=timezone.now(),
    )


def _held(case: Case) -> None:
    """The desk holds it for its registrar."""
    received = {"status": "received", "held_for": "no_payment", "reference": "R"}
    services.keep_answer(filing_id=case.filings.get().pk, answer=received, now=timezone.now())


def _sent(act: str, case: Case) -> dict[str, Any]:
    """What the form of the act sends, of things that there are."""
    match act:
        case "sign":
            return {"name": "A Name", "text_seen": case.terms.get(state=TermsState.LOCKED).text_hash}
        case "file":
            return {"manifest_seen": cases.manifest_digest(case)}
        case "ask":
            return {"mediator": cases.seat_of(cases.mediator()).public_id}
        case "cancel_session":
            return {"session": case.sessions.get().public_id}
        case "receive":
            return {"number": 1, "received_on": timezone.localdate().isoformat()}
    return _SENT.get(act, {})


_SENT: dict[str, dict[str, Any]] = {
    "request": {"urgent": "on"},
    "answer": {"takes_part": "yes", "answer": "They fit."},
    "object": {"reason": "A cousin"},
    "consent": {"text_seen": text_hash(), **dict.fromkeys(CODES, "on")},
    "message": {"zone": "joint", "meant_for": "joint", "words": "Hello."},
    "replace": {"reason": "Ill"},
    "decline": {"reason": "Ill"},
    "disclose": {"disclosure": "None."},
    "draft": {"governing": "en", "en-1": "The claim is settled.", "zh-1": "本争议了结。"},
    "session": {
        "zone": "joint",
        "mode": "online",
        "starts_at": "2027-01-05 10:00",
        "minutes": 60,
        "place": "Room 3",
    },
}


def _unlike_for_parties(sessions: dict[str, str], act: str, case: Case, does: list[str]) -> Iterator[str]:
    sent = _sent(act, case)
    for company, cell in zip(("bo", "alice"), does, strict=True):
        slug = (case.claimant if company == "bo" else case.respondent).slug
        address = reverse("case_act", args=[slug, case.public_id, act])
        for role in MEMBERS:
            answer = _posted(sessions[f"{company} {role}"], address, sent)
            refused = 404 if role == "logistics" else 403
            right = 302 if role in roles_of(cell) else refused
            if (found := answer.status_code) != right:
                yield f"{act} by {company} {role}: {found} instead of {right}"
            elif right != 302 and 'class="error-page"' not in answer.content.decode():
                yield f"{act} by {company} {role}: no page that says so"


def _unlike_for_the_office(
    sessions: dict[str, str], act: str, case: Case, does: str, sees: str
) -> Iterator[str]:
    address, sent = reverse("mediation:case_act", args=[case.public_id, act]), _sent(act, case)
    for who in SEATED:
        answer = _posted(sessions[who], address, sent)
        found = (answer.status_code, "login" in answer.get("Location", ""))
        right = 302 if who in _people(does) else 403 if who in _people(sees) else 404
        if found != (right, False):
            yield f"{act} by {who}: {found} instead of {right}"


def _posted(session: str, address: str, sent: dict[str, Any]) -> Any:
    """The answer to a form of whoever has that session, which is undone."""
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    with undone():
        return client.post(address, sent)


def _people(cell: str) -> set[str]:
    return {who.strip() for who in cell.split(",")}
