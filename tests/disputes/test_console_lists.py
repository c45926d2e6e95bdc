"""Lists of the case office, searches in them and files of them hold the own cases of whoever looks, and no others."""

from __future__ import annotations

import io

import openpyxl
import pytest

from disputes.models import Case
from disputes.states import CaseState
from tests.disputes import factories as cases
from tests.disputes.console import act, at, client_of, listed
from tests.disputes.factories import a_case_in
from tests.orders.factories import a_confirmed_order

pytestmark = pytest.mark.django_db


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
