"""The case office: everybody sees their own cases, and every other way to look is closed."""

from __future__ import annotations

import html
import io
import re
from datetime import timedelta
from urllib.parse import urljoin

import openpyxl
import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from disputes import queries, services
from disputes.admin import pages, site
from disputes.models import Case, CaseFile, Reading
from disputes.rules.deadlines import day_of
from disputes.states import ENDED, CaseState, TermsState, Zone
from tests import factories as people
from tests.disputes import factories as cases
from tests.disputes.factories import NOW, STEPS, a_case, a_case_in, said
from tests.disputes.test_zones import PDF
from tests.orders.factories import a_confirmed_order

pytestmark = pytest.mark.django_db

LISTS = ("case", "appointment", "filing")


def client_of(actor) -> Client:
    return people.sign_in(Client(), actor)


def at(name: str, *args: str) -> str:
    return reverse(f"mediation:{name}", args=args)


def listed(actor, which: str = "case", **query: str):
    return client_of(actor).get(at(f"disputes_{which}_changelist"), query)


def act(actor, case: Case, name: str, **data):
    return client_of(actor).post(at("case_act", case.public_id, name), data)


def test_nothing_of_the_room_is_in_the_operators_desk() -> None:
    ours = {model for model in admin.site._registry if model._meta.app_label == "disputes"}
    assert ours == set()


def test_officers_superusers_and_members_do_not_enter() -> None:
    case = a_case_in(CaseState.MEDIATING)
    for actor in (people.officer(), people.alice(), people.charlie()):
        for address in (at("index"), at("case", case.public_id), at("disputes_case_changelist")):
            answer = client_of(actor).get(address, follow=True)
            assert answer.status_code == 404, (actor, address)
    assert Client().get(at("index")).status_code == 302


@pytest.mark.parametrize("state", [CaseState.REQUESTED, *(state for state, _step in STEPS)])
def test_every_official_meets_the_case_as_it_is_for_them(state: str) -> None:
    case = a_case_in(state)
    order = [CaseState.REQUESTED, *(reached for reached, _step in STEPS)]
    asked = order.index(state) >= order.index(CaseState.CONFLICT_CHECK)
    filed = order.index(state) >= order.index(CaseState.SCIA_FILED)
    expected = {
        cases.manager: 200,
        cases.mediator: 200 if asked else 404,
        cases.registrar: 200 if filed else 404,
    }
    for who, status in expected.items():
        answer = client_of(who()).get(at("case", case.public_id))
        assert answer.status_code == status, who.__name__
        assert client_of(who()).get(at("index")).status_code == 200
        # the home's written-out statements see what the querysets see
        seen = int(status == 200 and state not in ENDED)
        seat = cases.seat_of(who())
        work = queries.work_of(seat)
        assert len(work.waiting) + len(work.others) == seen, who.__name__
        figures = queries.figures_of(seat, NOW)
        assert (figures.under_way, figures.waiting) == (seen, len(work.waiting)), who.__name__
        assert Case.objects.visible_to(who()).filter(pk=case.pk).exists() == (status == 200)


def test_own_cases_only_in_lists_searches_counts_and_filters() -> None:
    mine = a_case_in(CaseState.MEDIATING)
    other = cases.mediator("other@office.example", "Oskar Ho")
    second = cases.manager("second@office.example", "Susan Goh")
    for actor in (cases.mediator(), cases.manager()):
        assert mine.number in listed(actor).content.decode()
    for actor in (other, second):
        page = listed(actor, q=mine.number).content.decode()
        assert f">{mine.number}<" not in page
        for which in ("case", "appointment"):
            answer = listed(actor, which)
            assert mine.number not in answer.content.decode()
            assert answer.context["cl"].result_count == 0
        assert mine.claimant.legal_name not in listed(actor).content.decode()
        for hostile in (
            {"claimant__legal_name": "x"},
            {"claimant__id__exact": "1"},
            {"stands": "open"},
            {"e": "1"},
        ):
            assert (
                mine.number
                not in client_of(actor)
                .get(at("disputes_case_changelist"), hostile, follow=True)
                .content.decode()
            )


def test_a_request_that_nobody_took_waits_for_every_manager() -> None:
    case = a_case_in(CaseState.REQUESTED)
    second = cases.manager("second@office.example", "Susan Goh")
    assert case.number in listed(cases.manager()).content.decode()
    assert act(second, case, "serve").status_code == 302
    case.refresh_from_db()
    assert case.manager == cases.seat_of(second)
    assert case.number not in listed(cases.manager()).content.decode()
    assert client_of(cases.manager()).get(at("case", case.public_id)).status_code == 404


