"""The home of a company's workspace: what waits for this member, how things stand, and what is left to set up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from catalog.queries import LastImport, ListingFigures, listing_figures
from catalog.states import ImportState
from financing.queries import figures_of, files_by_state
from financing.states import OfferState
from identity.acting import CompanyRequest, for_company
from identity.actors import Member
from identity.models import Notice
from identity.queries import readiness_of, waiting_for
from identity.rules.notices import kind_of, words_of
from identity.states import Role
from orders.models import Order
from orders.queries import OrdersWaiting, Side, Waiting, YearFigures, newest_orders, orders_waiting, year_of
from orders.views.rows import order_rows
from sme_hub.pages.addresses import address_in
from sme_hub.pages.homes import homes_for
from sme_hub.pages.panel import drawn
from sme_hub.pages.panels import Story
from sme_hub.telling.approvals import ROWS as APPROVAL_ROWS
from sme_hub.telling.orders import ROWS as ORDER_ROWS

#: kind of waiting order → icon, and what waits
ORDER_TASKS: dict[str, tuple[str, Any]] = {
    "answer": (
        "clipboard-check",
        ngettext_lazy("%(count)d order to accept or refuse", "%(count)d orders to accept or refuse", "count"),
    ),
    "agree": (
        "ship",
        ngettext_lazy(
            "%(count)d offer of freight to answer", "%(count)d offers of freight to answer", "count"
        ),
    ),
    "send": ("truck", ngettext_lazy("%(count)d order to ship", "%(count)d orders to ship", "count")),
    "receive": (
        "package-check",
        ngettext_lazy("%(count)d delivery to count", "%(count)d deliveries to count", "count"),
    ),
    "note_payment": (
        "banknote",
        ngettext_lazy(
            "%(count)d payment to look for on your account",
            "%(count)d payments to look for on your account",
            "count",
        ),
    ),
    "pay": ("landmark", ngettext_lazy("%(count)d order to pay", "%(count)d orders to pay", "count")),
}
#: notices of what the orders themselves are asked for: the orders are the truth, the inbox keeps who was told when
COUNTED = tuple(row.code for row in (*ORDER_ROWS, *APPROVAL_ROWS) if row.waits)
TO_APPROVE = ngettext_lazy("%(count)d order to approve", "%(count)d orders to approve", "count")
#: conversations that are named one by one
FEW = 2
TO_READ = ngettext_lazy("%(count)d conversation to read", "%(count)d conversations to read", "count")
DRAFTS = ngettext_lazy("%(count)d draft to publish", "%(count)d drafts to publish", "count")
SHORT = ngettext_lazy(
    "%(count)d listing with less in stock than its minimum order",
    "%(count)d listings with less in stock than their minimum order",
    "count",
)
ROWS_TO_MEND = ngettext_lazy(
    "%(count)d row of an import to mend", "%(count)d rows of an import to mend", "count"
)


@dataclass(frozen=True, kw_only=True)
class Task:
    """Something to do, and where."""

    words: Any
    url: str
    icon: str
    by: datetime | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class SetUp:
    """A step of setting the company up."""

    words: Any
    why: Any
    url: str
    done: bool


@require_safe
@for_company
def workspace(request: CompanyRequest) -> HttpResponse:
    """Six statements beside those of the session and the actor, whatever the company has.

    `?home=money` opens another of the homes that the member's roles open; the first is that of their own work.
    """
    actor, now = request.actor, timezone.now()
    today = timezone.localdate(now)
    homes = homes_for(actor)
    home = next((home for home in homes if home.code == request.GET.get("home")), homes[0] if homes else None)
    waiting = orders_waiting(actor, now)
    listings = listing_figures(actor) if _keeps_listings(actor) else None
    files = figures_of(actor) if actor.company.is_bank else None
    year = YearFigures(Side({}), Side({}), files.counted_at) if files else year_of(actor)
    orders = home.orders(actor) if home else newest_orders(actor)
    steps = list(_set_up(actor, year, orders, listings)) if not homes or home is homes[0] else []
    panels = list(home.panels(Story(actor, year, today, now, files))) if home else []
    context = {
        "today": today,
        "homes": [(each.label, f"?home={each.code}", each is home) for each in homes],
        "home": home,
        "panels": panels,
        "drawn": drawn(panels),
        "counted_at": year.counted_at,
        "listed": home.listed if home else _("Newest orders"),
        "tasks": [
            *_approval_tasks(actor, waiting),
            *(_order_task(actor, found) for found in waiting.waiting),
            *_told_tasks(actor, waiting_for(actor, now, but=COUNTED)),
            *(_listing_tasks(actor, listings, year.selling.short) if listings else ()),
        ],
        "figures": _figures(actor, waiting, listings),
        "newest": order_rows(orders, actor, now),
        "steps": [] if all(step.done for step in steps) else steps,
        "steps_done": sum(step.done for step in steps),
    }
    return render(request, "desk/workspace.html", context)


def _keeps_listings(actor: Member) -> bool:
    return actor.company.sells and actor.may(Role.SELLER)


def _address(name: str, actor: Member, *more: str, **query: str) -> str:
    found = address_in(actor.company.slug, name, *more)
    return f"{found}?{urlencode(query)}" if query else found


# --- what waits ----------------------------------------------------------------------------------------------------


def _approval_tasks(actor: Member, waiting: OrdersWaiting) -> Iterator[Task]:
    """What colleagues ask an approver for, before everything else: nothing is ordered meanwhile."""
    asked = waiting.approvals
    if asked.count and actor.may(Role.APPROVER):
        url = _address("approval", actor, asked.first) if asked.count == 1 else _address("approvals", actor)
        words = _counted(TO_APPROVE, asked.count)
        yield Task(words=words, url=url, icon="clipboard-check", by=asked.answer_by)


def _order_task(actor: Member, found: Waiting) -> Task:
    icon, words = ORDER_TASKS[found.kind.code]
    return Task(
        words=_counted(words, found.count), url=_orders_url(actor, found), icon=icon, by=found.answer_by
    )


def _counted(words: Any, count: int) -> str:
    """The words with a count that stops at a thousand."""
    most = 1000
    return str(words % {"count": count}).replace(f"{count}", f"{most:,}+" if count > most else f"{count}", 1)


def _orders_url(actor: Member, found: Waiting) -> str:
    """To the order itself where there is one; else to the list."""
    if found.count == 1:
        return _address("order", actor, found.first)
    query = {"side": found.kind.side}
    query |= {"state": found.kind.state} if found.kind.state else {"waits": found.kind.code}
    return _address("orders", actor, **query)


def _told_tasks(actor: Member, notices: list[Notice]) -> Iterator[Task]:
    """What else waits, line by line; many conversations are one line."""
    talk = [notice for notice in notices if kind_of(notice.code).group == "talk"]
    if len(talk) > FEW:
        unread = _address("talk", actor, show="unread")
        yield Task(words=TO_READ % {"count": len(talk)}, url=unread, icon="message-square")
    for notice in notices:
        if len(talk) <= FEW or notice not in talk:
            yield _told_task(notice)


def _told_task(notice: Notice) -> Task:
    """What else waits, as the person was told; the link marks the line as read."""
    return Task(
        words=words_of(notice.code, notice.params, get_language() or "en"),
        url=reverse("notice", args=[notice.public_id]),
        icon=kind_of(notice.code).icon,
        by=notice.respond_by,
    )


def _listing_tasks(actor: Member, listings: ListingFigures, short: int) -> list[Task]:
    tasks = []
    if job := listings.last_import:
        tasks.append(_import_task(actor, job))
    if listings.drafts:
        drafts = _address("listings", actor, state="draft")
        tasks.append(Task(words=_counted(DRAFTS, listings.drafts), url=drafts, icon="package"))
    if short:
        scarcest = _address("listings", actor, state="published", sort="stock")
        tasks.append(Task(words=_counted(SHORT, short), url=scarcest, icon="package-x"))
    return tasks


def _import_task(actor: Member, job: LastImport) -> Task:
    url = _address("import", actor, job.public_id)
    match job.state:
        case ImportState.DONE:
            words, icon = ROWS_TO_MEND % {"count": job.rows_refused}, "file-spreadsheet"
        case ImportState.REFUSED:
            words, icon = gettext("An import could not be used"), "circle-x"
        case _:
            words, icon = gettext("An import is running"), "loader-circle"
    return Task(words=words, note=job.file_name, url=url, icon=icon)


# --- how things stand ----------------------------------------------------------------------------------------------


def _figures(
    actor: Member, waiting: OrdersWaiting, listings: ListingFigures | None
) -> list[tuple[int, Any, str]]:
    if actor.company.is_bank:
        return _files(actor)
    figures = []
    if actor.company.sells or waiting.open_sales:
        figures.append((waiting.open_sales, _("open sales"), _address("orders", actor, side="selling")))
    if actor.company.buys or waiting.open_purchases:
        figures.append(
            (waiting.open_purchases, _("open purchases"), _address("orders", actor, side="buying"))
        )
    if waiting.approvals.count and not actor.may(Role.APPROVER):
        figures.append((waiting.approvals.count, _("wait for an approver"), _address("approvals", actor)))
    if listings:
        figures.append(
            (listings.on_sale, _("listings on sale"), _address("listings", actor, state="published"))
        )
        if listings.paused:
            figures.append((listings.paused, _("paused"), _address("listings", actor, state="paused")))
    return figures


def _files(actor: Member) -> list[tuple[int, Any, str]]:
    """A bank's own work: its files, by how far they are."""
    counts = files_by_state(actor)
    return [
        (counts[state], label, _address("financing", actor, state=state))
        for state, label in OfferState.choices
        if state in counts
    ]


