"""The homes of a workspace by role: each opens on its own work, in figures and plots of real rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from financing.queries import BankFigures
from identity.actors import Member
from identity.states import Role
from orders.queries import moving, newest_orders, owed_first
from sme_hub.pages.lending import money_coming_back, money_out, offers_by_week
from sme_hub.pages.panel import Panel
from sme_hub.pages.panels import (
    Story,
    money_by_month,
    orders_by_week,
    owed,
    parties,
    products,
    punctual,
    running_low,
    to_approve,
)


@dataclass(frozen=True, kw_only=True)
class Home:
    code: str
    label: Any
    roles: tuple[str, ...]
    panels: Callable[[Story], Iterable[Panel]]
    #: heading of the list of orders, and which they are
    listed: Any
    orders: Callable[[Member], list[Any]]
    #: for companies that sell, that buy
    selling: bool = False
    buying: bool = False
    #: owners, who may do everything, open it too
    for_owner: bool = True

    def is_for(self, actor: Member) -> bool:
        if (self.selling and not actor.company.sells) or (self.buying and not actor.company.buys):
            return False
        return not actor.roles.isdisjoint(self.roles) or (self.for_owner and Role.OWNER in actor.roles)


def homes_for(actor: Member) -> list[Home]:
    """The homes that the member's roles open, their own work first; a bank neither buys nor sells here."""
    homes = (LENDING,) if actor.company.is_bank else HOMES
    return [home for home in homes if home.is_for(actor)]


# --- what each opens on ---------------------------------------------------------------------------------------------


def _selling(story: Story) -> Iterable[Panel]:
    side = story.year.selling
    yield orders_by_week(story, side, gettext("Orders received by week"), "selling")
    yield money_by_month(story, side, _("Sales in twelve months"))
    yield running_low(story, side)
    yield products(side, _("Most ordered goods"))
    yield parties(side, _("Best customers"))
    yield punctual(side, _("Shipped on time"))


def _buying(story: Story) -> Iterable[Panel]:
    side = story.year.buying
    yield orders_by_week(story, side, gettext("Orders placed by week"), "buying")
    yield money_by_month(story, side, _("Spending in twelve months"))
    yield parties(side, _("Sellers you order from most"))
    yield products(side, _("Goods you order most"))


def _spending(story: Story) -> Iterable[Panel]:
    side = story.year.buying
    yield to_approve(story)
    yield money_by_month(story, side, _("Spending in twelve months"))
    yield owed(story, side, _("To be paid by us"), "buying")
    yield parties(side, _("Sellers you order from most"))


def _money(story: Story) -> Iterable[Panel]:
    if story.actor.company.sells or story.year.selling.owed:
        yield owed(story, story.year.selling, _("To be paid to us"), "selling")
    yield owed(story, story.year.buying, _("To be paid by us"), "buying")
    if story.actor.company.sells:
        yield money_by_month(story, story.year.selling, _("Sales in twelve months"))
    yield money_by_month(story, story.year.buying, _("Spending in twelve months"))


def _goods(story: Story) -> Iterable[Panel]:
    if story.actor.company.sells:
        yield punctual(story.year.selling, _("Shipped on time"))
        yield running_low(story, story.year.selling)
    yield punctual(story.year.buying, _("Shipped to us on time"))


def _lending(story: Story) -> Iterable[Panel]:
    files = story.files or BankFigures({}, None)
    yield offers_by_week(story, files)
    yield money_coming_back(story, files)
    yield money_out(files)


def _no_orders(actor: Member) -> list[Any]:
    return []


#: of a bank's people who deal with money
LENDING = Home(
    code="lending",
    label=_("Lending"),
    roles=(Role.FINANCE,),
    panels=_lending,
    listed="",
    orders=_no_orders,
)
HOMES = (
    Home(
        code="selling",
        label=_("Selling"),
        roles=(Role.SELLER,),
        panels=_selling,
        listed=_("Newest orders"),
        orders=newest_orders,
        selling=True,
    ),
    Home(
        code="buying",
        label=_("Buying"),
        roles=(Role.BUYER,),
        panels=_buying,
        listed=_("Newest orders"),
        orders=newest_orders,
        buying=True,
    ),
    Home(
        code="spending",
        label=_("Spending"),
        roles=(Role.APPROVER,),
        panels=_spending,
        listed=_("Newest orders"),
        orders=newest_orders,
        buying=True,
        for_owner=False,
    ),
    Home(
        code="money",
        label=pgettext_lazy("home", "Money"),
        roles=(Role.FINANCE,),
        panels=_money,
        listed=_("To be paid next"),
        orders=owed_first,
    ),
    Home(
        code="goods",
        label=pgettext_lazy("home", "Goods"),
        roles=(Role.LOGISTICS,),
        panels=_goods,
        listed=_("To send and to receive"),
        orders=moving,
    ),
)
