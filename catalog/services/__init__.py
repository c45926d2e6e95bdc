from catalog.rules.drafts import PackDraft, ProductDraft, TierDraft
from catalog.services.categories import load_categories
from catalog.services.importing import receive_import
from catalog.services.products import (
    CategoryUnknown,
    ListingChanged,
    ListingEnded,
    ListingRefused,
    NotPublishable,
    SkuTaken,
    create_product,
    draft_of,
    edit_product,
    end,
    pause,
    publish,
)
from catalog.services.stock import CountRefused, OutOfStock, count_stock, release_stock, reserve_stock

__all__ = [
    "CategoryUnknown",
    "CountRefused",
    "ListingChanged",
    "ListingEnded",
    "ListingRefused",
    "NotPublishable",
    "OutOfStock",
    "PackDraft",
    "ProductDraft",
    "SkuTaken",
    "TierDraft",
    "count_stock",
    "create_product",
    "draft_of",
    "edit_product",
    "end",
    "load_categories",
    "pause",
    "publish",
    "receive_import",
    "release_stock",
    "reserve_stock",
]
