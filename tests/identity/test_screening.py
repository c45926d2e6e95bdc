"""Companies against lists: who is found, what an officer says of it, how long that holds, and what a stale list does."""

from __future__ import annotations

import dataclasses
import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from identity import services
from identity.events import EntityBound
from identity.models import Candidate, Company, ListEntry, ListSnapshot, Notice, Screening, ScreeningThreshold
from identity.queries.screening import Standing, screening_is_stale, screening_of, stale_sources
from identity.services import CompanyDetails, decide_candidate, edit_company
from identity.services.screening import planning
from identity.services.screening.deciding import (
    CandidateChanged,
    DecisionReasonMissing,
    OwnCompanysCandidate,
)
from identity.states import CandidateState
from kernel.errors import Forbidden
from kernel.models import Delivery, Event
from kernel.services import drain, record
from kernel.states import IllegalMove
from tests import factories
from tests.identity import recognised
from tests.identity.lists import a_candidate, acra, bring_in, sample, sdn

pytestmark = pytest.mark.django_db


def now() -> Any:
    return timezone.now()


def settle() -> None:
    while drain("slow", seconds=30) + drain("fast", seconds=30):
        pass


def found() -> set[tuple[str, str]]:
    """Whose company may be which entry, as far as it stands."""
    standing = Candidate.objects.standing().select_related("company")
    return {(candidate.company.slug, candidate.ref) for candidate in standing}


def decide(candidate: Candidate, *, confirmed: bool = False, **given: Any) -> Candidate:
    given = {"actor": factories.officer(), "reason": "Other owners, other town", "now": now()} | given
    return decide_candidate(candidate=candidate, confirmed=confirmed, **given)


def rename(member: Any, **names: str) -> None:
    kept = ("legal_name", "name_en", "name_zh", "city", "currency", "sells", "buys")
    details = {name: getattr(member.company, name) for name in kept} | names
    edit_company(actor=member, details=CompanyDetails(**details), now=now())
    settle()


def all_lists() -> None:
    """Every list in force, and nobody of ours on one."""
    bring_in("ofac_sdn", sdn((1, "Made Up Lantern")))
    bring_in(
        "un_consolidated",
        b"<CONSOLIDATED_LIST><ENTITIES><ENTITY><DATAID>1</DATAID><FIRST_NAME>Made Up</FIRST_NAME></ENTITY></ENTITIES></CONSOLIDATED_LIST>",
    )
    bring_in("acra", acra(("201912345R", "TANJONG BOLTS PTE. LTD.", "Registered")))


def test_an_import_is_compared_with_every_company() -> None:
    alice, bo = factories.alice().company, factories.bo().company
    factories.charlie()
    snapshot = bring_in("ofac_sdn", sample("ofac_sdn"))
    bring_in("un_consolidated", sample("un_consolidated"))
    assert found() == {(alice.slug, "9001"), (bo.slug, "9004"), (bo.slug, "7000002")}
    bolts = Candidate.objects.get(company=alice)
    assert (bolts.score, bolts.state) == (100, CandidateState.OPEN)
    assert bolts.why == {
        "called": "Tanjong Bolts Pte. Ltd.",
        "listed": "TANJONG BOLTS PTE. LTD.",
        "how": "latin",
        "weak": False,
    }
    assert Candidate.objects.get(ref="9004").why["how"] == "pinyin"
    assert snapshot.screened_at is not None
    assert snapshot.companies_screened == Screening.objects.filter(snapshot=snapshot).count() == 3
    # tipping nobody off: no event of it is for a company to read
    said = Event.objects.filter(name__in=["ListReady", "CandidatesChanged", "ScreeningWanted"])
    assert said.count() >= 5
    assert {tuple(event.audience) for event in said} == {()}
    assert {event.company_id for event in said} == {None}


