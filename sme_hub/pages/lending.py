"""The panels of a bank's home: what became of its offers, and when the money that is out comes back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from financing.queries import BankFigures, Out
from kernel.plots import Bar, Part, Plot
from kernel.templatetags.look import format_amount
from sme_hub.pages.panel import Panel
from sme_hub.pages.panels import Story, short_day

#: what became of an offer → its colour, and the word for it
OUTCOMES: Mapping[str, tuple[str, Any]] = {
    "open": ("waiting", pgettext_lazy("offers", "Open")),
    "taken": ("done", pgettext_lazy("offers", "Accepted")),
    "closed": ("closed", pgettext_lazy("offers", "Came to nothing")),
}


def offers_by_week(story: Story, files: BankFigures) -> Panel:
    """Offers by the week in which they were made, and by what became of them."""
    bars = [
        Bar(
            short_day(monday),
            [Part(tone, found[outcome]) for outcome, (tone, _word) in OUTCOMES.items()],
            [*(f"{found[outcome]:,}" for outcome in OUTCOMES), f"{sum(found.values()):,}"],
        )
        for monday, found in files.weeks(story.today)
    ]
    total = sum(int(bar.total) for bar in bars)
    said = {
        "title": gettext("Offers made by week"),
        "total": f"{total:,}",
        "last": f"{int(bars[-1].total):,}",
    }
    plot = Plot(
        title=said["title"],
        bars=bars,
        columns=[_("Week of"), *(word for _tone, word in OUTCOMES.values()), _("All")],
        legend=list(OUTCOMES.values()),
        summary=gettext("%(title)s: %(total)s in twelve weeks, %(last)s of them in this one.") % said,
    )
    return Panel(
        key="offers",
        title=_("Offers in twelve weeks"),
        kind="plots",
        plots=[plot],
        note=ngettext("%(count)d offer", "%(count)d offers", total) % {"count": total},
        empty=_("Offers of the last twelve weeks stand here, by week and by what became of them."),
        more=(_("All files"), story.address("financing")),
    )


def money_coming_back(story: Story, files: BankFigures) -> Panel:
    """What was paid out, by the week in which it is due: each currency on a scale of its own."""
    return Panel(
        key="due",
        title=_("Money that comes back in twelve weeks"),
        kind="plots",
        plots=[_due_plot(currency, weeks) for currency, weeks in files.due(story.today).items()],
        note=gettext("Advances paid out and not repaid, by the week in which they are due."),
        empty=_("Advances that you paid out stand here, by the week in which they are due."),
        more=(_("Paid out"), story.address("financing") + "?state=disbursed"),
    )


def _due_plot(currency: str, weeks: list[tuple[date, Decimal, int]]) -> Plot:
    total = sum((amount for _monday, amount, _files in weeks), Decimal(0))
    files = sum(count for _monday, _amount, count in weeks)
    said = {"currency": currency, "total": format_amount(total, currency), "files": files}
    return Plot(
        title=currency,
        headline=format_amount(total, currency, decimals=0),
        bars=[
            Bar(short_day(monday), [Part("money", amount)], [format_amount(amount, currency), f"{count:,}"])
            for monday, amount, count in weeks
        ],
        columns=[_("Week of"), _("Amount"), pgettext_lazy("financing", "Files")],
        summary=ngettext(
            "%(currency)s by week: %(total)s of %(files)d file comes back in twelve weeks.",
            "%(currency)s by week: %(total)s of %(files)d files come back in twelve weeks.",
            files,
        )
        % said,
    )


def money_out(files: BankFigures) -> Panel:
    return Panel(
        key="out",
        title=_("Paid out and not repaid"),
        kind="facts",
        facts=[fact for out in files.out for fact in _facts_of(out)],
        empty=_("Nothing is paid out."),
    )


def _facts_of(out: Out) -> Iterable[tuple[str, str]]:
    yield out.currency, _counted(out.amount, out.currency, out.files)
    if out.late_files:
        past = gettext("%(currency)s, past the day") % {"currency": out.currency}
        yield past, _counted(out.late, out.currency, out.late_files)


def _counted(amount: Decimal, currency: str, files: int) -> str:
    counted = ngettext("%(count)d file", "%(count)d files", files) % {"count": files}
    return f"{format_amount(amount, currency)} · {counted}"
