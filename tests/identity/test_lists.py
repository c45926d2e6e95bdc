"""Lists come in: read in their publishers' formats, whole or not at all, once, and however often a worker dies."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from identity.events import ListReady, ListReceived
from identity.models import Candidate, ListEntry, ListSnapshot, ListSource
from identity.services.screening import forget_old_entries, reading, refusal_words, taking
from identity.services.screening.receiving import (
    ListFileEmpty,
    ListFileTooLarge,
    ListOfTomorrow,
    ListOlder,
)
from identity.states import EntryKind, SnapshotState
from kernel.errors import Forbidden
from kernel.models import Delivery, Event
from kernel.services import drain
from tests import factories
from tests.identity.lists import acra, bring_in, receive, sample, sdn

pytestmark = pytest.mark.django_db


def entries(snapshot: ListSnapshot) -> dict[str, ListEntry]:
    return {entry.ref: entry for entry in ListEntry.objects.filter(snapshot=snapshot)}


def names(entry: ListEntry) -> list[tuple[str, bool]]:
    return [(name["name"], name["weak"]) for name in entry.names]


def test_ofacs_file_is_read_as_ofac_writes_it() -> None:
    snapshot = bring_in("ofac_sdn", sample("ofac_sdn"))
    assert (snapshot.state, snapshot.rows, snapshot.rows_new) == (SnapshotState.READY, 4, 4)
    found = entries(snapshot)
    bolts, shan, star = found["9001"], found["9002"], found["9003"]
    assert [entry.kind for entry in (bolts, shan, star)] == [
        EntryKind.ENTITY,
        EntryKind.PERSON,
        EntryKind.VESSEL,
    ]
    assert names(bolts) == [("TANJONG BOLTS PTE. LTD.", False), ("TB", True), ("ABU 'LAMPU", True)]
    assert bolts.programme == "SDGT, IFSR"
    assert names(shan) == [("SHAN, Tianfang", False), ("DAN, Tianfang", True)]
    assert shan.facts["title"] == "Director"
    assert star.keys == []  # no company is a ship
    assert "K0000000" not in str(bolts.facts)
    assert "-0-" not in str([entry.facts for entry in found.values()])


def test_the_united_nations_file_is_read_as_they_write_it() -> None:
    found = entries(bring_in("un_consolidated", sample("un_consolidated")))
    qiu, nanshan = found["7000001"], found["7000002"]
    assert names(qiu) == [
        ("QIU Made Up", False),
        ("仇马德", False),
        ("The Lantern", True),
        ("Old Qiu", True),
        ("Qiu Made", False),
    ]
    assert [name["script"] for name in qiu.names][:2] == ["latin", "han"]
    assert qiu.facts == {
        "reference": "MUi.001",
        "listed_on": "2020-01-02",
        "nationality": "Nowhere",
    }
    assert (nanshan.kind, nanshan.programme, nanshan.facts["country"]) == (
        "entity",
        "Made-Up Committee",
        "Nowhere",
    )


def test_acras_file_is_read_in_either_of_its_editions() -> None:
    monthly = bring_in("acra", sample("acra"))
    strangers = entries(monthly)["202054321E"]
    assert names(strangers) == [("STRANGERS, TRADING PTE. LTD.", False)]
    assert strangers.facts == {
        "type": "Local Company",
        "status": "Struck Off",
        "registered_on": "2020-05-04",
        "street": "QUAY, OLD",
    }
    one_file = bring_in("acra", acra(("201912345R", "TANJONG BOLTS PTE. LTD.", "Registered")))
    assert entries(one_file)["201912345R"].facts["status"] == "Registered"
    assert entries(one_file)["201912345R"].keys == []  # a register is asked by number


def test_the_same_file_again_changes_nothing() -> None:
    first = bring_in("ofac_sdn", sample("ofac_sdn"))
    events = Event.objects.count()
    again = receive("ofac_sdn", sample("ofac_sdn"), as_of=date(2020, 1, 1))
    assert again.pk == first.pk
    assert Event.objects.count() == events
    assert first.digest == "".join(first.digest.split())
    assert len(first.digest) == 64


def test_of_the_next_copy_only_what_is_new_is_fresh() -> None:
    bring_in("ofac_sdn", sdn((1, "Alpha Lantern"), (2, "Beta Lantern"), (3, "Gamma Lantern")))
    second = bring_in("ofac_sdn", sdn((2, "Beta Lantern"), (3, "Gamma Lanterns"), (4, "Delta Lantern")))
    assert {ref: entry.fresh for ref, entry in entries(second).items()} == {"2": False, "3": True, "4": True}
    counts = (second.rows, second.rows_new, second.rows_changed, second.rows_gone)
    assert counts == (3, 1, 1, 1)


def test_old_entries_are_forgotten_but_for_those_that_somebody_decided_on() -> None:
    factories.alice()
    bring_in("ofac_sdn", sdn((1, "Tanjong Bolts"), (2, "Beta Lantern")))
    bring_in("ofac_sdn", sdn((2, "Beta Lantern"), (3, "Gamma Lantern")))
    assert Candidate.objects.get().ended_for == "gone"
    assert forget_old_entries() == 1  # Beta of the old copy; the other is what an officer saw
    assert ListEntry.objects.count() == 3


def test_a_worker_that_dies_goes_on_where_the_last_one_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "ROWS_PER_DELIVERY", 3)
    content = sdn(*((number, f"Lantern {number} of the “strait”, Ltd") for number in range(1, 11)))
    snapshot = receive("ofac_sdn", content)
    keep = taking._keep_entries
    deaths = iter([True, False, True, True])

    def dies(*args: object) -> None:
        keep(*args)  # type: ignore[arg-type]
        if next(deaths, False):
            raise RuntimeError("killed")

    monkeypatch.setattr(taking, "_keep_entries", dies)
    later, rows = timezone.now(), []
    for _round in range(12):
        drain("slow", seconds=30, clock=lambda now=later: now)
        later += timedelta(minutes=2)
        snapshot.refresh_from_db()
        rows.append(snapshot.rows)
    assert rows == sorted(rows)
    assert (snapshot.state, snapshot.rows) == (SnapshotState.READY, 10)
    assert sorted(entries(snapshot), key=int) == [str(number) for number in range(1, 11)]
    # and each of its deliveries once more
    before = Event.objects.count()
    Delivery.objects.filter(handler__startswith="identity.").update(
        done_at=None, leased_until=None, attempts=0
    )
    drain("slow", seconds=30)
    assert Event.objects.count() == before
    assert ListEntry.objects.count() == 10


def test_xml_is_read_in_parts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "ROWS_PER_DELIVERY", 1)
    snapshot = bring_in("un_consolidated", sample("un_consolidated"))
    assert (snapshot.state, snapshot.rows) == (SnapshotState.READY, 2)


def a_zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("sdn.csv", sample("ofac_sdn"))
    return packed.getvalue()


UN_HEAD = '<?xml version="1.0"?>'
LAUGHS = (
    UN_HEAD + '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    "<CONSOLIDATED_LIST><ENTITIES><ENTITY><DATAID>1</DATAID><FIRST_NAME>&b;</FIRST_NAME></ENTITY></ENTITIES></CONSOLIDATED_LIST>"
)
HOSTILE = {
    "cut off in a row": ("ofac_sdn", sample("ofac_sdn")[:520], "list.wrong_cells"),
    "cut off in a cell": ("ofac_sdn", sdn((1, "A Lantern"))[:7], "list.file_broken"),
    "a zip": ("ofac_sdn", a_zip(), "list.file_broken"),
    "bytes of nothing": ("ofac_sdn", b"\0" * 100, "list.file_broken"),
    "a line without end": ("ofac_sdn", b"1," * 200_000, "list.file_broken"),
    "no UTF-8": ("ofac_sdn", sdn((1, "A Lantern")) + b"\xff\xfe\n", "list.not_text"),
    "a page": ("ofac_sdn", b"<html><body>Not found</body></html>", "list.wrong_cells"),
    "letters for a number": ("ofac_sdn", sdn((1, "A Lantern")).replace(b"1,", b"one,", 1), "list.no_number"),
    "no name": ("ofac_sdn", sdn((1, "")), "list.no_name"),
    "an endless name": ("ofac_sdn", sdn((1, "x" * 600)), "list.names_too_long"),
    "a number twice": ("ofac_sdn", sdn((1, "A Lantern"), (1, "B Lantern")), "list.entry_twice"),
    "of no kind": ("ofac_sdn", sample("ofac_sdn").replace(b"vessel", b"comet"), "list.kind_unknown"),
    "XML cut off": ("un_consolidated", sample("un_consolidated")[:-60], "list.file_broken"),
    "XML that grows": ("un_consolidated", LAUGHS.encode(), "list.another"),
    "another XML": ("un_consolidated", f"{UN_HEAD}<rss/>".encode(), "list.another"),
    "XML of nobody": ("un_consolidated", f"{UN_HEAD}<CONSOLIDATED_LIST/>".encode(), "list.no_entries"),
    "XML of a nameless": (
        "un_consolidated",
        b"<CONSOLIDATED_LIST><ENTITIES><ENTITY><FIRST_NAME>A</FIRST_NAME></ENTITY></ENTITIES></CONSOLIDATED_LIST>",
        "list.no_number",
    ),
    "OFAC's as ACRA's": ("acra", sample("ofac_sdn"), "list.columns_missing"),
    "ACRA's without rows": ("acra", acra(), "list.no_entries"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_or_damaged_file_is_refused_in_words_and_leaves_nothing(
    what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "ROWS_PER_DELIVERY", 1)
    source, content, code = HOSTILE[what]
    snapshot = bring_in(source, content)
    assert (snapshot.state, snapshot.refusal) == (SnapshotState.REFUSED, code)
    assert not ListEntry.objects.exists()
    assert not ListSnapshot.objects.in_force().exists()
    with translation.override("en"):
        english = refusal_words(snapshot)
    with translation.override("zh-hans"):
        assert refusal_words(snapshot) != english
    assert "%(" not in english
    assert not Delivery.objects.exclude(error="").exists()


def test_a_refused_file_may_be_sent_again_once_its_reason_is_gone() -> None:
    many = sdn(*((number, f"Lantern {number}") for number in range(1, 9)))
    few = sdn((1, "Lantern 1"))
    whole = bring_in("ofac_sdn", many)
    cut = bring_in("ofac_sdn", few)
    assert (cut.state, cut.refusal) == (SnapshotState.REFUSED, "list.shrunk")
    assert list(ListSnapshot.objects.in_force()) == [whole]
    again = receive("ofac_sdn", few)
    assert again.pk != cut.pk


def test_what_is_not_taken_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    today = timezone.localdate()
    bring_in("ofac_sdn", sample("ofac_sdn"), as_of=today)
    with pytest.raises(ListOlder):
        receive("ofac_sdn", sdn((1, "A Lantern")), as_of=today - timedelta(days=1))
    with pytest.raises(ListOfTomorrow):
        receive("ofac_sdn", sdn((1, "A Lantern")), as_of=today + timedelta(days=2))
    with pytest.raises(ListFileEmpty):
        receive("ofac_sdn", b"")
    monkeypatch.setattr("identity.services.screening.receiving.MOST_BYTES", {"ofac_sdn": 10})
    with pytest.raises(ListFileTooLarge):
        receive("ofac_sdn", sdn((1, "A Lantern")))
    with pytest.raises(Forbidden):
        from identity.services import receive_list

        receive_list(
            actor=factories.alice(),
            source=ListSource.objects.get(code="acra"),
            file=io.BytesIO(b"x"),
            file_name="x",
            as_of=today,
            now=timezone.now(),
        )
    assert ListSnapshot.objects.count() == 1


def test_of_two_copies_at_once_the_later_one_holds() -> None:
    today = timezone.localdate()
    older = receive("ofac_sdn", sdn((1, "A Lantern")), as_of=today - timedelta(days=1))
    newer = receive("ofac_sdn", sdn((2, "B Lantern")), as_of=today)
    Delivery.objects.filter(event_id__in=Event.objects.filter(subject_id=older.uid).values("pk")).update(
        due_at=timezone.now() + timedelta(minutes=1)
    )
    drain("slow", seconds=30)
    drain("slow", seconds=30, clock=lambda: timezone.now() + timedelta(minutes=5))
    older.refresh_from_db()
    newer.refresh_from_db()
    assert (newer.state, older.state, older.refusal) == ("ready", "refused", "list.older")
    assert refusal_words(older)


def test_the_command_brings_a_file_in(tmp_path: Path) -> None:
    file = tmp_path / "sdn.csv"
    file.write_bytes(sample("ofac_sdn"))
    said = io.StringIO()
    for _time in range(2):
        call_command("import_list", "ofac_sdn", str(file), "--as-of", "2026-11-20", stdout=said)
    assert Event.objects.filter(name=ListReceived.__name__).count() == 1
    drain("slow", seconds=30)
    assert Event.objects.filter(name=ListReady.__name__).count() == 1
    snapshot = ListSnapshot.objects.get()
    assert snapshot.digest in said.getvalue()
    assert (snapshot.as_of, snapshot.imported_by) == (date(2026, 11, 20), None)
    with pytest.raises(CommandError):
        call_command("import_list", "ofac_sdn", str(tmp_path / "missing.csv"), "--as-of", "2026-11-20")
    with pytest.raises(CommandError, match="later copy"):
        file.write_bytes(sdn((1, "A Lantern")))
        call_command("import_list", "ofac_sdn", str(file), "--as-of", "2026-11-01")