def test_history_details_autocomplete_exports_and_indexes_are_closed() -> None:
    case = a_case_in(CaseState.MEDIATING)
    mediator = client_of(cases.mediator())
    for name, *args in (
        ("disputes_case_history", case.pk),
        ("disputes_case_change", case.pk),
        ("disputes_case_delete", case.pk),
        ("disputes_case_add",),
        ("autocomplete",),
        ("app_list", "disputes"),
    ):
        with pytest.raises(NoReverseMatch):
            at(name, *args)
    for path in (
        f"/mediation/disputes/case/{case.pk}/",
        f"/mediation/disputes/case/{case.pk}/change/",
        f"/mediation/disputes/case/{case.pk}/history/",
        f"/mediation/disputes/case/{case.pk}/delete/",
        "/mediation/disputes/",
        "/mediation/autocomplete/?app_label=disputes&model_name=appointment&field_name=mediator&term=a",
        f"/mediation/r/1/{case.pk}/",
    ):
        assert mediator.get(path).status_code == 404, path
    assert mediator.post(at("disputes_case_changelist"), {"action": "delete_selected"}).status_code in (
        200,
        403,
    )
    assert Case.objects.filter(pk=case.pk).exists()
    assert not LogEntry.objects.exists()
    assert {page.list_editable for page in site._registry.values()} == {()}
    popup = mediator.get(at("disputes_case_changelist"), {"_popup": "1"}).content.decode()
    assert "data-popup-opener" not in popup and "/change/" not in popup
    assert mediator.get(at("disputes_case_changelist"), {"_to_field": "statement"}).status_code == 400


def test_files_of_a_zone_are_for_its_readers() -> None:
    case = a_case_in(CaseState.MEDIATING)
    said(case, people.bo(), Zone.CAUCUS_A, files=[(io.BytesIO(PDF), "x.pdf")])
    file = CaseFile.objects.get()
    address = at("case_file", case.public_id, file.public_id)
    answer = client_of(cases.mediator()).get(address)
    assert (answer.status_code, answer.content) == (200, PDF)
    other = cases.mediator("other@office.example", "Oskar Ho")
    for actor in (cases.manager(), cases.registrar(), other):
        assert client_of(actor).get(address).status_code == 404


def test_a_candidate_reads_names_to_search_their_memory_and_no_word_of_the_case() -> None:
    case = a_case_in(CaseState.CONFLICT_CHECK)
    page = client_of(cases.mediator()).get(at("case", case.public_id)).content.decode()
    assert case.claimant.name_en in page
    assert case.statement not in page
    assert case.answer not in page


def test_the_manager_sees_the_open_file_and_no_room() -> None:
    case = a_case_in(CaseState.MEDIATING)
    said(case, people.bo(), Zone.JOINT, "zebra")
    page = client_of(cases.manager()).get(at("case", case.public_id)).content.decode()
    assert case.statement in page
    assert "zebra" not in page
    assert "room-joint" not in page


def test_the_desk_reads_what_was_passed_on_only() -> None:
    case = a_case_in(CaseState.MEDIATING)
    said(case, people.bo(), Zone.JOINT, "zebra")
    for step in (cases.drafted, cases.locked, cases.signed, cases.filed):
        step(case)
    page = client_of(cases.registrar()).get(at("case", case.public_id)).content.decode()
    assert "zebra" not in page
    assert case.filings.get().manifest_digest[:16] in page
    assert listed(cases.registrar(), "filing").context["cl"].result_count == 1


def test_acts_are_verbs_of_the_own_case() -> None:
    case = a_case_in(CaseState.NOMINATING)
    mediator = cases.mediator()
    seat = cases.seat_of(mediator).public_id
    assert act(mediator, case, "ask", mediator=seat).status_code == 404
    assert act(cases.manager(), case, "ask", mediator="off_nonsense").status_code == 422
    assert act(cases.manager(), case, "ask", mediator=seat).status_code == 302
    assert act(cases.manager(), case, "disclose", disclosure="x").status_code == 403
    assert act(mediator, case, "disclose", disclosure="Nothing.").status_code == 302
    assert act(mediator, case, "nonsense").status_code == 404
    case.refresh_from_db()
    assert case.state == CaseState.CONFLICT_CHECK


def test_terms_are_drafted_and_locked_by_form() -> None:
    case = a_case_in(CaseState.MEDIATING)
    mediator = cases.mediator()
    due = (day_of(timezone.now()) + timedelta(days=10)).isoformat()
    values = {
        "en-1": "Pay 40.00.",
        "zh-1": "支付 40.00。",
        "payer-1": "b",
        "amount-1": "40.00",
        "due-1": due,
        "currency": "SGD",
        "governing": "en",
    }
    wrong = act(mediator, case, "draft", **(values | {"zh-1": "支付 400。"}))
    assert wrong.status_code == 422
    assert "支付 400。" in wrong.content.decode(), "typed words are not lost"
    assert act(mediator, case, "draft", **(values | {"amount-1": "forty"})).status_code == 422
    assert act(mediator, case, "draft", **values).status_code == 302
    assert act(mediator, case, "lock").status_code == 302
    assert case.terms.get().state == TermsState.LOCKED


