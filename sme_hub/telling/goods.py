"""What sellers are told of their imports."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.events import ImportFinished
from catalog.models import ImportJob
from catalog.states import ImportState
from identity.rules.notices import Kind
from identity.states import Role
from kernel.events import Occurrence
from sme_hub.telling.rows import Matter, Row


def import_of(event: ImportFinished, occurrence: Occurrence) -> Matter:
    job = ImportJob.objects.select_related("company").get(pk=event.import_job_id)
    return Matter(
        about=job.uid,
        row=job,
        event=event,
        now=occurrence.now,
        sides={"company": (job.company_id, job.company.slug)},
        params={
            "file": job.file_name,
            "done": job.rows_created + job.rows_changed + job.rows_unchanged,
            "refused": job.rows_refused,
        },
    )


def import_page(matter: Matter, side: str) -> str:
    return reverse("import", args=[matter.sides[side][1], matter.row.public_id])


def _row(code: str, words: Any, icon: str, **row: Any) -> Row:
    kind = Kind(code=code, words=words, icon=icon, group="goods")
    return Row(
        kind=kind,
        reader=import_of,
        path=import_page,
        on=(ImportFinished,),
        to="company",
        roles=(Role.SELLER,),
        **row,
    )


ROWS = (
    _row(
        "import.done",
        _("Import of %(file)s: all %(done)s rows are done"),
        "file-spreadsheet",
        when=lambda matter: matter.row.state == ImportState.DONE and not matter.row.rows_refused,
    ),
    _row(
        "import.to_mend",
        _("Import of %(file)s: %(done)s rows are done, %(refused)s are to be mended"),
        "file-spreadsheet",
        when=lambda matter: matter.row.state == ImportState.DONE and matter.row.rows_refused > 0,
    ),
    _row(
        "import.refused",
        _("Import of %(file)s: the file could not be used"),
        "circle-x",
        when=lambda matter: matter.row.state == ImportState.REFUSED,
    ),
)
