"""The search of a workspace: one box for what the acting company deals with, and nothing of anybody else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from catalog.models import Product
from catalog.queries.own import own_listings_named
from disputes.models import Case
from disputes.queries import CaseLine, cases_named
from disputes.states import CaseState
from documents.models import Paper
from documents.queries import papers_named
from documents.states import printed_number
from financing.queries import Filters, Line, lines_by, lines_to
from financing.states import OfferState
from identity.acting import CompanyRequest, for_company
from identity.actors import Member
from identity.states import CompanyState, Role
from kernel.ids import public_id
from kernel.naming import is_chinese
from kernel.templatetags.look import format_amount
from orders.models import Order
from orders.queries import found_orders, partners_named

#: of a group shown
MOST = 6
LONGEST = 80


@dataclass(frozen=True)
class Hit:
    label: str
    url: str
    note: Any = ""
    #: what was typed is the whole of its number
    exact: bool = False
    mono: bool = False


@dataclass(frozen=True)
class Group:
    title: Any
    icon: str
    hits: Sequence[Hit]
    #: the whole list, where there is one for these words
    more: str = ""


@require_safe
@for_company
def find(request: CompanyRequest) -> HttpResponse:
    """What fits the words, by kind; straight to the thing where its whole number was typed.

    Five statements beside those of the session and the actor, and two for who deals with money.
    """
    words = " ".join(request.GET.get("q", "").replace("\0", "").split())[:LONGEST]
    groups = [group for group in _groups(request.actor, words) if group.hits] if len(words) > 1 else []
    exact = [hit for group in groups for hit in group.hits if hit.exact]
    if len(exact) == 1:
        return redirect(exact[0].url)
    context = {"words": words, "groups": groups, "elsewhere": list(_elsewhere(request.actor, words))}
    return render(request, "desk/find.html", context)


def _groups(actor: Member, words: str) -> Iterator[Group]:
    slug, typed = actor.company.slug, words.upper()
    orders = found_orders(actor, words, most=MOST + 1)
    more = reverse("orders", args=[slug]) + "?" + urlencode({"q": words})
    yield Group(
        _("Orders"),
        "clipboard-list",
        [_order(order, actor, typed) for order in orders[:MOST]],
        more if len(orders) > MOST else "",
    )
    yield Group(
        _("Papers"), "files", [_paper(paper, slug) for paper in papers_named(actor, words, most=MOST)]
    )
    cases = cases_named(actor, words, most=MOST + 1)
    more = reverse("cases", args=[slug]) + "?" + urlencode({"show": "all", "q": words})
    named = [case for case in cases if case.number.startswith(typed) or case.order.startswith(typed)]
    yield Group(
        _("Cases"),
        "scale",
        [_case(case, actor, typed) for case in cases[:MOST]],
        more if len(named) > MOST else "",
    )
    if actor.company.sells and actor.may(Role.SELLER):
        found = own_listings_named(actor, words, most=MOST + 1)
        more = reverse("listings", args=[slug]) + "?" + urlencode({"q": words})
        yield Group(
            _("Your listings"),
            "package",
            [_listing(product, slug, typed) for product in found[:MOST]],
            more if len(found) > MOST else "",
        )
    if actor.may(Role.FINANCE):
        yield _finance(actor, words, typed)
    partners = partners_named(actor, words, most=MOST)
    yield Group(_("Companies you deal with"), "building-2", [_partner(partner, slug) for partner in partners])


def _finance(actor: Member, words: str, typed: str) -> Group:
    """Offers that banks made to the company; for one that sells nothing the files of their bank, where it is one."""
    company, filters = actor.company, Filters(words=words)
    if company.sells:
        found, lists, one = lines_to(actor, filters, size=MOST), "finance", "finance_offer"
    else:
        found, lists, one = lines_by(actor, filters, size=MOST), "financing", "financing_file"
    hits = [_offer(line, reverse(one, args=[company.slug, line.public_id]), typed) for line in found.lines]
    if lists == "finance":
        # a reference leads its seller to the order itself
        hits = [replace(hit, exact=False) for hit in hits]
    more = reverse(lists, args=[company.slug]) + "?" + urlencode({"q": words}) if found.after else ""
    return Group(_("Invoice finance"), "landmark", hits, more)


def _offer(line: Line, url: str, typed: str) -> Hit:
    number = printed_number(line.paper_kind, line.paper_year, line.paper_number)
    party = (line.party_zh if is_chinese() else line.party_en) or line.party_en or line.party_zh
    state = OfferState(line.state).label
    return Hit(
        number,
        url,
        f"{party} · {line.reference} · {state} · {_with_code(line.net_proceeds, line.currency)}",
        exact=typed in (line.reference, line.reference.removeprefix("SH-")),
        mono=True,
    )


def _elsewhere(actor: Member, words: str) -> Iterator[tuple[Any, str, str]]:
    """Where else these words can be looked for: label, address, icon."""
    if words:
        yield _("Look among all goods on sale"), reverse("search") + "?" + urlencode({"q": words}), "search"
        talk = reverse("talk", args=[actor.company.slug]) + "?" + urlencode({"q": words})
        yield _("Look in your messages"), talk, "message-square"


def _order(order: Order, actor: Member, typed: str) -> Hit:
    party = order.buyer_party if order.seller_id == actor.company_id else order.seller_party
    numbers = " · ".join(filter(None, [party["legal_name"], order.po_number, order.get_state_display()]))
    return Hit(
        order.reference,
        reverse("order", args=[actor.company.slug, order.public_id]),
        f"{numbers} · {_with_code(order.total, order.currency)}",
        exact=typed in (order.reference, order.reference.removeprefix("SH-")),
        mono=True,
    )


def _case(case: CaseLine, actor: Member, typed: str) -> Hit:
    language = get_language() or "en"
    party = case.respondent if case.claimant_id == actor.company_id else case.claimant
    return Hit(
        case.number,
        reverse("case", args=[actor.company.slug, public_id(Case.PREFIX, case.uid)]),
        f"{party.name_in(language)} · {case.order} · {CaseState(case.state).label}",
        exact=typed in (case.number, case.number.removeprefix("MC-")),
        mono=True,
    )


def _paper(paper: Paper, slug: str) -> Hit:
    """A paper is found by its whole number, which two sellers may have used."""
    url = reverse("paper", args=[slug, paper.public_id])
    note = f"{paper.get_kind_display()} · {paper.company.name_in(get_language() or 'en')} · {paper.order.reference}"
    return Hit(paper.printed_number, url, note, exact=True, mono=True)


def _listing(product: Product, slug: str, typed: str) -> Hit:
    name = product.name_in(get_language() or "en")
    url = reverse("listing", args=[slug, product.public_id])
    note = f"{product.sku} · {product.get_state_display()}"
    return Hit(name or product.sku, url, note, exact=product.sku.upper() == typed)


def _partner(partner: Any, slug: str) -> Hit:
    """To the storefront of one who sells to us; to the orders of one who buys."""
    name = partner.name_in(get_language() or "en")
    if partner.sold_to_us and partner.sells and partner.state == CompanyState.ACTIVE:
        return Hit(name, reverse("storefront", args=[partner.slug]), partner.registration_number)
    side = "selling" if partner.bought_from_us else "buying"
    asked = urlencode({"side": side, "with": partner.slug})
    return Hit(name, f"{reverse('orders', args=[slug])}?{asked}", partner.registration_number)


def _with_code(amount: Decimal, currency: str) -> str:
    """As plain text, which the page escapes: `S$1,234.50 SGD`."""
    return f"{format_amount(amount, currency)} {currency}"
