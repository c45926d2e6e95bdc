"""What was read of a list is kept; the whole file comes into force, or nothing of it.

Entries of a copy that is still being read are seen by nobody, so that a killed worker or a refusal half-way leaves no trace
in what companies are compared with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from identity.actors import Actor
from identity.events import CandidatesChanged, ListOutOfDate, ListPartTaken, ListReady, ListRefused
from identity.models import Candidate, ListEntry, ListSnapshot, ListSource
from identity.rules.lists import Record
from identity.rules.names import forms_of, keys_of
from identity.services.screening.receiving import check_not_older, in_force
from identity.states import SNAPSHOT_MOVES, EntryKind, SnapshotState
from kernel.errors import Refused
from kernel.fingerprints import fingerprint
from kernel.models import Event
from kernel.services import record
from kernel.states import check_move

#: the cursor of a file that is read to its end
ENDED = -1
#: a copy with fewer entries than this share of the one in force was cut off, or is another list
LEAST_SHARE = 0.5
#: whose names companies are compared with: a ship is no company
SCREENED = (EntryKind.PERSON, EntryKind.ENTITY)
#: entries that one run of the clock forgets
FORGOTTEN_AT_ONCE = 50_000


class ListRefusal(Refused):
    """The whole file cannot be used."""

    code = "list.refused"
    field = "file"


class NoEntries(ListRefusal):
    code = "list.no_entries"
    message = _("The file holds no entries.")


class EntryTwice(ListRefusal):
    code = "list.entry_twice"
    message = _("Number %(ref)s stands in the file twice.")


class ListShrunk(ListRefusal):
    code = "list.shrunk"
    message = _(
        "The file holds %(rows)d entries, the copy in force %(before)d: it seems cut off. Fetch it again from its publisher."
    )


class AnotherCameFirst(ListRefusal):
    code = "list.another_came_first"
    message = _("Another copy of this list came into force meanwhile. Send the file again.")


def keep_part(
    snapshot: ListSnapshot,
    records: Sequence[Record],
    cursor: int,
    columns: list[str],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep these entries and go on; behind the last one the copy comes into force. Joins the caller's transaction."""
    seen = snapshot.cursor
    ListSource.objects.select_for_update().get(pk=snapshot.source_id)
    snapshot = (
        ListSnapshot.objects.select_for_update(of=("self",))
        .select_related("source", "base")
        .get(pk=snapshot.pk)
    )
    if snapshot.state != SnapshotState.IMPORTING or snapshot.cursor != seen:
        return None
    if not snapshot.rows:
        snapshot.base = in_force(snapshot.source)
    try:
        _keep_entries(snapshot, records)
        if cursor == ENDED:
            _check_whole(snapshot)
    except Refused as refused:
        return refuse_list(snapshot, refused, actor=actor, now=now)
    snapshot.cursor, snapshot.columns = cursor, columns
    if cursor == ENDED:
        return _come_into_force(snapshot, actor=actor, now=now)
    snapshot.save()
    record(
        ListPartTaken(snapshot_id=snapshot.pk, cursor=cursor),
        actor=actor,
        now=now,
        subject=snapshot,
        about=snapshot.source,
    )
    return None


def refuse_list(snapshot: ListSnapshot, refused: Refused, *, actor: Actor, now: datetime) -> None:
    """The file cannot be used: it says why, and nothing of it is left. Joins the caller's transaction."""
    snapshot = (
        ListSnapshot.objects.select_for_update(of=("self",)).select_related("source").get(pk=snapshot.pk)
    )
    if snapshot.state != SnapshotState.IMPORTING:
        return
    check_move(SNAPSHOT_MOVES, snapshot.state, SnapshotState.REFUSED)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM identity_listentry WHERE snapshot_id = %s", [snapshot.pk])
    snapshot.state = SnapshotState.REFUSED
    snapshot.refusal = refused.code
    snapshot.refusal_facts = dict(refused.facts)
    snapshot.rows = snapshot.rows_new = snapshot.rows_changed = 0
    snapshot.save()
    _drop_file(snapshot)
    record(
        ListRefused(snapshot_id=snapshot.pk), actor=actor, now=now, subject=snapshot, about=snapshot.source
    )


def stale_at(snapshot: ListSnapshot) -> datetime:
    """The first moment at which the copy is too old to tell what holds."""
    first_day = snapshot.as_of + timedelta(days=snapshot.source.max_age_days + 1)
    return timezone.make_aware(datetime.combine(first_day, time.min))


def note_stale(snapshot_id: int, *, actor: Actor, now: datetime) -> bool:
    """Due at `stale_at`: say once that the list is out of date, unless a newer copy is in force. Joins the transaction."""
    snapshot = ListSnapshot.objects.select_related("source").get(pk=snapshot_id)
    said = Event.objects.filter(name=ListOutOfDate.__name__, subject_id=snapshot.uid)
    if now < stale_at(snapshot) or in_force(snapshot.source) != snapshot or said.exists():
        return False
    event = ListOutOfDate(snapshot_id=snapshot.pk)
    record(event, actor=actor, now=now, subject=snapshot, about=snapshot.source)
    return True


def forget_old_entries() -> int:
    """Entries of copies that are no longer in force go, but for those that a candidate names. Returns how many."""
    kept = [snapshot.pk for snapshot in ListSnapshot.objects.in_force()]
    old = ListEntry.objects.filter(snapshot__state=SnapshotState.READY).exclude(snapshot_id__in=kept)
    named = Candidate.objects.filter(entry=OuterRef("pk"))
    keys = list(old.filter(~Exists(named)).values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE])
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM identity_listentry WHERE id = ANY(%s)", [keys])
        return cursor.rowcount


