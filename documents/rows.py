"""Rows of the list of papers: ready, escaped strings, so that a row costs a template next to nothing."""

from __future__ import annotations

from functools import cache
from html import escape
from typing import NamedTuple

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from documents.models import Paper, Rendition
from documents.queries import LANGS, PaperLine
from documents.states import PaperKind, PaperLanguage, printed_number
from identity.actors import Member
from kernel.ids import public_id
from kernel.naming import is_chinese
from kernel.templatetags.look import day, icon
from orders.models import Order


class PaperRow(NamedTuple):
    #: what addresses call it
    id: str
    #: its printed number, which leads to it, with its kind and version
    paper: SafeString
    order: SafeString
    #: the other party
    other: str
    issued: str
    #: links to the PDFs, or that they are being prepared
    files: SafeString


def paper_rows(lines: list[PaperLine], reader: Member) -> list[PaperRow]:
    """`lines` for a reader of the active language."""
    slug = reader.company.slug
    paper, order, file = (
        reverse(name, args=[slug, "0"]).removesuffix("0/") for name in ("paper", "order", "paper_file")
    )
    language = get_language() or "en"
    return [_row(line, reader.company_id, (paper, order, file), language) for line in lines]


def _row(line: PaperLine, reader: int, addresses: tuple[str, str, str], language: str) -> PaperRow:
    paper, order, file = addresses
    key, number = public_id(Paper.PREFIX, line.uid), printed_number(line.kind, line.year, line.number)
    legal, *names = line.buyer if line.company_id == reader else line.seller
    english, chinese = names
    return PaperRow(
        id=key,
        paper=SafeString(
            f'<a href="{paper}{key}/" class="mono">{number}</a>'
            f'<span class="table-sub">{_kind(line.kind, language)}{_version(line.version)}</span>'
        ),
        order=SafeString(
            f'<a class="mono" href="{order}{public_id(Order.PREFIX, line.order_uid)}/">{escape(line.reference)}</a>'
        ),
        other=(chinese or english if is_chinese() else english or chinese) or legal,
        issued=day(line.issued_on),
        files=_files(line, file, language),
    )


def _version(version: int) -> str:
    if version == 1:
        return ""
    return " · " + escape(gettext("Version %(version)s") % {"version": version})


def _files(line: PaperLine, base: str, language: str) -> SafeString:
    if not line.is_ready:
        return _being_prepared(language)
    links = (
        f'<a class="button button-s" href="{base}{public_id(Rendition.PREFIX, line.files[code])}/"{_lang(code)}>'
        f'{icon("download")}{_label(code, language)}<span class="visually-hidden"> PDF</span></a>'
        for code in PaperLanguage.values
    )
    return SafeString(f'<div class="row">{"".join(links)}</div>')


def _lang(code: str) -> str:
    """Of a file in both languages there is none."""
    return f' hreflang="{LANGS[code]}"' if code in LANGS else ""


@cache
def _label(code: str, language: str) -> str:
    return escape(str(PaperLanguage(code).label))


@cache
def _kind(kind: str, language: str) -> str:
    """`language` is that of the thread and keeps the languages apart in memory."""
    return escape(str(PaperKind(kind).label))


@cache
def _being_prepared(language: str) -> SafeString:
    looks = {"label": gettext("Being prepared"), "tone": "info", "icon_name": "loader-circle"}
    return render_to_string("components/status.html", looks)
