"""A settlement goes to the arbitration desk over real HTTP: once, whatever happens on the way."""

from __future__ import annotations

import functools
import json
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from disputes import services
from disputes.models import Case, Filing
from disputes.queries.packets import manifest_of
from disputes.rules.clauses import digest
from disputes.services import filing as filing_services
from disputes.services.fetching import NotNow
from disputes.states import CaseState, FilingState, Zone
from kernel.errors import Forbidden, NotFound
from kernel.models import Event
from kernel.services import drain
from simulators.scia.desk import NEEDED
from simulators.scia.server import Answering, Server
from tests import factories as people
from tests.disputes import factories as cases
from tests.disputes.factories import NOW, a_case_in, said

pytestmark = pytest.mark.django_db


def deliver(after: timedelta = timedelta(0)) -> None:
    """What is due now, and again at the end of `after`."""
    now = timezone.now()  # however long it takes, no time passes meanwhile
    for passed in (timedelta(0), after, after + after):
        later = now + passed
        drain("fast", clock=functools.partial(_at, later))
        drain("outside", clock=functools.partial(_at, later))


def _at(moment: datetime) -> datetime:
    return moment


def as_it_is(case: Case) -> tuple[str, Filing]:
    case.refresh_from_db()
    return case.state, case.filings.latest("pk")


def test_the_desk_answers_with_an_award_number(scia_desk: Server) -> None:
    case = a_case_in(CaseState.SCIA_FILED)
    deliver(timedelta(minutes=1))
    state, filing = as_it_is(case)
    assert (state, filing.state) == (CaseState.AWARD_ISSUED, FilingState.AWARDED)
    assert filing.award_number.startswith("SIM-SCIA-")
    assert filing.arbitrator != case.mediator.name_en
    award = Event.objects.get(name="AwardIssued")
    assert set(award.audience) == set(case.parties)


def test_only_the_allow_list_is_sent_with_a_manifest_of_hashes(scia_desk: Server) -> None:
    case = a_case_in(CaseState.MEDIATING)
    said(case, people.bo(), Zone.JOINT, "zebra joint")
    said(case, people.bo(), Zone.CAUCUS_A, "zebra private")
    said(case, cases.mediator(), Zone.MEDIATOR, "zebra note")
    said(case, cases.manager(), Zone.ADMIN, "zebra office")
    for step in (cases.drafted, cases.locked, cases.signed, cases.filed):
        step(case)
    filing = case.filings.get()
    assert "zebra" not in json.dumps(filing.packet)
    assert {part["zone"] for part in filing.packet["parts"]} <= {"open", "record", "outcome"}
    assert filing.manifest == manifest_of(filing.packet)
    assert filing.manifest_digest == digest(filing.manifest)


def test_a_changed_list_is_read_again() -> None:
    case = a_case_in(CaseState.MSA_SIGNED)
    with pytest.raises(filing_services.ManifestChanged):
        services.file_settlement(actor=people.bo(), case=case.public_id, manifest_seen="x", now=NOW)
    case.refresh_from_db()
    assert case.state == CaseState.MSA_SIGNED
    assert not Filing.objects.exists()


def test_a_desk_that_is_gone_leaves_the_filing_unknown_and_is_asked_again(
    settings: Any, scia_desk: Server
) -> None:
    there = settings.SCIA_URL
    settings.SCIA_URL = f"http://127.0.0.1:{_closed_port()}"
    case = a_case_in(CaseState.SCIA_FILED)
    deliver()
    state, filing = as_it_is(case)
    assert (state, filing.state) == (CaseState.SCIA_FILED, FilingState.UNKNOWN)
    settings.SCIA_URL = there
    deliver(timedelta(minutes=5))
    assert as_it_is(case)[1].state == FilingState.AWARDED


class DiesAfterAccepting(Answering):
    """The desk has the filing, and nobody hears of it."""

    def _tell(self, status: int, answer: dict[str, Any]) -> None:
        if self.command == "POST":
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        super()._tell(status, answer)


class Forges(Answering):
    def send_header(self, name: str, value: str) -> None:
        super().send_header(name, "0" * 64 if name == "X-Signature" else value)


def test_a_desk_that_dies_between_accept_and_answer_files_once(scia_desk: Server) -> None:
    scia_desk.RequestHandlerClass = DiesAfterAccepting
    case = a_case_in(CaseState.SCIA_FILED)
    deliver()
    assert as_it_is(case)[1].state == FilingState.UNKNOWN
    deliver(timedelta(minutes=5))
    state, filing = as_it_is(case)
    assert (state, filing.state) == (CaseState.AWARD_ISSUED, FilingState.AWARDED)
    assert len(scia_desk.desk.all(timezone.now())) == 1