# --- setting up ----------------------------------------------------------------------------------------------------


def _set_up(
    actor: Member, year: YearFigures, orders: list[Order], listings: ListingFigures | None
) -> Iterator[SetUp]:
    """What this member can see to; a step that is nobody's business here is left out."""
    have, company = readiness_of(actor), actor.company
    if actor.may(Role.OWNER):
        yield SetUp(
            words=_("Ask for a check of your registration"),
            why=_("Others see which register a programme officer looked at, and when."),
            url=_address("claims", actor),
            done=have["claimed"],
        )
    if not company.is_bank:
        yield SetUp(
            words=_("Add an address"),
            why=_("Orders and papers carry it. Chinese and English forms stand side by side."),
            url=_address("addresses", actor),
            done=have["addressed"],
        )
    if company.sells and actor.may(Role.FINANCE):
        yield SetUp(
            words=_("Say where you are paid"),
            why=_("Buyers find your bank account on their orders. No money moves through SME Hub."),
            url=_address("bank", actor),
            done=have["banked"],
        )
    if listings:
        yield SetUp(
            words=_("Publish your first listing"),
            why=_("One by one, or many at once from a spreadsheet."),
            url=_address("listings" if listings.any else "import_new", actor),
            done=listings.on_sale > 0,
        )
    elif company.buys and not company.is_bank and actor.may(Role.BUYER):
        yield SetUp(
            words=_("Place your first order"),
            why=_("Search the goods of all sellers; what you put into the cart stays there."),
            url=reverse("search"),
            done=year.buying.any or any(order.buyer_id == actor.company_id for order in orders),
        )
    if actor.may(Role.OWNER):
        yield SetUp(
            words=_("Invite a colleague"),
            why=_("Each with roles of their own: selling, buying, finance, logistics."),
            url=_address("members", actor),
            done=have["staffed"],
        )