def test_parts_may_come_twice_in_any_order_and_miss_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "COMPANIES_PER_DELIVERY", 1)
    people = [factories.alice(), factories.bo(), factories.charlie()]
    snapshot = bring_in("ofac_sdn", sdn((1, "Tanjong Bolts"), (2, "Strangers Trading")))
    wanted = Event.objects.filter(name="ScreeningWanted")
    assert wanted.count() == Company.objects.count() >= len(people)
    before = (found(), Event.objects.count(), list(Screening.objects.values_list("pk", "at")))
    assert len(before[0]) == 2
    mine = Delivery.objects.filter(handler__in=["identity.compare_companies", "identity.compare_list"])
    assert mine.update(done_at=None, leased_until=None, attempts=0) > len(people)
    settle()
    assert (found(), Event.objects.count(), list(Screening.objects.values_list("pk", "at"))) == before
    snapshot.refresh_from_db()
    assert snapshot.companies_screened == Company.objects.count()


def test_a_weak_alias_has_to_be_more_alike() -> None:
    factories.alice()
    bring_in(
        "ofac_sdn",
        sdn((1, "Somebody Else", "a.k.a. 'TANJUNG BOLTS'."), (2, "Other", "a.k.a. 'Tanjong Bolts'.")),
    )
    assert {(candidate.ref, candidate.why["weak"]) for candidate in Candidate.objects.all()} == {("2", True)}


def test_from_which_score_on_is_a_row_with_a_date() -> None:
    factories.alice()
    today = timezone.localdate()
    strict = {"score": 100, "weak_score": 100, "source": "the programme"}
    ScreeningThreshold.objects.create(valid_from=today, **strict)
    ScreeningThreshold.objects.create(valid_from=today + timedelta(days=1), **strict | {"score": 50})
    bring_in("ofac_sdn", sdn((1, "TANJUNG BOLTS LLC"), (2, "Tanjong Bolts")))
    assert found() == {("tanjong-bolts", "2")}


def test_after_another_threshold_all_is_compared_again_and_decisions_stay() -> None:
    with pytest.raises(CommandError):
        call_command("compare_again", "ofac_sdn")
    alice = factories.alice().company
    first, second = ((1, "Tanjong Bolts"), (2, "TANJUNK BOLTS LLC"))
    bring_in("ofac_sdn", sdn(first))
    decided = decide(Candidate.objects.get())
    bring_in("ofac_sdn", sdn(first, second))
    today = timezone.localdate()
    before = found()
    ScreeningThreshold.objects.create(valid_from=today, score=70, weak_score=90, source="the programme")
    call_command("compare_again", "ofac_sdn", stdout=io.StringIO())
    settle()
    assert found() - before == {(alice.slug, "2")}
    decided.refresh_from_db()
    assert (decided.state, decided.ended_at) == (CandidateState.CLEARED, None)
    snapshot = ListSnapshot.objects.in_force().get()
    assert snapshot.screened_at is not None
    assert snapshot.companies_screened == Screening.objects.filter(snapshot=snapshot).count() > 0


def test_a_company_that_registers_or_takes_another_name_is_compared_at_once() -> None:
    bring_in("ofac_sdn", sdn((1, "Tanjong Bolts"), (2, "Kallang Lantern")))
    alice = factories.alice()
    settle()
    assert found() == {(alice.company.slug, "1")}
    rename(alice, legal_name="Kallang Lantern Pte. Ltd.", name_en="Kallang Lantern", name_zh="")
    # another name does not shake off what waits
    assert found() == {(alice.company.slug, "1"), (alice.company.slug, "2")}
    before = Delivery.objects.filter(handler="identity.compare_company").count()
    rename(factories.alice(), city="Jurong")
    assert Delivery.objects.filter(handler="identity.compare_company").count() == before


def test_what_an_issuer_calls_a_company_is_compared_as_well_and_at_once() -> None:
    alice = factories.alice()
    bring_in("ofac_sdn", sdn((1, "Made Up Lantern"), (2, "Scarlet Junk Trading")))
    assert found() == set()
    proved = recognised.identity(alice.user, recognised.issuer(), now=now())
    binding = recognised.bound(alice, proved, entity_name="Scarlet Junk Trading Pte. Ltd.")
    record(EntityBound(binding_id=binding.pk), actor=alice, now=now(), subject=alice.company)
    settle()
    assert found() == {(alice.company.slug, "2")}
    assert Candidate.objects.get().why["called"] == "Scarlet Junk Trading Pte. Ltd."


