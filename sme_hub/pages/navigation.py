"""The links of a company's workspace: what the acting member's roles let them use, and where they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from identity.actors import Member
from identity.states import Role


@dataclass(frozen=True, kw_only=True)
class Place:
    """One entry of the navigation: the address it leads to and the addresses that lie under it."""

    name: str
    label: Any
    icon: str
    under: tuple[str, ...] = ()
    #: who sees it; empty means every member
    roles: tuple[str, ...] = ()
    #: only for companies that sell
    selling: bool = False
    #: only for companies that buy
    buying: bool = False
    #: only for banks
    bank: bool = False
    #: stands in the bar under the thumb
    thumb: bool = False
    #: heading that this entry begins
    begins: Any = ""


@dataclass(frozen=True, kw_only=True)
class Link:
    label: Any
    url: str
    icon: str
    active: bool
    thumb: bool
    begins: Any


PLACES = (
    Place(name="workspace", label=_("Home"), icon="house", thumb=True),
    Place(
        name="orders",
        label=_("Orders"),
        icon="clipboard-list",
        under=("order",),
        thumb=True,
        begins=_("Trade"),
    ),
    Place(name="cart", label=_("Cart"), icon="shopping-cart", under=("checkout",), thumb=True),
    Place(
        name="approvals",
        label=_("Approvals"),
        icon="clipboard-check",
        under=("approval", "spending_limit"),
        roles=(Role.BUYER, Role.APPROVER),
        buying=True,
    ),
    Place(name="talk", label=_("Messages"), icon="message-square", under=("thread", "talk")),
    Place(name="saved", label=_("Saved"), icon="heart"),
    Place(name="papers", label=_("Papers"), icon="files", under=("paper",)),
    Place(
        name="cases",
        label=_("Cases"),
        icon="scale",
        under=("case",),
        roles=(Role.SELLER, Role.BUYER, Role.APPROVER, Role.FINANCE),
    ),
    Place(
        name="finance",
        label=_("Invoice finance"),
        icon="hand-coins",
        under=("finance",),
        roles=(Role.FINANCE,),
        selling=True,
    ),
    Place(
        name="financing",
        label=_("Financing files"),
        icon="landmark",
        under=("financing",),
        roles=(Role.FINANCE,),
        bank=True,
        thumb=True,
    ),
    Place(
        name="listings",
        label=_("Listings"),
        icon="package",
        under=("listing",),
        roles=(Role.SELLER,),
        selling=True,
        thumb=True,
        begins=_("Sell"),
    ),
    Place(
        name="imports",
        label=_("Imports"),
        icon="file-spreadsheet",
        under=("import",),
        roles=(Role.SELLER,),
        selling=True,
    ),
    Place(
        name="company", label=_("Company"), icon="building-2", under=("claim", "bank"), begins=_("Company")
    ),
    Place(name="members", label=_("Members"), icon="users", under=("member", "invitation")),
    Place(name="addresses", label=_("Addresses"), icon="map-pin", under=("address",)),
    Place(name="tokens", label=_("API access"), icon="code", under=("token",), roles=(Role.OWNER,)),
)


def workspace_nav(request: HttpRequest) -> list[Link]:
    """The links for the acting member; none outside a workspace."""
    actor = getattr(request, "actor", None)
    match = request.resolver_match
    if not isinstance(actor, Member) or match is None or "company" not in match.kwargs:
        return []
    links = []
    begins: Any = ""
    for place in PLACES:
        begins = place.begins or begins
        url = _address(place.name, actor.company.slug)
        if not url or (place.selling and not actor.company.sells):
            continue
        if place.buying and not actor.company.buys:
            continue
        if place.bank and not actor.company.is_bank:
            continue
        if place.roles and not actor.may(*place.roles):
            continue
        links.append(
            Link(
                label=place.label,
                url=url,
                icon=place.icon,
                active=_lies_under(match.url_name or "", place),
                thumb=place.thumb,
                begins=begins,
            )
        )
        begins = ""
    return links


def _address(name: str, company: str) -> str:
    try:
        return reverse(name, kwargs={"company": company})
    except NoReverseMatch:
        return ""


def _lies_under(url_name: str, place: Place) -> bool:
    if url_name == place.name:
        return True
    return any(url_name == under or url_name.startswith((f"{under}_", f"{under}s")) for under in place.under)
