from catalog.queries.categories import Place, category_tree
from catalog.queries.finding import Facets, Found, FoundRow, search
from catalog.queries.memo import forget_all
from catalog.queries.prices import Quote, converted, price_for, tiers_for

__all__ = [
    "Facets",
    "Found",
    "FoundRow",
    "Place",
    "Quote",
    "category_tree",
    "converted",
    "forget_all",
    "price_for",
    "search",
    "tiers_for",
]
