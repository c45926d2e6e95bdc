"""What buyers have kept to come back to: goods, sellers, and searches as `name=query`."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.utils import timezone

from catalog.models import Favourite, Product, SavedSearch
from catalog.services import keep_product, keep_seller, save_search
from identity.actors import Member
from sme_hub.demo.files import DATA, rows_of
from sme_hub.demo.loading.moments import days_before


def keep_for_later(buyers: Mapping[str, Member]) -> int:
    """What saved.csv says, for those of `buyers` who have kept nothing. Returns for how many."""
    now, kept = timezone.now(), 0
    for row in rows_of(DATA / "saved.csv"):
        buyer = buyers.get(row["company"])
        if buyer is None or _has_kept(buyer):
            continue
        at = days_before(now, float(row["days_ago"]), row["company"])
        with transaction.atomic():
            for place in row["products"].split("|"):
                seller, _, sku = place.partition(":")
                product = Product.objects.on_sale().get(company__slug=seller, sku=sku)
                keep_product(actor=buyer, product=product.public_id, kept=True, now=at)
            for seller in row["sellers"].split("|"):
                keep_seller(actor=buyer, seller=seller, kept=True, now=at)
            for search in row["searches"].split("|"):
                name, _, asked = search.partition("=")
                save_search(actor=buyer, name=name, query=urlencode(parse_qsl(asked)), now=at)
        kept += 1
    return kept


def _has_kept(buyer: Member) -> bool:
    return any(model.objects.visible_to(buyer).exists() for model in (Favourite, SavedSearch))
