"""The heart of a public page, for somebody who acts for a company: where it posts to, and whether the thing is kept."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from catalog.models import Product
from catalog.queries import keeps_product, keeps_seller
from catalog.queries.product_page import ProductPage
from identity.actors import Actor, Member
from identity.models import Company
from kernel.ids import public_id


def of_product(actor: Actor | None, page: ProductPage) -> dict[str, Any]:
    """Nothing for strangers, for the seller itself, and for what is not on sale. One statement for everybody else."""
    if not isinstance(actor, Member) or not page.on_sale or page.seller["slug"] == actor.company.slug:
        return {}
    heart = reverse("saved_product", args=[actor.company.slug, public_id(Product.PREFIX, page.uid)])
    return {"heart": heart, "heart_on": keeps_product(actor, page.uid)}


def of_seller(actor: Actor | None, seller: Company) -> dict[str, Any]:
    if not isinstance(actor, Member) or not seller.sells or seller.pk == actor.company_id:
        return {}
    heart = reverse("saved_seller", args=[actor.company.slug, seller.slug])
    return {"heart": heart, "heart_on": keeps_seller(actor, seller.pk)}