def test_what_was_decided_holds_until_the_entry_or_the_company_changes() -> None:
    candidate = decide(a_candidate())
    alice = factories.alice()
    # the next copy says the same of it
    bring_in("ofac_sdn", sdn((900, "TANJUNG BOLTS LLC"), (901, "Other Lantern")))
    carried = Candidate.objects.standing().get()
    assert (carried.pk, carried.state) == (candidate.pk, CandidateState.CLEARED)
    assert carried.entry.snapshot == ListSnapshot.objects.latest("pk") != candidate.entry.snapshot
    # then another thing
    bring_in("ofac_sdn", sdn((900, "TANJUNG BOLTS LLC", "nationality Elsewhere."), (901, "Other Lantern")))
    anew = Candidate.objects.standing().get()
    assert (anew.state, anew.reason) == (CandidateState.OPEN, "")
    candidate.refresh_from_db()
    assert (candidate.ended_for, candidate.reason) == ("changed", "Other owners, other town")
    # and the company calls itself otherwise
    decide(anew)
    rename(alice, name_en="Tanjung Bolts")
    assert Candidate.objects.standing().get().state == CandidateState.OPEN
    # until it is struck off
    bring_in("ofac_sdn", sdn((901, "Other Lantern")))
    assert found() == set()
    assert set(Candidate.objects.values_list("ended_for", flat=True)) == {"changed", "gone"}


def test_what_was_decided_outlives_what_only_looks_otherwise_and_no_other_number() -> None:
    def says(remarks: str) -> Candidate:
        bring_in("ofac_sdn", sdn((900, "TANJUNG BOLTS LLC", remarks), (901, f"Lantern {len(remarks)}")))
        return Candidate.objects.standing().get(ref="900")

    factories.alice()
    first = says(
        "a.k.a. 'TB ONE'; a.k.a. 'TB TWO'; Registration ID 201900001Z (Nowhere); Website www.example.org."
    )
    assert first.entry.facts == {"mentioned": "Registration, Website"}, "named, and not kept"
    decide(first)
    for cosmetic in (
        "Website www.example.org; REGISTRATION ID: 201900001-Z (Nowhere); a.k.a. 'TB TWO'; a.k.a. 'TB ONE'.",
        "a.k.a. 'TB ONE'; a.k.a. 'TB TWO'; Registration ID 201900001Z (Nowhere); Website www.example.org; "
        "Additional Sanctions Information - Subject to Section 1; Secondary sanctions risk: Executive Order 13810.",
    ):
        kept = says(cosmetic)
        assert (kept.pk, kept.state) == (first.pk, CandidateState.CLEARED), cosmetic
    anew = says(
        "a.k.a. 'TB ONE'; a.k.a. 'TB TWO'; Registration ID 201912345C (Nowhere); Website www.example.org."
    )
    assert anew.state == CandidateState.OPEN
    assert not ListEntry.objects.filter(facts__icontains="201912345").exists()


def test_what_is_confirmed_stays_so_and_an_open_one_ends_where_the_entry_is_another_now() -> None:
    confirmed = decide(a_candidate(), confirmed=True)
    factories.charlie()
    bring_in("ofac_sdn", sdn((900, "TANJUNG BOLTS INC"), (901, "Strangers Trading")))
    confirmed.refresh_from_db()
    assert (confirmed.state, confirmed.why["listed"]) == (CandidateState.CONFIRMED, "TANJUNG BOLTS INC")
    assert len(found()) == 2
    bring_in("ofac_sdn", sdn((900, "TANJUNG BOLTS INC"), (901, "Entirely Other")))
    assert found() == {("tanjong-bolts", "900")}
    assert Candidate.objects.get(ref="901").ended_for == "unlike"


