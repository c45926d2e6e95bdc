"""What a seller's workspace opens with: how the listings stand, and how the last import went."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from catalog.models import ImportJob
from catalog.states import ImportState
from identity.actors import Actor
from kernel.ids import public_id
from kernel.prepared import fetch_prepared

#: counts stop here and read "1,000+"
COUNTED_TO = 1000


@dataclass(frozen=True)
class LastImport:
    public_id: str
    state: str
    rows_refused: int
    file_name: str


@dataclass(frozen=True)
class ListingFigures:
    """Each counted up to 1,001."""

    on_sale: int
    drafts: int
    paused: int
    #: the company's last import, while it runs or when it left something to mend
    last_import: LastImport | None

    @property
    def any(self) -> bool:
        return self.on_sale + self.drafts + self.paused > 0


_IN_STATE = """(SELECT count(*) FROM (
    SELECT 1 FROM catalog_product WHERE company_id = %(company)s AND state = '{state}' LIMIT %(most)s) AS bounded)"""
_FIGURES = f"""
SELECT {_IN_STATE.format(state="published")}, {_IN_STATE.format(state="draft")}, {_IN_STATE.format(state="paused")},
    job.uid, job.state, job.rows_refused, job.file_name
FROM (SELECT 1) AS once LEFT JOIN LATERAL (
    SELECT uid, state, rows_refused, file_name FROM catalog_importjob
    WHERE company_id = %(company)s ORDER BY id DESC LIMIT 1) AS job ON true
"""


def listing_figures(actor: Actor) -> ListingFigures:
    """The acting company's listings by how they stand, and its last import. One statement."""
    asked = {"company": actor.company_id or 0, "most": COUNTED_TO + 1}
    [(on_sale, drafts, paused, *job)] = fetch_prepared(_FIGURES, asked)
    return ListingFigures(on_sale, drafts, paused, _to_look_at(*job))


def _to_look_at(uid: UUID | None, state: str, rows_refused: int, file_name: str) -> LastImport | None:
    if uid is None or (state == ImportState.DONE and rows_refused == 0):
        return None
    return LastImport(public_id(ImportJob.PREFIX, uid), state, rows_refused, file_name)
