"""The home of a company's workspace: what waits, what came last, what is missing before the first deal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.models import Product
from identity import queries as identity
from identity.acting import CompanyRequest, for_company
from identity.actors import Member
from identity.states import Role
from orders import queries as orders
from orders.queries import Filters
from orders.rules import next_step
from orders.states import OrderState

#: orders shown on each side
LATEST = 5
#: counts stop here
COUNTED_TO = 1000


@dataclass(frozen=True)
class Figure:
    """A number that leads to the list it counts."""

    count: str
    label: str
    url: str


@dataclass(frozen=True)
class Step:
    """Something a company does once, before its first deal."""

    label: str
    url: str
    done: bool


@require_safe
@for_company
def workspace(request: CompanyRequest) -> HttpResponse:
    actor = request.actor
    steps = list(_first_steps(actor))
    shown = {
        "sides": [_side(actor, side) for side in _sides(actor)],
        "steps": steps if any(not step.done for step in steps) else [],
        "today": timezone.localdate(),
        "company": actor.company,
    }
    return render(request, "desk/workspace.html", shown)


def _sides(actor: Member) -> Iterator[str]:
    if actor.company.sells:
        yield "selling"
    if actor.company.buys:
        yield "buying"


def _side(actor: Member, side: str) -> dict[str, Any]:
    """One side of the company's trade: what waits for somebody, and the latest orders. Two statements."""
    filters = Filters(side=side)
    counts = orders.counts_by_state(actor, filters)
    found = orders.page_of(actor, filters, size=LATEST).orders
    now = timezone.now()
    return {
        "name": side,
        "title": _("Selling") if side == "selling" else _("Buying"),
        "figures": [_figure(actor, side, state, label, counts) for state, label in _waiting(side)],
        "rows": [(order, _other_party(order, side), next_step(order, now)) for order in found],
        "url": f"{reverse('orders', args=[actor.company.slug])}?side={side}",
    }


def _waiting(side: str) -> list[tuple[str, str]]:
    """The states in which this side looks at its orders first, and how it calls them."""
    if side == "selling":
        return [
            (OrderState.PLACED, _("wait for your answer")),
            (OrderState.CONFIRMED, _("to ship")),
            (OrderState.PART_DESPATCHED, _("partly shipped")),
        ]
    return [
        (OrderState.PLACED, _("wait for the seller")),
        (OrderState.FREIGHT_OFFERED, _("freight to agree")),
        (OrderState.DESPATCHED, _("on their way")),
    ]


def _figure(actor: Member, side: str, state: str, label: str, counts: dict[str, int]) -> Figure:
    count = counts.get(state, 0)
    words = f"{COUNTED_TO:,}+" if count > COUNTED_TO else f"{count:,}"
    return Figure(words, label, f"{reverse('orders', args=[actor.company.slug])}?side={side}&state={state}")


def _other_party(order: Any, side: str) -> dict[str, Any]:
    party: dict[str, Any] = order.buyer_party if side == "selling" else order.seller_party
    return party


def _first_steps(actor: Member) -> Iterator[Step]:
    """What each role can still do; a step that is nobody's business here is left out."""
    done = identity.readiness_of(actor)
    if actor.may(Role.OWNER):
        yield _step(actor, _("Have the registration checked"), "claims", done["claimed"])
    yield _step(actor, _("Add an address"), "addresses", done["addressed"])
    if actor.company.sells and actor.may(Role.FINANCE):
        yield _step(actor, _("Say where you are paid"), "bank", done["banked"])
    if actor.company.sells and actor.may(Role.SELLER):
        yield _step(
            actor, _("Offer your first product"), "listings", Product.objects.of_actor(actor).exists()
        )
    if actor.may(Role.OWNER):
        yield _step(actor, _("Invite a colleague"), "members", done["staffed"])


def _step(actor: Member, label: str, name: str, done: bool) -> Step:
    try:
        return Step(label, reverse(name, args=[actor.company.slug]), done)
    except NoReverseMatch:
        return Step(label, "", True)
