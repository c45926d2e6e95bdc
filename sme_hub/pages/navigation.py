"""The links of a company's workspace: what the acting member's roles let them use, and where they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from identity.actors import Member
from identity.states import Role
from kernel.templatetags.look import icon


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
    #: not for banks, which neither buy nor sell here
    trade: bool = False
    #: stands in the bar under the thumb
    thumb: bool = False
    #: heading that this entry begins
    begins: Any = ""


class Bars(NamedTuple):
    """The links as they stand at the side, in the bar under the thumb, and in the menu beside it: ready HTML."""

    side: SafeString
    thumb: SafeString
    more: SafeString


PLACES = (
    Place(name="workspace", label=_("Home"), icon="house", thumb=True),
    Place(
        name="orders",
        label=_("Orders"),
        icon="clipboard-list",
        trade=True,
        under=("order",),
        thumb=True,
        begins=_("Trade"),
    ),
    Place(name="cart", label=_("Cart"), icon="shopping-cart", trade=True, under=("checkout",), thumb=True),
    Place(
        name="approvals",
        label=_("Approvals"),
        icon="clipboard-check",
        trade=True,
        under=("approval", "spending_limit"),
        roles=(Role.BUYER, Role.APPROVER),
        buying=True,
    ),
    Place(name="talk", label=_("Messages"), icon="message-square", trade=True, under=("thread", "talk")),
    Place(name="saved", label=_("Saved"), icon="heart", trade=True),
    Place(name="papers", label=_("Papers"), icon="files", trade=True, under=("paper",)),
    Place(
        name="cases",
        label=_("Cases"),
        icon="scale",
        trade=True,
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
    Place(name="members", label=_("Members"), icon="users", under=("member", "mandate", "invitation")),
    Place(name="addresses", label=_("Addresses"), icon="map-pin", trade=True, under=("address",)),
    Place(name="tokens", label=_("API access"), icon="code", under=("token",), roles=(Role.OWNER,)),
)


#: stands for the company in links that are kept for all companies
_ANY = "-"


def workspace_nav(request: HttpRequest) -> Bars | None:
    """The links for the acting member; none outside a workspace."""
    actor = getattr(request, "actor", None)
    match = request.resolver_match
    if not isinstance(actor, Member) or match is None or "company" not in match.kwargs:
        return None
    company = actor.company
    kinds = (company.sells, company.buys, company.is_bank)
    kept = _bars(kinds, actor.roles, match.url_name or "", get_language() or "en")
    any_home, home = (reverse("workspace", kwargs={"company": slug}) for slug in (_ANY, company.slug))
    return Bars(*(SafeString(bar.replace(f'href="{any_home}', f'href="{home}')) for bar in kept))


@lru_cache(maxsize=2048)
def _bars(kinds: tuple[bool, bool, bool], roles: frozenset[str], url_name: str, language: str) -> Bars:
    """For any company of these kinds and any member with these roles. `language` is that of the thread and keeps the
    languages apart in memory."""
    shown = [
        (place, url) for place in PLACES if _is_for(place, kinds, roles) and (url := _address(place.name))
    ]
    links = [(place, _link(place, url, _lies_under(url_name, place))) for place, url in shown]
    return Bars(
        side=_side(links),
        thumb=_joined(link for place, link in links if place.thumb),
        more=_joined(link for place, link in links if not place.thumb),
    )


def _is_for(place: Place, kinds: tuple[bool, bool, bool], roles: frozenset[str]) -> bool:
    sells, buys, is_bank = kinds
    if (place.selling and not sells) or (place.buying and not buys) or (place.bank and not is_bank):
        return False
    if place.trade and is_bank:
        return False
    return not place.roles or Role.OWNER in roles or not roles.isdisjoint(place.roles)


def _side(links: Iterable[tuple[Place, SafeString]]) -> SafeString:
    """Under the headings of their groups; a group is headed by the first of its places that is shown."""
    begins, of_place = "", {}
    for place in PLACES:
        begins = place.begins or begins
        of_place[place.name] = begins
    items, last = [], ""
    for place, link in links:
        if of_place[place.name] != last:
            last = of_place[place.name]
            items.append(format_html('<li class="side-group">{}</li>', last))
        items.append(format_html("<li>{}</li>", link))
    return _joined(items)


def _link(place: Place, url: str, active: bool) -> SafeString:
    current = SafeString(' aria-current="page"' if active else "")
    return format_html('<a href="{}"{}>{}{}</a>', url, current, icon(place.icon), place.label)


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return SafeString("".join(parts))


def _address(name: str) -> str:
    try:
        return reverse(name, kwargs={"company": _ANY})
    except NoReverseMatch:
        return ""


def _lies_under(url_name: str, place: Place) -> bool:
    if url_name == place.name:
        return True
    return any(url_name == under or url_name.startswith((f"{under}_", f"{under}s")) for under in place.under)
