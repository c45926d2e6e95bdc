"""The zones of a case against the table of who may see what; every way to look asks the same policy."""

from __future__ import annotations

import io

import pytest

from disputes import queries, services
from disputes.models import Case, CaseFile, Message
from disputes.rules.zones import SEALED, Viewer, may_see, may_write, readers_of, zones_of
from disputes.services import uploads
from disputes.services.fetching import NotNow
from disputes.services.talking import NothingSaid, WrongRoom
from disputes.services.uploads import TooManyFiles
from disputes.states import CaseState, Zone
from identity.actors import Anonymous, Staff, System
from identity.services.evidence import EvidenceOfAnotherKind
from kernel.errors import NotFound
from kernel.models import Event
from tests import factories as people
from tests.around import for_the_module
from tests.disputes import factories as cases
from tests.disputes.factories import NOW, a_case, a_case_in, said

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"

A, B, M, MANAGER, SCIA = (
    Viewer.PARTY_A,
    Viewer.PARTY_B,
    Viewer.MEDIATOR,
    Viewer.MANAGER,
    Viewer.SCIA,
)
#: the table of the facts: who sees each artefact's zone; nobody else does
TABLE: dict[Zone, set[Viewer]] = {
    Zone.OPEN: {A, B, M, MANAGER},
    Zone.JOINT: {A, B, M},
    Zone.CAUCUS_A: {A, M},
    Zone.CAUCUS_B: {B, M},
    Zone.MEDIATOR: {M},
    Zone.RECORD: {A, B, M, MANAGER, SCIA},
    Zone.OUTCOME: {A, B, M, MANAGER},
    Zone.AWARD: {A, B, MANAGER, SCIA},
    Zone.ADMIN: {MANAGER},
}


@pytest.mark.parametrize("zone", Zone)
@pytest.mark.parametrize("viewer", Viewer)
def test_the_policy_is_the_table(zone: Zone, viewer: Viewer) -> None:
    assert may_see(zone, viewer) == (viewer in TABLE[zone])
    assert (zone in zones_of(viewer)) == (viewer in TABLE[zone])
    assert readers_of(zone) == TABLE[zone]


@pytest.mark.parametrize("zone", Zone)
def test_the_desk_reads_what_was_passed_on_and_nothing_else(zone: Zone) -> None:
    allowed = zone in (Zone.OPEN, Zone.RECORD, Zone.OUTCOME, Zone.AWARD)
    assert may_see(zone, Viewer.SCIA, transmitted=True) == allowed


def test_notes_are_their_authors() -> None:
    assert not may_see(Zone.MEDIATOR, Viewer.MEDIATOR, author=False)


@pytest.mark.parametrize("zone", Zone)
@pytest.mark.parametrize("viewer", Viewer)
def test_nobody_writes_where_they_do_not_read(zone: Zone, viewer: Viewer) -> None:
    assert not may_write(zone, viewer) or may_see(zone, viewer)


# --- the same, of a case ----------------------------------------------------------------------------------------------


def a_talked_of_case() -> Case:
    """In mediation, with something said in every room."""
    case = a_case_in(CaseState.MEDIATING)
    said(case, people.bo(), Zone.JOINT, "joint word")
    said(case, people.bo(), Zone.CAUCUS_A, "private word of a", files=[(io.BytesIO(PDF), "a.pdf")])
    said(case, people.alice(), Zone.CAUCUS_B, "private word of b")
    said(case, cases.mediator(), Zone.CAUCUS_A, "mediator to a")
    said(case, cases.mediator(), Zone.MEDIATOR, "a note")
    said(case, cases.manager(), Zone.ADMIN, "office word")
    return case


case_of_module = for_the_module(a_talked_of_case)


@pytest.fixture
def case(case_of_module: Case, db: None) -> Case:
    return Case.objects.get(pk=case_of_module.pk)


