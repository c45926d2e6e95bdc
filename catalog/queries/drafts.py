"""A stored listing as its seller would write it."""

from __future__ import annotations

import dataclasses

from catalog.models import Pack, Product, Tier
from catalog.rules.drafts import PackDraft, ProductDraft, TierDraft

#: fields that a draft and a product share, name for name
SHARED_FIELDS = [
    field.name
    for field in dataclasses.fields(ProductDraft)
    if field.name not in {"category", "attributes", "packs", "tiers", "ghs", "standards"}
]


def draft_of(product: Product) -> ProductDraft:
    """The listing as a draft: what an editor starts from, an export writes and an import compares with."""
    return ProductDraft(
        **{name: getattr(product, name) for name in SHARED_FIELDS},
        category=product.category.code,
        ghs=tuple(product.ghs),
        standards=tuple(product.standards),
        attributes=dict(sorted(product.attributes.items())),
        packs=tuple(_pack_draft(pack) for pack in product.packs.all()),
        tiers=tuple(_tier_draft(tier) for tier in product.tiers.all()),
    )


def _pack_draft(pack: Pack) -> PackDraft:
    return PackDraft(**{field.name: getattr(pack, field.name) for field in dataclasses.fields(PackDraft)})


def _tier_draft(tier: Tier) -> TierDraft:
    return TierDraft(**{field.name: getattr(tier, field.name) for field in dataclasses.fields(TierDraft)})