def test_a_forged_answer_is_no_answer(scia_desk: Server) -> None:
    scia_desk.RequestHandlerClass = Forges
    case = a_case_in(CaseState.SCIA_FILED)
    deliver(timedelta(minutes=1))
    state, filing = as_it_is(case)
    assert (state, filing.state, filing.award_number) == (CaseState.SCIA_FILED, FilingState.UNKNOWN, "")


def test_a_desk_that_hangs_is_given_up_after_the_deadline(settings: Any, hanging: int) -> None:
    settings.SCIA_URL, settings.SCIA_TIMEOUT_SECONDS = f"http://127.0.0.1:{hanging}", 0.3
    case = a_case_in(CaseState.SCIA_FILED)
    deliver()
    assert as_it_is(case)[1].state == FilingState.UNKNOWN


def test_a_returned_settlement_may_be_filed_again(scia_desk: Server) -> None:
    case = a_case_in(CaseState.SCIA_FILED)
    first = case.filings.get()
    services.keep_answer(
        filing_id=first.pk, answer={"status": "returned", "reason": "incomplete", "reference": "R"}, now=NOW
    )
    assert as_it_is(case)[0] == CaseState.RETURNED
    cases.filed(case)
    deliver(timedelta(minutes=1))
    state, second = as_it_is(case)
    assert (state, case.filings.count()) == (CaseState.AWARD_ISSUED, 2)
    assert second.idempotency_key != first.idempotency_key


def test_an_answer_that_comes_twice_or_late_changes_nothing() -> None:
    case = a_case_in(CaseState.AWARD_ISSUED)
    filing = case.filings.get()
    events = Event.objects.count()
    services.keep_answer(
        filing_id=filing.pk, answer={"status": "returned", "reason": "x", "reference": "y"}, now=NOW
    )
    assert as_it_is(case) == (CaseState.AWARD_ISSUED, filing)
    assert Event.objects.count() == events


def test_the_person_at_the_desk_asks_at_once(scia_desk: Server) -> None:
    case = a_case_in(CaseState.SCIA_FILED)
    deliver()
    assert as_it_is(case)[1].state == FilingState.RECEIVED
    services.ask_desk_again(actor=cases.registrar(), case=case.public_id, now=timezone.now())
    deliver()
    assert as_it_is(case)[0] == CaseState.AWARD_ISSUED
    with pytest.raises(NotNow):
        services.ask_desk_again(actor=cases.registrar(), case=case.public_id, now=timezone.now())


# --- what a person at the desk looks at --------------------------------------------------------------------------------


def goods_again() -> Case:
    """Filed, and nothing is to be paid."""
    case = a_case_in(CaseState.SCIA_FILED, draft=cases.drafted_goods)
    deliver(timedelta(minutes=10))
    return case


@pytest.mark.parametrize("dies", [False, True])
def test_a_settlement_without_a_payment_waits_for_the_registrar(scia_desk: Server, dies: bool) -> None:
    """However often the desk is asked; once they have looked it is decided, also where the desk dies before it says so."""
    case = goods_again()
    state, filing = as_it_is(case)
    assert (state, filing.state, filing.held_for) == (
        CaseState.SCIA_FILED,
        FilingState.RECEIVED,
        "no_payment",
    )
    for nobody in (people.bo(), cases.manager(), cases.mediator()):
        with pytest.raises((NotFound, Forbidden)):
            services.admit_filing(actor=nobody, case=case.public_id, now=NOW)
    assert as_it_is(case)[1].admitted is None
    if dies:
        scia_desk.RequestHandlerClass = DiesAfterAccepting
    registrar = cases.registrar()
    home = people.sign_in(Client(), registrar).get(reverse("mediation:index"))
    assert [row.number for row in home.context["waiting"]] == [case.number]
    page = people.sign_in(Client(), registrar).get(reverse("mediation:case", args=[case.public_id]))
    assert page.context["acts"] == {"admit", "send_back"}
    acted = reverse("mediation:case_act", args=[case.public_id, "admit"])
    assert people.sign_in(Client(), registrar).post(acted).status_code == 302
    with pytest.raises(NotNow):  # decided is decided
        services.send_filing_back(actor=registrar, case=case.public_id, now=timezone.now())
    deliver(timedelta(minutes=10))
    state, filing = as_it_is(case)
    assert (state, filing.state, filing.admitted) == (CaseState.AWARD_ISSUED, FilingState.AWARDED, True)
    assert filing.examined_by == cases.seat_of(registrar)
    assert Event.objects.filter(about=case.uid, name="FilingExamined").count() == 1