def heard(case: Case, actor: object) -> set[str]:
    viewer = queries.viewer_of(case, actor)
    pages = queries.messages_of(case, actor, viewer).values()
    return {message.words for page in pages for message in page.messages}


def test_everybody_hears_their_zones(case: Case) -> None:
    assert heard(case, people.bo()) == {"joint word", "private word of a", "mediator to a"}
    assert heard(case, people.alice()) == {"joint word", "private word of b"}
    assert heard(case, cases.manager()) == {"office word"}
    everything = {"joint word", "private word of a", "private word of b", "mediator to a", "a note"}
    assert heard(case, cases.mediator()) == everything
    other = cases.mediator("other@office.example", "Oskar Ho")
    superuser = people.officer()
    for nobody in (people.charlie(), other, cases.registrar(), superuser, Anonymous(), System(reason="x")):
        assert heard(case, nobody) == set()
        assert not Case.objects.visible_to(nobody).exists()


def test_private_words_and_files_are_sealed_in_the_database(case: Case) -> None:
    for message in Message.objects.filter(zone__in=SEALED):
        assert message.body == ""
        assert b"word" not in bytes(message.sealed)
    file = CaseFile.objects.get(zone=Zone.CAUCUS_A)
    with file.file.open("rb") as stored:
        assert b"%PDF" not in stored.read()
    assert file.content() == PDF
    assert file.file.name.endswith(".sealed")


def test_a_sealed_row_does_not_open_in_another_zone(case: Case) -> None:
    from cryptography.fernet import InvalidToken

    message = Message.objects.filter(zone=Zone.CAUCUS_A).first()
    message.zone = Zone.CAUCUS_B
    with pytest.raises(InvalidToken):
        _ = message.words


def test_a_file_is_for_the_readers_of_its_zone(case: Case) -> None:
    file = CaseFile.objects.get(zone=Zone.CAUCUS_A)
    for reader in (people.bo(), cases.mediator()):
        assert queries.file_of(reader, case.public_id, file.public_id) == file
    for nobody in (people.alice(), cases.manager(), people.charlie(), people.officer()):
        with pytest.raises(NotFound):
            queries.file_of(nobody, case.public_id, file.public_id)


def test_events_of_a_private_room_are_not_even_counted_by_the_other_side(case: Case) -> None:
    a_room = Event.objects.filter(name="MessageLeft", payload__zone=Zone.CAUCUS_A)
    assert {tuple(event.audience) for event in a_room} == {(case.claimant_id,)}
    notes = Event.objects.filter(name="MessageLeft", payload__zone=Zone.MEDIATOR)
    assert not notes.exists()


def test_a_message_to_a_room_of_others_is_not_found(case: Case) -> None:
    before = Message.objects.count()
    for actor, zone in (
        (people.bo(), Zone.CAUCUS_B),
        (people.alice(), Zone.MEDIATOR),
        (cases.manager(), Zone.JOINT),
        (people.charlie(), Zone.JOINT),
        (people.bo(), "nonsense"),
    ):
        with pytest.raises(NotFound):
            said(case, actor, zone)
    assert Message.objects.count() == before


def test_a_message_meant_for_another_room_is_not_sent(case: Case) -> None:
    before = Message.objects.count()
    with pytest.raises(WrongRoom):
        services.leave_message(
            actor=cases.mediator(),
            case=case.public_id,
            zone=Zone.CAUCUS_A,
            words="for b",
            meant_for=Zone.CAUCUS_B,
            now=NOW,
        )
    assert Message.objects.count() == before


def test_parties_talk_from_the_claim_on_and_apart_only_with_a_mediator(db: None) -> None:
    case = a_case()
    said(case, people.bo(), Zone.JOINT, "Can we settle?")
    assert heard(case, people.alice()) == {"Can we settle?"}
    with pytest.raises(NotNow):
        said(case, people.bo(), Zone.CAUCUS_A)
    services.withdraw_case(actor=people.bo(), case=case.public_id, now=NOW)
    with pytest.raises(NotNow):
        said(case, people.bo(), Zone.JOINT)
    assert Message.objects.filter(case=case).count() == 1


