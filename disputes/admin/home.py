"""The console's home: what waits for the official, and their cases in figures and plots."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _

from disputes import queries
from disputes.models import Case, Official
from disputes.queries import DeskFigures
from disputes.rules.steps import next_step
from disputes.states import OfficeKind
from disputes.views.rooms import TONES
from identity.actors import Staff
from kernel.plots import Bar, Part, Plot
from kernel.templatetags.look import MONTHS, is_chinese

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


@dataclass(frozen=True)
class Row:
    public_id: str
    number: str
    parties: str
    state: str
    tone: str
    step: str
    by: datetime | None


def home_of(actor: Staff, seat: Official, now: datetime) -> dict[str, Any]:
    """Everything of the page. Four statements."""
    work = queries.work_of(actor, seat)
    figures = queries.figures_of(actor, seat, now)
    sessions = queries.sessions_ahead(seat, now) if seat.kind == OfficeKind.MEDIATOR else []
    return {
        "official": seat,
        "waiting": _rows(work.waiting),
        "others": _rows(work.others),
        "sessions": sessions,
        "figures": list(_figures(figures, seat, len(sessions))),
        "plots": [_stages_plot(figures), _months_plot(figures, seat)],
        "list_url": reverse("mediation:disputes_case_changelist"),
    }


def _rows(cases: list[Case]) -> list[Row]:
    language = get_language() or "en"
    return [
        Row(
            public_id=case.public_id,
            number=case.number,
            parties=f"{case.claimant.name_in(language)} – {case.respondent.name_in(language)}",
            state=case.get_state_display(),
            tone=TONES.get(case.state, "info"),
            step=str(next_step(case).words),
            by=case.respond_by,
        )
        for case in cases
    ]


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
