"""The case office: everybody sees their own cases, and every other way to look is closed."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from disputes import services
from disputes.admin import site
from disputes.models import Case, CaseFile, Filing
from disputes.rules.deadlines import day_of
from disputes.states import CaseState, TermsState, Zone
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


def test_lists_cost_at_most_ten_statements(django_assert_max_num_queries) -> None:
    for _number in range(4):
        a_case_in(CaseState.SCIA_FILED, a_confirmed_order())
    for who, which in (
        (cases.manager, "case"),
        (cases.manager, "appointment"),
        (cases.manager, "filing"),
        (cases.mediator, "case"),
        (cases.mediator, "appointment"),
        (cases.registrar, "filing"),
        (cases.registrar, "case"),
    ):
        client = client_of(who())
        with django_assert_max_num_queries(10):
            assert client.get(at(f"disputes_{which}_changelist")).status_code == 200
    client = client_of(cases.manager())
    with django_assert_max_num_queries(10):
        client.get(at("index"))
    assert Filing.objects.count() == 4


def test_negotiations_are_the_parties_alone() -> None:
    case = a_case()
    for who in (cases.manager, cases.mediator, cases.registrar):
        assert client_of(who()).get(at("case", case.public_id)).status_code == 404
    assert NOW
