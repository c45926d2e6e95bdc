"""What the programme's officers are told of lists: that companies on them wait to be decided, that a file was not usable."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from identity.actors import DECIDE_CANDIDATE, IMPORT_LIST
from identity.events import CandidateDecided, CandidatesChanged, ListOutOfDate, ListReady, ListRefused
from identity.models import Candidate, ListSnapshot, ListSource
from identity.queries import officers_who_may
from identity.queries.screening import candidates_waiting, source_ages
from identity.rules.notices import Kind
from kernel.events import Occurrence
from sme_hub.telling.rows import Matter, Row


def source_of(event: CandidatesChanged | CandidateDecided, occurrence: Occurrence) -> Matter:
    """The list, with how many of its candidates wait: one line for all of them."""
    if isinstance(event, CandidateDecided):
        source = Candidate.objects.select_related("source").get(pk=event.candidate_id).source
    else:
        source = ListSource.objects.get(pk=event.source_id)
    return Matter(
        about=source.uid,
        row=candidates_waiting(source),
        event=event,
        now=occurrence.now,
        params={"list": {"en": source.name_en, "zh": source.name_zh}},
        users=officers_who_may(DECIDE_CANDIDATE),
    )


def age_of(event: ListOutOfDate | ListReady, occurrence: Occurrence) -> Matter:
    """The list, with how old the copy in force is by now."""
    source = ListSnapshot.objects.select_related("source").get(pk=event.snapshot_id).source
    return Matter(
        about=source.uid,
        row=next(age for age in source_ages() if age.source == source),
        event=event,
        now=occurrence.now,
        params={"list": {"en": source.name_en, "zh": source.name_zh}},
        users=officers_who_may(IMPORT_LIST),
    )


def copy_of(event: ListRefused, occurrence: Occurrence) -> Matter:
    snapshot = ListSnapshot.objects.select_related("source").get(pk=event.snapshot_id)
    source = snapshot.source
    return Matter(
        about=snapshot.uid,
        row=snapshot,
        event=event,
        now=occurrence.now,
        params={"file": snapshot.file_name, "list": {"en": source.name_en, "zh": source.name_zh}},
        users=officers_who_may(IMPORT_LIST),
    )


def _row(code: str, words: Any, icon: str, **row: Any) -> Row:
    return Row(kind=Kind(code=code, words=words, icon=icon, group="office"), to="staff", **row)


ROWS = (
    _row(
        "candidate.to_decide",
        _("Companies may be on a list: look at them (%(list)s)"),
        "shield-check",
        reader=source_of,
        path=lambda matter, side: reverse("admin:identity_candidate_changelist") + "?state__exact=open",
        on=(CandidatesChanged,),
        waits=True,
        when=lambda matter: matter.row.count > 0,
        until=(CandidatesChanged, CandidateDecided),
    ),
    _row(
        "list.out_of_date",
        _(
            "A list is out of date, and finance, bank accounts and checks of all companies wait for it (%(list)s)"
        ),
        "calendar-clock",
        reader=age_of,
        path=lambda matter, side: reverse("admin:identity_listsnapshot_changelist"),
        on=(ListOutOfDate,),
        waits=True,
        when=lambda matter: matter.row.is_stale_on(timezone.localdate(matter.now)),
        until=(ListReady,),
    ),
    _row(
        "list.refused",
        _("The file %(file)s could not be used (%(list)s): read why"),
        "circle-x",
        reader=copy_of,
        path=lambda matter, side: reverse("admin:identity_listsnapshot_change", args=[matter.row.pk]),
        on=(ListRefused,),
    ),
)