def test_only_officers_who_may_decide_with_a_reason_and_not_on_their_own_company() -> None:
    candidate = a_candidate()
    events = Event.objects.count()
    officer = factories.officer()
    clerk = factories.a_user("clerk@programme.example")
    clerk.is_staff = True
    clerk.save()
    from identity.actors import staff_actor

    for actor in (factories.alice(), staff_actor(clerk)):
        with pytest.raises(Forbidden):
            decide(candidate, actor=actor)
    with pytest.raises(DecisionReasonMissing):
        decide(candidate, reason="  ")
    with pytest.raises(CandidateChanged):
        decide(candidate, seen="0" * 64)
    candidate.refresh_from_db()
    assert (candidate.state, Event.objects.count()) == (CandidateState.OPEN, events)
    decide(candidate, seen=candidate.seen)
    with pytest.raises(IllegalMove):
        decide(candidate)
    decide(candidate, confirmed=True)
    own = factories.a_colleague(factories.alice(), "seller", email="olive@tanjong-bolts.example")
    own.user.is_staff = own.user.is_superuser = True
    own.user.save()
    with pytest.raises(OwnCompanysCandidate):
        decide(candidate, actor=staff_actor(own.user))
    assert officer.user == Candidate.objects.get().decided_by


def test_a_company_is_clear_only_while_every_list_is_of_today() -> None:
    alice = factories.alice().company
    assert screening_is_stale(now())
    assert len(stale_sources(now())) == 3
    assert screening_of(alice, now()) == Standing.STALE
    all_lists()
    assert not screening_is_stale(now())
    assert screening_of(alice, now()) == Standing.CLEAR
    with CaptureQueriesContext(
        connection,
    ) as asked:
        screening_of(alice, now())
    assert len(asked) <= 4
    assert [age.source.code for age in stale_sources(now() + timedelta(days=8))] == [
        "ofac_sdn",
        "un_consolidated",
    ]
    assert screening_of(alice, now() + timedelta(days=8)) == Standing.STALE
    # one that has not been compared yet
    charlie = factories.charlie().company
    assert screening_of(charlie, now()) == Standing.STALE
    settle()
    assert screening_of(charlie, now()) == Standing.CLEAR
    bring_in("ofac_sdn", sdn((900, "TANJUNG BOLTS LLC")))
    candidate = Candidate.objects.get()
    assert screening_of(alice, now() + timedelta(days=99)) == Standing.OPEN
    decide(candidate, confirmed=True)
    assert screening_of(alice, now()) == Standing.CONFIRMED
    decide(candidate)
    assert screening_of(alice, now()) == Standing.CLEAR


def test_the_register_says_where_a_name_or_a_standing_differs() -> None:
    alice, charlie = factories.alice().company, factories.charlie().company
    factories.bo()  # has no UEN
    bring_in("acra", sample("acra"))
    assert found() == {(charlie.slug, charlie.registration_number)}
    note = Candidate.objects.get()
    assert note.why["differs"] == ["status"]
    rows = (
        (alice.registration_number, "TANJONG BOLTS AND NUTS PTE. LTD.", "Registered"),
        (charlie.registration_number, "STRANGERS TRADING PTE. LTD.", "Registered"),
    )
    bring_in("acra", acra(*rows))
    assert found() == {(alice.slug, alice.registration_number)}
    assert Candidate.objects.standing().get().why["differs"] == ["name"]
    note.refresh_from_db()
    assert note.ended_for == "unlike"  # the register agrees by now