def test_what_the_registrar_sends_back_returns_to_the_parties(scia_desk: Server) -> None:
    case = goods_again()
    services.send_filing_back(actor=cases.registrar(), case=case.public_id, now=timezone.now())
    deliver(timedelta(minutes=10))
    state, filing = as_it_is(case)
    assert (state, filing.returned_for) == (CaseState.RETURNED, "not_enforceable")
    cases.filed(case)
    deliver(timedelta(minutes=10))
    assert as_it_is(case)[1].waits_for_registrar, "another filing, looked at anew"


def test_the_desk_decides_by_itself_where_something_is_paid(scia_desk: Server) -> None:
    case = a_case_in(CaseState.SCIA_FILED)
    deliver()
    with pytest.raises(NotNow):
        services.admit_filing(actor=cases.registrar(), case=case.public_id, now=timezone.now())
    assert as_it_is(case)[1].admitted is None


# --- the simulator itself ---------------------------------------------------------------------------------------------


def ask(server: Server, path: str, *, secret: str = "", **kwargs: Any) -> tuple[int, bytes]:
    headers = {"Authorization": f"Bearer {secret or server.secret}"} | kwargs.pop("headers", {})
    url = f"http://127.0.0.1:{server.server_address[1]}{path}"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(urllib.request.Request(url, headers=headers, **kwargs), timeout=5) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_the_simulator_says_what_it_is_and_tells_strangers_nothing(scia_desk: Server) -> None:
    packet = json.dumps({"case": "MC-SECRET-1", "parts": []}).encode()
    _status, answer = ask(scia_desk, "/filings", data=packet, headers={"Idempotency-Key": "k"})
    status, page = ask(scia_desk, "/")
    assert status == 200
    assert "Simulator" in page.decode() and "模拟程序" in page.decode()
    assert "<td>returned</td><td>1</td>" in page.decode(), "how many, and not whose"
    assert "MC-SECRET-1" not in page.decode() and json.loads(answer)["reference"] not in page.decode()
    assert ask(scia_desk, "/filings/x", secret="wrong")[0] == 404
    assert ask(scia_desk, "/filings", secret="wrong", data=b"{}", headers={"Idempotency-Key": "k"})[0] == 404


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff\xfe"])
def test_the_simulator_stands_up_to_bad_packets(scia_desk: Server, body: bytes) -> None:
    assert ask(scia_desk, "/filings", data=body, headers={"Idempotency-Key": "k"})[0] == 400


def test_the_simulator_returns_what_is_not_in_order_and_refuses_a_reused_key(scia_desk: Server) -> None:
    status, answer = ask(scia_desk, "/filings", data=b'{"parts": []}', headers={"Idempotency-Key": "k"})
    assert (status, json.loads(answer)["reason"]) == (202, "incomplete")
    assert ask(scia_desk, "/filings", data=b'{"parts": [1]}', headers={"Idempotency-Key": "k"})[0] == 409


def test_the_simulator_takes_one_examination_of_what_it_holds(scia_desk: Server) -> None:
    sides = [{"side": side, "arbitration": True, "text_hash": "h"} for side in ("a", "b")]
    content = {"consents": sides, "settlement": {"signatures": sides, "text_hash": "h", "payments": []}}
    parts = [{"name": name, "content": content.get(name, {})} for name in NEEDED]
    packet = json.dumps({"parts": parts}).encode()
    at = "/filings/k/examination"
    assert ask(scia_desk, at, data=b'{"admit": true}')[0] == 404, "it has no such filing"
    _status, answer = ask(scia_desk, "/filings", data=packet, headers={"Idempotency-Key": "k"})
    assert json.loads(answer)["waits_for"] == "registrar"
    for nonsense in (b"{", b"[]", b"{}", b'{"admit": "yes"}', b'{"admit": []}'):
        assert ask(scia_desk, at, data=nonsense)[0] == 400
    assert ask(scia_desk, at, secret="wrong", data=b'{"admit": true}')[0] == 404
    for _again in range(2):
        status, answer = ask(scia_desk, at, data=b'{"admit": false}')
        assert (status, json.loads(answer)["reason"]) == (200, "not_enforceable")
    assert ask(scia_desk, at, data=b'{"admit": true}')[0] == 409


@pytest.fixture
def hanging() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    listener = socket.create_server(("127.0.0.1", 0))
    held: list[socket.socket] = []

    def accept() -> None:
        try:
            while True:
                held.append(listener.accept()[0])
        except OSError:
            return

    threading.Thread(target=accept, daemon=True).start()
    yield listener.getsockname()[1]
    listener.close()
    for each in held:
        each.close()


def _closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])