def test_a_session_is_set_by_form() -> None:
    case = a_case_in(CaseState.MEDIATING)
    starts = timezone.localtime(timezone.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    values = {"zone": "joint", "mode": "online", "starts_at": starts, "minutes": "90", "place": "Room"}
    assert act(cases.mediator(), case, "session", **values).status_code == 302
    assert case.sessions.get().place == "Room"
    assert act(cases.mediator(), case, "session", **(values | {"zone": "open"})).status_code == 422
    assert (
        act(cases.mediator(), case, "session", **(values | {"starts_at": "2020-01-01T10:00"})).status_code
        == 422
    )
    assert case.sessions.count() == 1


def a_session(case: Case):
    return services.set_session(
        actor=cases.mediator(),
        case=case.public_id,
        zone=Zone.JOINT,
        mode="online",
        starts_at=timezone.now() + timedelta(days=3),
        minutes=90,
        place="Room 3",
        now=timezone.now(),
    )


def test_a_session_is_moved_and_called_off_by_form() -> None:
    case = a_case_in(CaseState.MEDIATING)
    meeting = a_session(case)
    starts = timezone.localtime(timezone.now() + timedelta(days=4)).strftime("%Y-%m-%dT%H:%M")
    values = {"session": meeting.public_id, "zone": "joint", "mode": "in_person", "minutes": "60"}
    moved = act(cases.mediator(), case, "session", **values, starts_at=starts, place="Maxwell Chambers")
    assert moved.status_code == 302
    meeting.refresh_from_db()
    assert (meeting.place, meeting.mode, meeting.sequence) == ("Maxwell Chambers", "in_person", 1)
    assert case.sessions.count() == 1
    late = act(cases.mediator(), case, "session", **values, starts_at="2020-01-01T10:00", place="Nowhere")
    assert late.status_code == 422 and "Nowhere" in late.content.decode(), "typed words are not lost"
    assert act(cases.manager(), case, "cancel_session", session=meeting.public_id).status_code == 403
    assert act(cases.mediator(), case, "cancel_session", session=meeting.public_id).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.cancelled_at is not None, meeting.sequence) == (True, 2)
    again = act(cases.mediator(), case, "session", **values, starts_at=starts, place="Room 4")
    assert again.status_code == 409


def test_a_replaced_mediator_is_shown_the_door_at_once() -> None:
    case = a_case_in(CaseState.MEDIATING)
    open_page = client_of(cases.mediator())
    assert open_page.get(at("case", case.public_id)).status_code == 200
    assert act(cases.manager(), case, "replace", reason="Ill.").status_code == 302
    assert open_page.get(at("case", case.public_id)).status_code == 404
    answer = open_page.post(
        at("case_act", case.public_id, "message"), {"zone": "joint", "meant_for": "joint", "words": "x"}
    )
    assert answer.status_code == 404


def test_an_ended_seat_opens_no_door() -> None:
    mediator = cases.mediator()
    client = client_of(mediator)
    services.end_office(official_id=cases.seat_of(mediator).pk, now=timezone.now())
    assert client.get(at("index"), follow=True).status_code == 404


def test_a_hundred_rows_cost_at_most_ten_statements(django_assert_max_num_queries) -> None:
    first = a_case_in(CaseState.AWARD_ISSUED)
    mediating = a_case_in(CaseState.MEDIATING, a_confirmed_order())
    cases.many_like(Case.objects.get(pk=first.pk), 99)
    for who, which, rows in (
        (cases.manager, "case", 101),
        (cases.manager, "appointment", 101),
        (cases.manager, "filing", 100),
        (cases.mediator, "case", 101),
        (cases.mediator, "appointment", 101),
        (cases.registrar, "filing", 100),
        (cases.registrar, "case", 100),
    ):
        client = client_of(who())
        with django_assert_max_num_queries(10):
            page = client.get(at(f"disputes_{which}_changelist"))
        assert page.context["cl"].result_count == rows
        assert len(page.context["cl"].result_list) == 50
        with django_assert_max_num_queries(10):
            found = client.get(at(f"disputes_{which}_changelist"), {"q": "MC-COPY00007", "stands": "ended"})
        assert found.context["cl"].result_count == 1
        with django_assert_max_num_queries(10):
            assert body(client.get(at(f"disputes_{which}_export", "csv"))).count("\n") == rows + 1
        with django_assert_max_num_queries(10):
            client.get(at("index"))
    assert mediating.number in client_of(cases.mediator()).get(at("index")).content.decode()


