"""Reads of papers: for the two parties of an order, and nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from documents.models import Paper, PaperVersion, Rendition
from documents.models.papers import PaperQuerySet
from documents.states import PREFIXES, PaperKind, PaperLanguage
from identity.actors import Actor
from identity.states import Role
from kernel.errors import Conflict, NotFound
from kernel.fetching import fetch
from kernel.ids import MalformedId, parse_public_id, public_id
from kernel.sheets import MOST_CSV
from orders.models import Order

PAGE = 25
#: the day that stands on a paper; of one day, the one that was made last
LATEST_FIRST = ("-issued_on", "-pk")
#: what browsers call the languages of files
LANGS = {"en": "en", "zh-hans": "zh-Hans"}
_PRINTED = re.compile(r"([A-Z]{2,3})-(\d{4})-(\d{1,9})")


class BeingPrepared(Conflict):
    """A worker has not rendered it yet."""

    code = "paper.being_prepared"
    message = _("This file is being prepared. Try again in a moment.")


@dataclass(frozen=True)
class PaperFile:
    """One language of one version; `rendition` is None while it is being prepared."""

    language: str
    label: Any
    rendition: Rendition | None

    @property
    def html_lang(self) -> str:
        return LANGS.get(self.language, "")


@dataclass(frozen=True)
class Page:
    rows: list[Paper]
    #: `after` of the next page, empty on the last
    after: str


def papers_of(order: Order, actor: Actor) -> list[Paper]:
    """The papers of a deal with their files, in the order in which they were issued. Three statements."""
    papers = _with_files(Paper.objects.visible_to(actor).filter(order=order))
    return _ready_to_show(papers.order_by("pk"))


def page_of(
    actor: Actor, *, kind: str = "", words: str = "", order: str = "", after: str = "", size: int = PAGE
) -> Page:
    """The acting company's papers, those issued last first, narrowed by kind, order (`ord_…`), and number or reference."""
    papers = _narrowed(actor, kind=kind, words=words, order=order)
    found = _latest(papers, actor, after, size + 1).select_related("order", "company", "buyer")
    rows = _ready_to_show(_with_files(found))
    return Page(rows[:size], rows[size - 1].public_id if len(rows) > size else "")


class PaperLine(NamedTuple):
    """A paper in a list, with the files of its latest version by language."""

    uid: UUID
    kind: str
    year: int
    number: int
    issued_on: date
    company_id: int
    order_uid: UUID
    reference: str
    seller: tuple[str, str, str]
    buyer: tuple[str, str, str]
    version: int
    files: Mapping[str, UUID]

    @property
    def is_ready(self) -> bool:
        return len(self.files) == len(PaperLanguage.values)


def lines_of(
    actor: Actor, *, kind: str = "", words: str = "", after: str = "", size: int = PAGE
) -> tuple[list[PaperLine], str]:
    """The same page as the list shows it, and the cursor of the next. Two statements, three behind a cursor."""
    found = _latest(_narrowed(actor, kind=kind, words=words, order=""), actor, after, size + 1)
    rows = list(found.values_list(*_LINE))
    latest = _latest_files([row[0] for row in rows])
    lines = [_line(row, *latest[row[0]]) for row in rows]
    more = public_id(Paper.PREFIX, lines[size - 1].uid) if len(lines) > size else ""
    return lines[:size], more


_NAMES = ("legal_name", "name_en", "name_zh")
_LINE = (
    *("pk", "uid", "kind", "year", "number", "issued_on", "company_id", "order__uid", "order__reference"),
    *(f"{side}__{name}" for side in ("company", "buyer") for name in _NAMES),
)


def _line(row: Any, version: int, files: dict[str, UUID]) -> PaperLine:
    uid, kind, year, number, issued_on, company_id, order_uid, reference = row[1:9]
    return PaperLine(
        uid=uid,
        kind=kind,
        year=year,
        number=number,
        issued_on=issued_on,
        company_id=company_id,
        order_uid=order_uid,
        reference=reference,
        seller=row[9:12],
        buyer=row[12:15],
        version=version,
        files=files,
    )


_FILES = """
SELECT version.paper_id, version.version, rendition.language, rendition.uid
FROM (SELECT DISTINCT ON (paper_id) id, paper_id, version FROM documents_paperversion
    WHERE paper_id = ANY(%s) ORDER BY paper_id, version DESC) AS version
LEFT JOIN documents_rendition AS rendition ON rendition.version_id = version.id
"""


def _latest_files(papers: list[int]) -> dict[int, tuple[int, dict[str, UUID]]]:
    """By paper: the number of its latest version, and its files by language."""
    found: dict[int, tuple[int, dict[str, UUID]]] = {}
    for paper, version, language, uid in fetch(_FILES, [papers]):
        _number, files = found.setdefault(paper, (version, {}))
        if uid is not None:
            files[language] = uid
    return found


def _latest(papers: PaperQuerySet, actor: Actor, after: str, most: int) -> PaperQuerySet:
    """The next of them behind a cursor. What the company issued and what it was sent each walk an index by day, before
    anything is joined.
    """
    if last := _place_of(actor, after) if after else None:
        issued_on, key = last
        papers = papers.filter(Q(issued_on__lt=issued_on) | Q(issued_on=issued_on, pk__lt=key))
    issued, received = (
        papers.filter(**{side: actor.company_id}).order_by(*LATEST_FIRST).values("pk")[:most]
        for side in ("company_id", "buyer_id")
    )
    found: PaperQuerySet = Paper.objects.filter(pk__in=issued.union(received, all=True))
    return found.order_by(*LATEST_FIRST)[:most]