def forget_read_files() -> int:
    """Files that were read and could not be removed at once go now. Returns how many."""
    read = list(ListSnapshot.objects.exclude(state=SnapshotState.IMPORTING).exclude(file=""))
    for snapshot in read:
        _remove_file(snapshot)
    return len(read)


def _drop_file(snapshot: ListSnapshot) -> None:
    """Publishers print numbers of passports: once read, a file goes, and its digest says which it was."""
    transaction.on_commit(lambda: _remove_file(snapshot), robust=True)


def _remove_file(snapshot: ListSnapshot) -> None:
    if snapshot.file:
        snapshot.file.delete(save=False)
        ListSnapshot.objects.filter(pk=snapshot.pk).update(file="")


def _keep_entries(snapshot: ListSnapshot, records: Sequence[Record]) -> None:
    """All of them, told apart from those of the copy in force."""
    before = _digests(snapshot.base_id, records)
    entries = {record.ref: _entry(snapshot, record, before) for record in records}
    if len(entries) < len(records):
        raise EntryTwice(ref=_first_twice(records))
    known = ListEntry.objects.filter(snapshot=snapshot, ref__in=list(entries)).values_list("ref", flat=True)
    if (twice := known.first()) is not None:
        raise EntryTwice(ref=twice)
    ListEntry.objects.bulk_create(entries.values(), batch_size=500)
    snapshot.rows += len(records)
    snapshot.rows_new += sum(ref not in before for ref in entries)
    snapshot.rows_changed += sum(entry.fresh and ref in before for ref, entry in entries.items())


def _digests(base: int | None, records: Sequence[Record]) -> dict[str, str]:
    if base is None:
        return {}
    same = ListEntry.objects.filter(snapshot_id=base, ref__in=[record.ref for record in records])
    return dict(same.values_list("ref", "digest"))


def _entry(snapshot: ListSnapshot, record: Record, before: Mapping[str, str]) -> ListEntry:
    names = [name.name for name in record.names] if record.kind in SCREENED else []
    digest = record.digest(_marked)
    return ListEntry(
        snapshot=snapshot,
        ref=record.ref,
        kind=record.kind,
        names=[name.as_json() for name in record.names],
        programme=record.programme,
        facts=dict(record.facts),
        digest=digest,
        fresh=before.get(record.ref) != digest,
        keys=sorted({key[:80] for name in names for key in keys_of(forms_of(name))}),
    )


def _marked(marks: str) -> str:
    """Dates, places and numbers that tell people apart are compared from copy to copy, and read from neither."""
    return fingerprint(marks, key=settings.SUBJECT_KEY, purpose="marks of a list")


def _first_twice(records: Sequence[Record]) -> str:
    seen: set[str] = set()
    for entry in records:
        if entry.ref in seen:
            return entry.ref
        seen.add(entry.ref)
    return ""


def _check_whole(snapshot: ListSnapshot) -> None:
    if not snapshot.rows:
        raise NoEntries
    check_not_older(snapshot.source, snapshot.as_of)
    base = snapshot.base
    if (standing := in_force(snapshot.source)) != base:
        raise AnotherCameFirst
    if standing is not None and snapshot.rows < standing.rows * LEAST_SHARE:
        raise ListShrunk(rows=snapshot.rows, before=standing.rows)


def _come_into_force(snapshot: ListSnapshot, *, actor: Actor, now: datetime) -> None:
    check_move(SNAPSHOT_MOVES, snapshot.state, SnapshotState.READY)
    snapshot.state, snapshot.imported_at = SnapshotState.READY, now
    if snapshot.base is not None:
        same = snapshot.rows - snapshot.rows_new
        snapshot.rows_gone = max(0, snapshot.base.rows - same)
    snapshot.save()
    _drop_file(snapshot)
    gone = _carry_over(snapshot, now)
    source = snapshot.source
    ready = ListReady(snapshot_id=snapshot.pk, stale_at=stale_at(snapshot))
    record(ready, actor=actor, now=now, subject=snapshot, about=source)
    if gone:
        record(CandidatesChanged(source_id=source.pk), actor=actor, now=now, subject=source)


#: what was decided on an entry holds for the same entry of the next copy
_CARRY = """
UPDATE identity_candidate AS candidate SET entry_id = entry.id FROM identity_listentry AS entry
WHERE candidate.source_id = %(source)s AND candidate.ended_at IS NULL
  AND entry.snapshot_id = %(snapshot)s AND entry.ref = candidate.ref
"""
_GONE = """
UPDATE identity_candidate AS candidate SET ended_at = %(now)s, ended_for = 'gone' FROM identity_listentry AS entry
WHERE candidate.source_id = %(source)s AND candidate.ended_at IS NULL
  AND entry.id = candidate.entry_id AND entry.snapshot_id <> %(snapshot)s
"""


def _carry_over(snapshot: ListSnapshot, now: datetime) -> int:
    """Candidates follow their entries into this copy; those whose entry is gone stand no longer. Returns how many went."""
    values: dict[str, Any] = {"source": snapshot.source_id, "snapshot": snapshot.pk, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(_CARRY, values)
        cursor.execute(_GONE, values)
        return cursor.rowcount
