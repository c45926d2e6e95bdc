"""The console's home: what waits for the official, and their cases in figures and plots."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _

from disputes import queries
from disputes.models import Case, Official
from disputes.queries import DeskFigures, DeskLine
from disputes.rules.steps import step_of
from disputes.states import OfficeKind
from disputes.views.rows import by_day, by_words, state_pill
from kernel.ids import public_id
from kernel.naming import is_chinese
from kernel.plots import Bar, Part, Plot
from kernel.templatetags.look import MONTHS, relative, time_element

#: stage → tone, words
STAGES: dict[str, tuple[str, Any]] = {
    "before": ("waiting", _("Before mediation")),
    "rooms": ("confirmed", _("In mediation")),
    "settled": ("sent", _("Settled, on the way to an award")),
    "performed": ("done", _("Being performed")),
    "without": ("closed", _("Without a settlement, not yet closed")),
}
#: what happened in a month → tone, words
_OF_CASES: dict[str, tuple[str, Any]] = {
    "opened": ("waiting", _("Cases opened")),
    "settled": ("done", _("Settlements signed")),
    "unsettled": ("closed", _("Ended without a settlement")),
}
_OF_FILINGS: dict[str, tuple[str, Any]] = {
    "filed": ("waiting", _("Settlements passed on")),
    "awarded": ("done", _("Awards issued")),
    "returned": ("closed", _("Settlements returned")),
}


class Row(NamedTuple):
    """A case with where it leads: ready, escaped strings."""

    url: str
    number: str
    parties: SafeString
    state: SafeString
    step: SafeString
    #: until when; empty where nothing is awaited
    by: str


def home_of(seat: Official, now: datetime) -> dict[str, Any]:
    """Everything of the page. Two statements; three for mediators and for the desk."""
    work = queries.work_of(seat)
    figures = queries.figures_of(seat, now)
    sessions = queries.sessions_ahead(seat, now) if seat.kind == OfficeKind.MEDIATOR else []
    language = get_language() or "en"
    return {
        "official": seat,
        "waiting": list(_rows(work.waiting, language, lambda until: _until(until, language, now))),
        "others": list(_rows(work.others, language, lambda until: by_day(until, language))),
        "sessions": sessions,
        "figures": list(_figures(figures, seat, len(sessions))),
        "plots": [_stages_plot(figures), _months_plot(figures, seat)],
    }


def _rows(lines: list[DeskLine], language: str, until: Callable[[datetime], str]) -> Iterator[Row]:
    address = case_address()
    for line in lines:
        yield Row(
            url=f"{address}{public_id(Case.PREFIX, line.uid)}/",
            number=line.number,
            parties=escape(f"{line.claimant.name_in(language)} – {line.respondent.name_in(language)}"),
            state=state_pill(line.state, language),
            step=_step_in(line.state, language),
            by=until(line.respond_by) if line.respond_by else "",
        )


def case_address() -> str:
    """Of every case's page, but for the case."""
    return reverse("mediation:case", args=["-"])[:-2]


@cache
def _step_in(state: str, language: str) -> SafeString:
    return escape(step_of(state).words)


def _until(respond_by: datetime, language: str, now: datetime) -> str:
    """The moment, and how long it is until then."""
    return SafeString(
        f'<span class="task-note">{by_words(language)} {time_element(respond_by)} '
        f"({escape(relative(respond_by, now))})</span>"
    )


def _figures(figures: DeskFigures, seat: Official, sessions: int) -> Iterator[tuple[int, Any, str]]:
    cases = reverse("mediation:disputes_case_changelist")
    yield figures.waiting, _("wait for you"), "#waiting"
    yield figures.under_way, _("cases open"), f"{cases}?stands=open"
    if seat.kind == OfficeKind.SCIA:
        yield sum(month["awarded"] for _first, month in figures.months), _("awards in twelve months"), ""
        return
    yield figures.soon, _("deadlines within three days"), f"{cases}?stands=open&o=5"
    if seat.kind == OfficeKind.MEDIATOR:
        yield sessions, _("sessions ahead"), "#sessions"
    else:
        yield sum(month["settled"] for _first, month in figures.months), _("settled in twelve months"), ""


def _stages_plot(figures: DeskFigures) -> Plot:
    bars = [
        Bar(str(words), [Part(tone, figures.stages[stage])], [f"{figures.stages[stage]:,}"])
        for stage, (tone, words) in STAGES.items()
    ]
    return Plot(
        title=_("Open cases by where they stand"),
        headline=f"{figures.under_way:,}",
        bars=bars,
        columns=[_("Stands"), pgettext("heading of a column", "Cases")],
        legend=[STAGES[stage] for stage in STAGES],
        summary=gettext("Open cases: %(total)s.") % {"total": f"{figures.under_way:,}"},
        labelled=False,
    )


def _months_plot(figures: DeskFigures, seat: Official) -> Plot:
    kinds = _OF_FILINGS if seat.kind == OfficeKind.SCIA else _OF_CASES
    bars = [
        Bar(
            f"{first.month}月" if is_chinese() else MONTHS[first.month - 1],
            [Part(tone, found[kind]) for kind, (tone, _words) in kinds.items()],
            [f"{found[kind]:,}" for kind in kinds],
        )
        for first, found in figures.months
    ]
    totals = {kind: sum(found[kind] for _first, found in figures.months) for kind in kinds}
    told = ", ".join(f"{words}: {totals[kind]:,}" for kind, (_tone, words) in kinds.items())
    return Plot(
        title=_("Twelve months"),
        bars=bars,
        columns=[_("Month"), *(words for _tone, words in kinds.values())],
        legend=list(kinds.values()),
        summary=gettext("In twelve months: %(told)s.") % {"told": told},
    )
