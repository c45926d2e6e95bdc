"""The panels that homes are made of: orders by week, money by month, what runs low, what is owed, who and what comes first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from financing.queries import BankFigures
from identity.actors import Member
from identity.states import Role
from kernel.naming import is_chinese
from kernel.plots import Bar, Part, Plot, share
from kernel.templatetags.look import MONTHS, format_amount, moment, money, quantity
from orders.queries import Owed, Side, YearFigures, approvals_to_give
from sme_hub.pages.addresses import address_in
from sme_hub.pages.panel import Panel, Row
from tariffs.rules import units

TONES: Mapping[str, Any] = {
    "waiting": _("Waiting for an answer"),
    "confirmed": _("Confirmed"),
    "sent": pgettext_lazy("plot", "On the way"),
    "done": pgettext_lazy("plot", "Received"),
    "closed": _("Not concluded"),
}


@dataclass(frozen=True)
class Story:
    """What a home is told from."""

    actor: Member
    year: YearFigures
    today: date
    now: datetime
    #: of a bank, what its files come to
    files: BankFigures | None = None

    def address(self, name: str, *more: str) -> str:
        return address_in(self.actor.company.slug, name, *more)


def to_approve(story: Story) -> Panel:
    """What colleagues ask for; one statement."""
    return Panel(
        key="approvals",
        title=_("To approve"),
        kind="ranking",
        rows=[
            Row(
                name=_name(asked.seller),
                url=story.address("approval", asked.public_id),
                note=gettext("%(person)s, until %(day)s")
                % {"person": asked.asked_by, "day": moment(asked.respond_by)},
                figure=money(asked.total, asked.currency),
            )
            for asked in approvals_to_give(story.actor, story.now)
        ],
        empty=_(
            "Nothing waits for your approval. Orders over the company’s limit stand here before they are placed."
        ),
        more=(_("All approvals"), story.address("approvals")),
    )


def orders_by_week(story: Story, side: Side, title: str, which: str) -> Panel:
    plot = weeks_plot(side, story.today, title)
    total = sum(int(bar.total) for bar in plot.bars)
    return Panel(
        key=f"weeks-{which}",
        title=_("Orders in twelve weeks"),
        kind="plots",
        plots=[plot],
        note=ngettext("%(count)d order", "%(count)d orders", total) % {"count": total},
        empty=_("Orders of the last twelve weeks stand here, by week and by how far they are."),
        more=(_("All orders"), story.address("orders") + f"?side={which}"),
    )


def weeks_plot(side: Side, today: date, title: str) -> Plot:
    """Orders by the week in which they were placed, and by how far they are."""
    bars = [
        Bar(
            short_day(monday),
            [Part(tone, groups[tone]) for tone in TONES],
            [*(f"{groups[tone]:,}" for tone in TONES), f"{sum(groups.values()):,}"],
        )
        for monday, groups in side.weeks(today)
    ]
    total = sum(int(bar.total) for bar in bars)
    return Plot(
        title=title,
        bars=bars,
        columns=[_("Week of"), *TONES.values(), _("All")],
        legend=list(TONES.items()),
        summary=gettext("%(title)s: %(total)s in twelve weeks, %(last)s of them in this one.")
        % {"title": title, "total": f"{total:,}", "last": f"{int(bars[-1].total):,}"},
    )


def money_by_month(story: Story, side: Side, title: Any) -> Panel:
    return Panel(
        key="months",
        title=title,
        kind="plots",
        plots=months_plots(side, story.today),
        note=gettext("Orders confirmed, by the month; each currency on a scale of its own."),
        empty=_("The amounts of confirmed orders stand here, by month and currency."),
    )


def months_plots(side: Side, today: date) -> list[Plot]:
    """What was agreed by month: a plot for each currency."""
    return [_month_plot(currency, months) for currency, months in side.months(today).items()]


def _month_plot(currency: str, months: Sequence[tuple[date, Decimal, int]]) -> Plot:
    total = sum((amount for _first, amount, _orders in months), start=Decimal(0))
    orders = sum(count for _first, _amount, count in months)
    said = {"currency": currency, "total": format_amount(total, currency), "orders": orders}
    return Plot(
        title=currency,
        headline=format_amount(total, currency, decimals=0),
        bars=[
            Bar(_month(first), [Part("money", amount)], [format_amount(amount, currency), f"{count:,}"])
            for first, amount, count in months
        ],
        columns=[_("Month"), _("Amount"), _("Orders")],
        summary=ngettext(
            "%(currency)s by month: %(total)s in %(orders)d order over twelve months.",
            "%(currency)s by month: %(total)s in %(orders)d orders over twelve months.",
            orders,
        )
        % said,
    )


def running_low(story: Story, side: Side) -> Panel:
    return Panel(
        key="low",
        title=_("Stock running low"),
        kind="ranking",
        rows=[
            Row(
                name=_name(row["names"]) or row["sku"],
                url=story.address("listing", row["id"]) if story.actor.may(Role.SELLER) else "",
                note=row["sku"],
                figure=_left(row),
            )
            for row in side.named("low")
        ],
        empty=_(
            "Nothing runs low. Listings whose stock lasts for less than four weeks at the present pace stand here."
        ),
    )


def _left(row: Mapping[str, Any]) -> str:
    weeks, quantity = Decimal(row["weeks"]), _counted(row["available"], row["unit"])
    if not Decimal(row["available"]):
        return gettext("none left")
    if weeks < 1:
        return gettext("%(quantity)s left, for less than a week") % {"quantity": quantity}
    return gettext("%(quantity)s left, for %(weeks)s weeks") % {"quantity": quantity, "weeks": f"{weeks:.1f}"}


def products(side: Side, title: Any) -> Panel:
    found = side.named("products")
    page = reverse("product", args=["0"]).removesuffix("0/")
    return Panel(
        key="products",
        title=title,
        kind="ranking",
        rows=[
            Row(
                name=_name(row["names"]) or row["sku"],
                url=f"{page}{row['id']}/",
                note=f"{row['sku']} · {_counted(row['quantity'], row['unit'])} · {_amounts(row['amounts'])}",
                figure=_orders(row["orders"]),
                share=share(row["orders"], found[0]["orders"]),
            )
            for row in found
        ],
        empty=_("The goods of confirmed orders stand here, the most often ordered first."),
    )


def parties(side: Side, title: Any) -> Panel:
    found = side.named("parties")
    return Panel(
        key="parties",
        title=title,
        kind="ranking",
        rows=[
            Row(
                name=_name(row["names"]),
                note=_amounts(row["amounts"]),
                figure=_orders(row["orders"]),
                share=share(row["orders"], found[0]["orders"]),
            )
            for row in found
        ],
        empty=_("The companies with whom you have confirmed orders stand here."),
    )


def punctual(side: Side, title: Any) -> Panel:
    promised, kept = side.promised, side.kept_to
    facts = [
        (_("Orders for which a date was asked that has come"), f"{promised:,}"),
        (_("Shipped in full by that date"), f"{kept:,}"),
        (_("Share"), f"{share(kept, promised)} %"),
    ]
    return Panel(
        key="punctual",
        title=title,
        kind="facts",
        facts=facts if promised else (),
        note=gettext("Over the last ninety days."),
        empty=_("In the last ninety days no order named a date that has come."),
    )


def owed(story: Story, side: Side, title: Any, which: str) -> Panel:
    return Panel(
        key=f"owed-{which}",
        title=title,
        kind="facts",
        facts=[fact for debt in side.owed for fact in _owed_facts(debt)],
        empty=_("Nothing is to be paid."),
        more=(_("Orders"), story.address("orders") + f"?side={which}"),
    )


def _owed_facts(debt: Owed) -> Iterable[tuple[Any, Any]]:
    yield debt.currency, f"{format_amount(debt.amount, debt.currency)} · {_orders(debt.orders)}"
    if debt.late_orders:
        late = f"{format_amount(debt.late, debt.currency)} · {_orders(debt.late_orders)}"
        yield gettext("%(currency)s, past the day") % {"currency": debt.currency}, late


# --- words ---------------------------------------------------------------------------------------------------------


def _name(names: Sequence[str]) -> str:
    """Of registered, English and Chinese name the reader's, or the first there is."""
    legal, english, chinese = names
    return (chinese or english or legal) if is_chinese() else (english or chinese or legal)


def _counted(amount: str, unit: str) -> str:
    language = "zh-hans" if is_chinese() else "en"
    return f"{quantity(amount)} {units.counted_unit(unit, Decimal(amount), language)}"


def _orders(count: int) -> str:
    return ngettext("%(count)d order", "%(count)d orders", count) % {"count": count}


def _amounts(amounts: Mapping[str, str]) -> str:
    return " + ".join(
        format_amount(Decimal(amount), currency) for currency, amount in sorted(amounts.items())
    )


def short_day(found: date) -> str:
    """A day of a plot: `3 Nov`, `11/3`."""
    return f"{found.month}/{found.day}" if is_chinese() else f"{found.day} {MONTHS[found.month - 1]}"


def _month(first: date) -> str:
    return f"{first.month}月" if is_chinese() else MONTHS[first.month - 1]