def body(answer) -> str:
    return b"".join(answer.streaming_content).decode("utf-8-sig")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_file_holds_the_own_rows_of_the_list_and_no_others(form: str) -> None:
    case = a_case_in(CaseState.MEDIATING)
    other = cases.mediator("other@office.example", "Oskar Ho")
    for actor, rows in ((cases.mediator(), 1), (cases.manager(), 1), (other, 0), (cases.registrar(), 0)):
        answer = client_of(actor).get(at("disputes_case_export", form), {"stands": "open"})
        assert answer.status_code == 200
        whole = b"".join(answer.streaming_content)
        if form == "csv":
            assert whole.decode("utf-8-sig").count("\n") == rows + 1
            assert (case.number in whole.decode()) == bool(rows)
        else:
            sheet = openpyxl.load_workbook(io.BytesIO(whole)).active
            assert sheet.max_row == rows + 1
    assert client_of(cases.registrar()).get(at("disputes_appointment_export", form)).status_code == 404
    for probe in ({"order__id": "1"}, {"amount__gt": "1"}, {"statement__contains": "bolt"}, {"state": "x"}):
        for name, args in (("disputes_case_export", [form]), ("disputes_case_changelist", [])):
            assert client_of(cases.mediator()).get(at(name, *args), probe).status_code == 400, probe


def test_parties_are_found_by_name_in_own_cases_only() -> None:
    case = a_case_in(CaseState.MEDIATING)
    second = cases.manager("second@office.example", "Susan Goh")
    for words in (case.claimant.legal_name[:6], case.respondent.name_en[:6], case.number[:6]):
        for which in ("case", "appointment"):
            assert case.number in listed(cases.manager(), which, q=words).content.decode()
            assert listed(second, which, q=words).context["cl"].result_count == 0


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


def test_the_home_counts_and_lists_own_work() -> None:
    mine = a_case_in(CaseState.NOMINATING)
    theirs = a_case_in(CaseState.MEDIATING, a_confirmed_order())
    home = client_of(cases.manager()).get(at("index"))
    assert [row.number for row in home.context["waiting"]] == [mine.number]
    assert [row.number for row in home.context["others"]] == [theirs.number]
    assert [number for number, _label, _url in home.context["figures"]] == [1, 2, 0, 0]
    stages, months = home.context["plots"]
    assert stages.headline == "2"
    assert months.bars[-1].cells[0] == "2"
    other = client_of(cases.manager("second@office.example", "Susan Goh")).get(at("index"))
    assert not other.context["waiting"] and not other.context["others"]
    assert {plot.is_empty for plot in other.context["plots"]} == {True}
    mediator = client_of(cases.mediator()).get(at("index"))
    assert [row.number for row in mediator.context["waiting"]] == [theirs.number]


def test_the_story_is_told_as_far_as_the_office_reaches() -> None:
    case = a_case_in(CaseState.MEDIATING)
    a_session(case)
    told = {
        who.__name__: client_of(who()).get(at("case", case.public_id)).content.decode()
        for who in (cases.manager, cases.mediator)
    }
    assert "Mediation began" in told["manager"] and "Mediation began" in told["mediator"]
    assert "A session was set" in told["mediator"] and "A session was set" not in told["manager"]


def test_the_manager_sees_who_of_the_office_read_what() -> None:
    case = a_case_in(CaseState.MEDIATING)
    said(case, people.bo(), Zone.CAUCUS_A, files=[(io.BytesIO(PDF), "between-us.pdf")])
    mediator = client_of(cases.mediator())
    for _time in range(2):
        mediator.get(at("case", case.public_id))
        mediator.get(at("case_file", case.public_id, CaseFile.objects.get().public_id))
    readings = Reading.objects.filter(case=case, official=cases.seat_of(cases.mediator()))
    assert {(reading.file_id is None, "caucus_a" in reading.zones) for reading in readings} == {
        (True, True),
        (False, True),
    }
    assert readings.count() == 2, "looked at again within minutes is one reading"
    page = client_of(cases.manager()).get(at("case", case.public_id)).content.decode()
    assert "What the office read, and when" in page and "Meera Nair" in page
    assert "between-us.pdf" not in page, "not even what a private file is called"
    assert "What the office read" not in mediator.get(at("case", case.public_id)).content.decode()
    with pytest.raises(DatabaseError), transaction.atomic():
        readings.update(at=NOW)


def test_negotiations_are_the_parties_alone() -> None:
    case = a_case()
    for who in (cases.manager, cases.mediator, cases.registrar):
        assert client_of(who()).get(at("case", case.public_id)).status_code == 404
    assert NOW
