"""Every address of the case office, for everybody, and every link on its pages."""

from __future__ import annotations

import html
import io
import re
from urllib.parse import urljoin

import pytest
from django.test import Client
from django.utils import timezone

from disputes import services
from disputes.admin import pages, site
from disputes.states import CaseState, Zone
from tests import factories as people
from tests.disputes import factories as cases
from tests.disputes.console import a_session, at, client_of
from tests.disputes.factories import NOW, a_case_in, said
from tests.disputes.test_zones import PDF
from tests.orders.factories import a_confirmed_order

pytestmark = pytest.mark.django_db


#: every address of the console, and what GET leads to, for: its manager, its mediator, the arbitration desk; another
#: manager, another mediator, a former one; a party, a superuser; nobody signed in
PEOPLE = (
    *("manager", "mediator", "registrar"),
    *("other_manager", "other_mediator", "former_mediator"),
    *("party", "officer", "nobody"),
)
OUTSIDE = (404, 404, 404, 302)
FREE = (200, 200, 200, 200, 200, *OUTSIDE)
OF_THE_CASE = (200, 200, 200, 404, 404, *OUTSIDE)
#: in the rooms
OF_THE_MEDIATOR = (404, 200, 404, 404, 404, *OUTSIDE)
CONSOLE: dict[str, tuple[int, ...]] = {
    "index": FREE,
    "disputes_case_changelist": FREE,
    "disputes_case_export": FREE,
    "disputes_appointment_changelist": (200, 200, 404, 200, 200, *OUTSIDE),
    "disputes_appointment_export": (200, 200, 404, 200, 200, *OUTSIDE),
    "disputes_filing_changelist": (200, 404, 200, 200, 404, *OUTSIDE),
    "disputes_filing_export": (200, 404, 200, 200, 404, *OUTSIDE),
    "case": OF_THE_CASE,
    #: of a file, a session and a room that all of the joint room read: neither the office nor the desk
    "case_file": OF_THE_MEDIATOR,
    "case_session": OF_THE_MEDIATOR,
    "case_room": OF_THE_MEDIATOR,
    #: the case was settled: there is no such record
    "case_record": (404, 404, 404, 404, 404, *OUTSIDE),
    "case_act": (405, 405, 405, 405, 405, *OUTSIDE),
    "login": FREE,
    "logout": (405, 405, 405, 405, 405, *OUTSIDE),
    "jsi18n": FREE,
    "": (404, 404, 404, 404, 404, *OUTSIDE),
}


def test_every_address_of_the_console_for_everybody() -> None:
    case = a_case_in(CaseState.MEDIATING)
    said(case, people.bo(), Zone.JOINT, files=[(io.BytesIO(PDF), "x.pdf")])
    meeting = a_session(case)
    former = cases.mediator("former@office.example", "Frank Ong")
    for step in (cases.drafted, cases.locked, cases.signed, cases.filed):
        step(case)
    services.end_office(official_id=cases.seat_of(former).pk, now=timezone.now())
    arguments = {
        "case": case.public_id,
        "file": case.files.get().public_id,
        "session": meeting.public_id,
        "zone": "joint",
        "act": "message",
        "form": "csv",
        "url": "nothing",
    }
    actors = {
        "manager": cases.manager(),
        "mediator": cases.mediator(),
        "registrar": cases.registrar(),
        "other_manager": cases.manager("second@office.example", "Susan Goh"),
        "other_mediator": cases.mediator("other@office.example", "Oskar Ho"),
        "former_mediator": former,
        "party": people.bo(),
        "officer": people.officer(),
    }
    wrong = []
    for pattern in every_pattern(site.get_urls()):
        name = pattern.name or ""
        path = f"/mediation/{filled(pattern, arguments)}"
        found = tuple(
            client_of(actors[who]).get(path, follow=True).status_code
            if who in actors
            else Client().get(path).status_code
            for who in PEOPLE
        )
        if found != CONSOLE.get(name):
            wrong.append(f"{name} {path}: {found} instead of {CONSOLE.get(name)}")
    assert not wrong, "\n".join(wrong)


def every_pattern(patterns, prefix: str = ""):
    for each in patterns:
        if hasattr(each, "url_patterns"):
            yield from every_pattern(each.url_patterns, prefix + str(each.pattern))
        else:
            each.whole = prefix + str(each.pattern)
            yield each


def filled(pattern, arguments: dict[str, str]) -> str:
    plain = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda found: arguments[found[1]], pattern.whole)
    plain = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: arguments[found[1]], plain)
    return plain.replace("^", "").replace("$", "").replace("\\", "").replace(".*", "nothing")


def test_every_link_of_the_console_leads_somewhere_and_every_form_is_a_known_act() -> None:
    case = a_case_in(CaseState.CONFLICT_CHECK)
    a_case_in(CaseState.REQUESTED, a_confirmed_order())
    a_case_in(CaseState.SCIA_FILED, a_confirmed_order())
    mediating = a_case_in(CaseState.MEDIATING, a_confirmed_order())
    a_session(mediating)
    unsettled = a_case_in(CaseState.MEDIATING, a_confirmed_order())
    services.leave_mediation(actor=people.alice(), case=unsettled.public_id, now=NOW)
    for who in (cases.manager, cases.mediator, cases.registrar):
        client = client_of(who())
        todo, seen, acts = [at("index")], set(), set()
        while todo:
            address = todo.pop()
            if address in seen:
                continue
            seen.add(address)
            answer = client.get(address)
            assert answer.status_code == 200, address
            if answer.streaming or "html" not in answer["Content-Type"]:
                continue
            page = answer.content.decode()
            # one list may be sorted by many columns at once: one by one is enough
            wanted = (
                r'href="((?:/mediation/|\?)[^"#]*)"' if "?" not in address else r'href="(/mediation/[^"#?]*)"'
            )
            found = re.findall(wanted, page)
            todo += [html.unescape(urljoin(address, link)) for link in found]
            acts |= set(re.findall(r'action="(/mediation/[^"]+)"', page))
        assert {address.rstrip("/").rsplit("/", 1)[1] for address in acts} <= set(pages.ACTS)
        assert len(seen) > 10, who.__name__
    assert case.number
