"""The case office: everybody sees their own cases, and every other way to look is closed."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import NoReverseMatch
from django.utils import timezone

from disputes import queries, services
from disputes.admin import site
from disputes.models import Case, CaseFile, Reading
from disputes.rules.deadlines import day_of
from disputes.states import ENDED, CaseState, TermsState, Zone
from tests import factories as people
from tests.disputes import factories as cases
from tests.disputes.console import a_session, act, at, client_of, listed
from tests.disputes.factories import NOW, STEPS, a_case, a_case_in, said
from tests.disputes.test_zones import PDF
from tests.orders.factories import a_confirmed_order

pytestmark = pytest.mark.django_db


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
