from catalog.queries.drafts import draft_of
from catalog.rules.drafts import PackDraft, ProductDraft, TierDraft
from catalog.services.categories import load_categories
from catalog.services.importing import receive_import
from catalog.services.media import (
    SheetDetails,
    add_image,
    add_sheet,
    remove_image,
    remove_sheet,
    show_first,
)
from catalog.services.pictures import Encoder
from catalog.services.products import (
    CategoryUnknown,
    ListingChanged,
    ListingEnded,
    ListingRefused,
    NotPublishable,
    SkuTaken,
    create_product,
    edit_product,
    end,
    pause,
    publish,
)
from catalog.services.saving import (
    NameMissing,
    NameTaken,
    NothingToSave,
    TooManySaved,
    forget_search,
    keep_product,
    keep_seller,
    rename_search,
    save_search,
)
from catalog.services.stock import CountRefused, OutOfStock, count_stock, release_stock, reserve_stock

__all__ = [
    "CategoryUnknown",
    "CountRefused",
    "Encoder",
    "ListingChanged",
    "ListingEnded",
    "ListingRefused",
    "NameMissing",
    "NameTaken",
    "NotPublishable",
    "NothingToSave",
    "OutOfStock",
    "PackDraft",
    "ProductDraft",
    "SheetDetails",
    "SkuTaken",
    "TierDraft",
    "TooManySaved",
    "add_image",
    "add_sheet",
    "count_stock",
    "create_product",
    "draft_of",
    "edit_product",
    "end",
    "forget_search",
    "keep_product",
    "keep_seller",
    "load_categories",
    "pause",
    "publish",
    "receive_import",
    "release_stock",
    "remove_image",
    "remove_sheet",
    "rename_search",
    "reserve_stock",
    "save_search",
    "show_first",
]