def test_ready_phrases_are_a_partys_in_the_joint_room(db: None) -> None:
    case = a_case_in(CaseState.MEDIATING)
    message = said(case, people.bo(), Zone.JOINT, "", phrases=["settle", "settle"])
    assert (message.words, message.phrases) == ("", ["settle"])
    for wrong in (["stock"], ["nonsense"], []):
        with pytest.raises(NothingSaid):
            said(case, people.bo(), Zone.JOINT, "", phrases=wrong)
    with pytest.raises(NothingSaid):
        said(case, people.bo(), Zone.CAUCUS_A, "", phrases=["settle"])
    assert Message.objects.filter(case=case).count() == 1


def test_hostile_files_are_refused_and_nothing_is_kept(case: Case) -> None:
    before = CaseFile.objects.count(), Message.objects.count()
    for content in (b"MZ\x90", b"", b"%PDF-1.7 without an end", b"<svg onload=alert(1)>"):
        with pytest.raises(EvidenceOfAnotherKind):
            said(case, people.bo(), Zone.JOINT, files=[(io.BytesIO(content), "../../etc/passwd.pdf")])
    with pytest.raises(TooManyFiles):
        said(case, people.bo(), Zone.JOINT, files=[(io.BytesIO(PDF), "x.pdf")] * 11)
    assert (CaseFile.objects.count(), Message.objects.count()) == before


def test_files_are_counted_for_each_side_and_room(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def pdfs(count: int) -> list[tuple[io.BytesIO, str]]:
        return [(io.BytesIO(PDF), "x.pdf") for _ in range(count)]

    def room_left(by: object, zone: Zone) -> int:
        mine = CaseFile.objects.filter(case=case, zone=zone, company=getattr(by, "company", None))
        return 3 - mine.count()

    monkeypatch.setattr(uploads, "MOST_IN_A_ROOM", 3)
    buyer, seller = people.bo(), people.alice()
    for zone in (Zone.CAUCUS_A, Zone.JOINT):
        said(case, buyer, zone, files=pdfs(room_left(buyer, zone)))
        with pytest.raises(TooManyFiles):
            said(case, buyer, zone, files=pdfs(1))
    for zone in (Zone.CAUCUS_B, Zone.JOINT):
        said(case, seller, zone, files=pdfs(room_left(seller, zone)))
        with pytest.raises(TooManyFiles):
            said(case, seller, zone, files=pdfs(1))
    said(case, cases.mediator(), Zone.CAUCUS_A, files=pdfs(1))


def test_a_replaced_mediator_sees_nothing_and_the_successor_reads_no_old_notes(case: Case) -> None:
    services.replace_mediator(actor=cases.manager(), case=case.public_id, reason="Ill.", now=NOW)
    case.refresh_from_db()
    assert heard(case, cases.mediator()) == set()
    assert not Case.objects.visible_to(cases.mediator()).exists()
    successor = cases.mediator("next@office.example", "Nora Sim")
    cases.asked(case, whom=successor)
    case.refresh_from_db()
    assert queries.viewer_of(case, successor) == Viewer.CANDIDATE
    assert heard(case, successor) == set()
    services.disclose(actor=successor, case=case.public_id, disclosure="None.", now=NOW)
    cases.accepted(case)
    case.refresh_from_db()
    assert case.state == CaseState.MEDIATING, "consent was given to the mediation"
    assert "a note" not in heard(case, successor)
    assert "private word of a" in heard(case, successor)


def test_a_former_member_and_an_ended_seat_see_nothing(case: Case) -> None:
    services.end_office(official_id=cases.seat_of(cases.manager()).pk, now=NOW)
    ended = Staff(user=case.manager.user)
    assert not Case.objects.visible_to(ended).exists()
    assert queries.viewer_of(case, ended) == Viewer.STRANGER
