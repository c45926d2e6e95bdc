"""Orders and trading partners by what somebody types into the search of a workspace."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q

from identity.actors import CompanyActor
from identity.models import Company
from orders.models import Despatch, Order

#: shorter words would match half a year of references
SHORTEST = 3


def found_orders(actor: CompanyActor, words: str, *, most: int) -> list[Order]:
    """The company's orders by the beginning of their reference or purchase order number, or a tracking number.

    One statement; each part walks an index of what is looked for, and stops after `most`.
    """
    if len(words) < SHORTEST:
        return []
    mine, typed = Order.objects.visible_to(actor), words.upper()
    sent = Despatch.objects.filter(tracking_number__iexact=words).exclude(tracking_number="")
    parts = (
        mine.filter(Q(reference__startswith=typed) | Q(reference__startswith=f"SH-{typed}")),
        mine.filter(po_number__istartswith=words).exclude(po_number=""),
        mine.filter(pk__in=sent.values("order")),
    )
    keys = [part.order_by().values("pk")[:most] for part in parts]
    found = Order.objects.filter(pk__in=keys[0].union(*keys[1:], all=True))
    return list(found.defer("bill_to", "ship_to", "bank_instructions").order_by("-pk")[:most])


def partners_named(actor: CompanyActor, words: str, *, most: int) -> list[Any]:
    """Companies with whom there is an order, by part of a name or the registration number. One statement.

    Each carries `sold_to_us` and `bought_from_us`: on which side there were orders.
    """
    named = Q(legal_name__icontains=words) | Q(name_en__icontains=words) | Q(name_zh__icontains=words)
    sold_to_us = Order.objects.filter(buyer_id=actor.company_id, seller=OuterRef("pk"))
    bought_from_us = Order.objects.filter(seller_id=actor.company_id, buyer=OuterRef("pk"))
    found = (
        Company.objects.filter(named | Q(registration_number__iexact=words))
        .annotate(sold_to_us=Exists(sold_to_us), bought_from_us=Exists(bought_from_us))
        .filter(Q(sold_to_us=True) | Q(bought_from_us=True))
    )
    return list(found.order_by("legal_name", "pk")[:most])
