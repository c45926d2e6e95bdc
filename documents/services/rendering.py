"""Rendering: a version's data becomes PDF files, one per language.

The work is done with no transaction open and may be repeated after a kill: what is there already is left alone, and a
file that nobody recorded is garbage without a name that anybody knows.
"""

from __future__ import annotations

import functools
import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from documents.events import PaperRendered
from documents.models import PaperVersion, Rendition
from documents.services.lettering import FONTS, printable
from documents.states import PaperKind, PaperLanguage
from identity.actors import Actor
from kernel.services import record

HERE = Path(__file__).resolve().parents[1]
TEMPLATES = HERE / "typst"
#: folder of the media store
SHELF = "papers"
#: long-term archiving (ISO 19005-2), level u: text can be searched and copied, Chinese too
PDF_STANDARD = "a-2u"

_TEMPLATE_OF = {
    PaperKind.ORDER_CONFIRMATION: "order_confirmation.typ",
    PaperKind.COMMERCIAL_INVOICE: "commercial_invoice.typ",
    PaperKind.PLANNED_PACKING_LIST: "packing_list.typ",
    PaperKind.PACKING_LIST: "packing_list.typ",
}


@dataclass(frozen=True)
class Rendered:
    """A PDF that lies in the storage and is not recorded yet."""

    version: PaperVersion
    language: str
    name: str
    digest: str
    size: int


def render_versions(version_ids: Sequence[int]) -> list[Rendered]:
    """Make the PDFs that these versions still lack. Touches the storage only."""
    versions = PaperVersion.objects.filter(pk__in=version_ids).prefetch_related("renditions").order_by("pk")
    return [
        _store(version, language)
        for version in versions
        for language in PaperLanguage.values
        if language not in {rendition.language for rendition in version.renditions.all()}
    ]


@transaction.atomic(savepoint=False)
def keep_renditions(rendered: Sequence[Rendered], *, actor: Actor, now: datetime) -> None:
    """Record the files, and say of each version that it can be read."""
    Rendition.objects.bulk_create(
        Rendition(
            version=made.version,
            language=made.language,
            file=made.name,
            digest=made.digest,
            size=made.size,
            rendered_at=now,
        )
        for made in rendered
    )
    for version in dict.fromkeys(made.version for made in rendered):
        order = version.paper.order
        event = PaperRendered(order_id=order.pk, version_id=version.pk)
        record(event, actor=actor, now=now, subject=version.paper, about=order, audience=order.parties)


def _store(version: PaperVersion, language: str) -> Rendered:
    pdf = render(version.data, language)
    name = default_storage.save(f"{SHELF}/{secrets.token_hex(16)}.pdf", ContentFile(pdf))
    return Rendered(version, language, name, hashlib.sha256(pdf).hexdigest(), len(pdf))


def render(data: dict[str, Any], language: str) -> bytes:
    """The PDF of `data` in `language`; the same bytes for the same data. What the fonts lack is printed as □."""
    told = {"data": json.dumps(printable(data), ensure_ascii=False), "language": language}
    issued = datetime.fromisoformat(data["issued_on"]).replace(tzinfo=UTC)
    pdf: bytes = _compiler(_TEMPLATE_OF[data["kind"]]).compile(
        format="pdf", sys_inputs=told, pdf_standards=PDF_STANDARD, timestamp=int(issued.timestamp())
    )
    return pdf


@functools.cache
def _compiler(template: str) -> Any:
    """One per process and template: a reused compiler keeps fonts and parsed files, 0.01 s instead of 0.04 s a paper."""
    import typst  # a large library, of use to the slow worker only

    return typst.Compiler(
        str(TEMPLATES / template), root=str(TEMPLATES), font_paths=[str(FONTS)], ignore_system_fonts=True
    )
