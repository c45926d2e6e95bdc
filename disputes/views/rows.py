"""Rows of the lists of cases as templates show them: ready, escaped strings, so that a row costs a template next to nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple

from django.db.models import TextChoices
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext

from disputes import queries
from disputes.models import Case
from disputes.queries import CaseLine
from disputes.rules.steps import step_of
from disputes.states import CaseState, Side
from identity.actors import Member
from kernel.ids import public_id
from kernel.templatetags.look import day, icon, with_code

TONES = {
    "negotiating": "warning",
    "awaiting_answer": "warning",
    "consent_pending": "warning",
    "signing": "warning",
    "msa_signed": "success",
    "award_issued": "success",
    "completed": "success",
    "settled_direct": "success",
    "no_answer": "danger",
    "declined": "danger",
    "failed": "danger",
    "expired": "danger",
    "defaulted": "danger",
    "returned": "danger",
    "withdrawn": "",
    "closed": "",
}


class CaseRow(NamedTuple):
    """The cells of a row."""

    case: SafeString
    party: SafeString
    state: SafeString
    next: SafeString
    amount: SafeString


def case_rows(lines: Sequence[CaseLine], actor: Member) -> list[CaseRow]:
    """The page's rows, with what is new to the reader."""
    language = get_language() or "en"
    address = reverse("case", kwargs={"company": actor.company.slug, "case": "-"})[:-2]
    news = queries.with_news(actor, [line.pk for line in lines]) if lines else set()
    return [_row(line, actor.company_id, address, language, line.pk in news) for line in lines]


def _row(line: CaseLine, company: int, address: str, language: str, news: bool) -> CaseRow:
    side = Side.A if line.claimant_id == company else Side.B
    party = line.respondent if side == Side.A else line.claimant
    url = f"{address}{public_id(Case.PREFIX, line.uid)}/"
    until = by_day(line.respond_by, language) if line.respond_by else ""
    return CaseRow(
        case=SafeString(
            f'<a class="mono" href="{url}">{escape(line.number)}</a>'
            f'<span class="table-sub mono">{escape(line.order)}</span>{_news_in(language) if news else ""}'
        ),
        party=escape(party.name_in(language)),
        state=state_pill(line.state, language),
        next=SafeString(f"<span>{_step_in(line.state, side, language)}{until}</span>"),
        amount=SafeString(f"<span>{with_code(line.amount, line.currency)}</span>"),
    )


@cache
def state_pill(state: str, language: str, states: type[TextChoices] = CaseState) -> SafeString:
    """The state in words with its icon; `language` is that of the thread and keeps the languages apart in memory."""
    looks = {"label": states(state).label, "tone": TONES.get(state, "info")}
    return render_to_string("components/status.html", looks)


def by_day(respond_by: datetime, language: str) -> SafeString:
    """Until when the next step is awaited."""
    return SafeString(f'<span class="table-sub">{by_words(language)} {day(respond_by)}</span>')


@cache
def by_words(language: str) -> SafeString:
    return escape(pgettext("deadline", "by"))


@cache
def _step_in(state: str, side: str, language: str) -> SafeString:
    """What comes next, in bold where it is the side's own."""
    step = step_of(state)
    return format_html("<b>{}</b>" if step.is_for(side) else "{}", step.words)


@cache
def _news_in(language: str) -> SafeString:
    return format_html(
        '<span class="table-sub">{} <b>{}</b></span>', icon("message-square"), gettext("new messages")
    )