def test_officers_are_told_once_for_many_and_the_line_ends_with_the_last() -> None:
    clerk = services.register_officer(
        email="clerk@programme.example", password=None, name="Clement", now=now()
    )
    factories.alice(), factories.charlie()
    bring_in("ofac_sdn", sdn((1, "Tanjong Bolts"), (2, "Strangers Trading"), (3, "Tanjung Bolts")))
    assert len(found()) == 3
    line = Notice.objects.get(user=clerk)
    assert (line.code, line.waits, line.settled_at) == ("candidate.to_decide", True, None)
    assert reverse("admin:identity_candidate_changelist") in line.path
    *some, last = Candidate.objects.standing()
    for candidate in some:
        decide(candidate)
    settle()
    assert Notice.objects.get(user=clerk).settled_at is None
    decide(last)
    settle()
    assert Notice.objects.get(user=clerk).settled_at is not None
    bring_in("ofac_sdn", b"<html></html>")
    assert Notice.objects.filter(user=clerk).latest("pk").code == "list.refused"


# --- the desk --------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(client: Client) -> Client:
    """Of an officer with what officers are given, no more."""
    user = services.register_officer(
        email="clerk@programme.example", password=None, name="Clement", language="en", now=now()
    )
    client.force_login(user)
    return client


def test_an_officer_works_off_the_queue(desk: Client) -> None:
    candidate = a_candidate()
    address = reverse("admin:identity_candidate_decide", args=[candidate.pk])
    assert "1 company may be on a list" in desk.get(reverse("admin:index")).content.decode()
    queue = desk.get(reverse("admin:identity_candidate_changelist")).content.decode()
    assert address in queue
    assert "none brought in yet" in queue
    page = desk.get(address).content.decode()
    for words in ("Tanjong Bolts Pte. Ltd.", "TANJUNG BOLTS LLC", "Alike by", "SDGT, IFSR", candidate.seen):
        assert words in page, words
    refused = desk.post(address, {"seen": candidate.seen, "confirmed": "no", "reason": " "})
    assert refused.context["form"].errors
    changed = desk.post(address, {"seen": "x", "confirmed": "no", "reason": "Other owners"}, follow=True)
    assert "changed meanwhile" in changed.content.decode()
    candidate.refresh_from_db()
    assert candidate.state == CandidateState.OPEN
    done = desk.post(address, {"seen": candidate.seen, "confirmed": "no", "reason": "Other owners"})
    assert done.status_code == 302
    candidate.refresh_from_db()
    assert (candidate.state, candidate.reason) == (CandidateState.CLEARED, "Other owners")
    assert desk.get(reverse("admin:identity_candidate_change", args=[candidate.pk])).status_code == 200


def test_an_officer_brings_a_list_in(desk: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from identity.models import ListSource

    factories.alice()
    address = reverse("admin:identity_listsnapshot_import")
    assert desk.get(address).status_code == 200
    sent = {"source": ListSource.objects.get(code="ofac_sdn").pk, "as_of": timezone.localdate().isoformat()}
    empty = desk.post(address, sent | {"file": SimpleUploadedFile("sdn.csv", b"")})
    assert empty.context["form"].errors
    assert (
        desk.post(address, sent | {"file": SimpleUploadedFile("sdn.csv", sample("ofac_sdn"))}).status_code
        == 302
    )
    settle()
    snapshot = ListSnapshot.objects.get()
    assert (snapshot.imported_by.email, snapshot.rows) == ("clerk@programme.example", 4)
    lists = desk.get(reverse("admin:identity_listsnapshot_changelist")).content.decode()
    assert snapshot.digest in lists
    assert address in lists
    refused = bring_in("ofac_sdn", b"<html></html>")
    shown = desk.get(reverse("admin:identity_listsnapshot_change", args=[refused.pk])).content.decode()
    assert "cells instead of 12" in shown


def test_lists_of_the_desk_ask_no_more_for_many_rows(desk: Client) -> None:
    a_candidate()
    queue = reverse("admin:identity_candidate_changelist")

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(queue).status_code == 200
        return len(captured)

    desk.get(queue)
    few = asked()
    bring_in("ofac_sdn", sdn(*((number, f"Tanjong Bolts {'I' * (number % 3)}") for number in range(1, 30))))
    assert len(found()) > 20
    assert asked() == few
    assert dataclasses.is_dataclass(stale_sources(now())[0])