def exported(actor: Actor, *, kind: str = "", words: str = "") -> Iterator[Paper]:
    """The papers that the list shows, in its order, read as they are sent."""
    papers = _narrowed(actor, kind=kind, words=words, order="").select_related("order", "company", "buyer")
    found = papers.order_by(*LATEST_FIRST)
    return found[: MOST_CSV + 1].iterator(chunk_size=500)


def papers_named(actor: Actor, words: str, *, most: int) -> list[Paper]:
    """The papers with this printed number: the acting company's own and those of its sellers. One statement.

    Each half walks an index of numbers; words that are no such number ask nothing.
    """
    if not _PRINTED.fullmatch(words.upper()):
        return []
    issued, received = (
        Paper.objects.filter(**{side: actor.company_id}).filter(_matching(words)).values("pk")[:most]
        for side in ("company_id", "buyer_id")
    )
    found = Paper.objects.filter(pk__in=issued.union(received, all=True))
    return list(found.select_related("order", "company").order_by("-pk")[:most])


def _narrowed(actor: Actor, *, kind: str, words: str, order: str) -> PaperQuerySet:
    papers = Paper.objects.visible_to(actor)
    if kind in PaperKind.values:
        papers = papers.filter(kind=kind)
    if order:
        papers = papers.filter(order__in=Order.objects.visible_to(actor).with_public_id(order))
    if words := words.replace("\0", "").strip():
        papers = papers.filter(_matching(words[:80]))
    return papers


def paper_of(actor: Actor, paper: str) -> Paper:
    """One paper (`pap_…`) with its versions, newest first; `NotFound` for strangers."""
    papers = _with_files(Paper.objects.visible_to(actor).select_related("order", "company", "buyer"))
    found: Paper = papers.fetch(paper)
    return _ready_to_show([found])[0]


def latest_data(paper: Paper) -> dict[str, Any]:
    """What the latest version of a paper that was fetched for its reader says."""
    data: dict[str, Any] = paper.versions.latest("version").data
    return data


def may_correct(actor: Actor, paper: Paper) -> bool:
    return paper.company_id == actor.company_id and actor.may(Role.SELLER, Role.FINANCE, Role.LOGISTICS)


def rendition_of(actor: Actor, rendition: str) -> Rendition:
    """One file (`ren_…`); `NotFound` unless the acting company is a party."""
    visible = Rendition.objects.filter(version__paper__in=Paper.objects.visible_to(actor))
    found: Rendition = visible.select_related("version__paper").fetch(rendition)
    return found


def file_of(actor: Actor, paper: str, *, language: str, version: int | None = None) -> Rendition:
    """One language of one version (the latest without a number) of a paper.

    Raises `BeingPrepared` where the version is there and its file is not yet.
    """
    versions = PaperVersion.objects.filter(paper=Paper.objects.visible_to(actor).fetch(paper))
    wanted = versions.filter(version=version) if version else versions.order_by("-version")
    found = wanted.defer("data").first()
    if found is None:
        raise NotFound
    rendition = found.renditions.filter(language=language).select_related("version__paper").first()
    if rendition is None:
        raise BeingPrepared
    return rendition


def file_name(rendition: Rendition) -> str:
    """What a reader's copy is called: INV-2026-00001-v2-zh-hans.pdf."""
    version = rendition.version
    correction = f"-v{version.version}" if version.version > 1 else ""
    return f"{version.paper.printed_number}{correction}-{rendition.language}.pdf"


def _with_files(papers: PaperQuerySet) -> PaperQuerySet:
    """With versions, newest first, and their files; not with what the versions say."""
    versions = PaperVersion.objects.defer("data").order_by("-version").prefetch_related("renditions")
    return papers.prefetch_related(Prefetch("versions", versions))


def _ready_to_show(papers: Any) -> list[Paper]:
    """Each paper with `shown`, its latest version, and each version with `files` and `is_ready`."""
    rows = list(papers)
    for paper in rows:
        for version in paper.versions.all():
            made = {rendition.language: rendition for rendition in version.renditions.all()}
            version.files = [PaperFile(code, label, made.get(code)) for code, label in PaperLanguage.choices]
            version.is_ready = len(made) == len(PaperLanguage.values)
        paper.shown = paper.versions.all()[0]
    return rows


def _matching(words: str) -> Q:
    """Papers by printed number, or by the order's reference or purchase order number."""
    printed = _PRINTED.fullmatch(words.upper())
    if printed:
        kinds = [kind for kind, prefix in PREFIXES.items() if prefix == printed[1]]
        return Q(kind__in=kinds, year=int(printed[2]), number=min(int(printed[3]), 2**31 - 1))
    return Q(order__reference__iexact=words) | Q(order__po_number__iexact=words)


def _place_of(actor: Actor, paper: str) -> tuple[date, int] | None:
    """Where a page goes on; from the start when the mark is none of ours."""
    try:
        uid = parse_public_id(Paper.PREFIX, paper)
    except MalformedId:
        return None
    return Paper.objects.visible_to(actor).filter(uid=uid).values_list("issued_on", "pk").first()
