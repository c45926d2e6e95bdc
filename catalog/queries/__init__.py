from catalog.queries.categories import Place, category_tree
from catalog.queries.finding import Facets, Found, FoundRow, search
from catalog.queries.memo import forget_all
from catalog.queries.prices import Quote, converted, price_for, tiers_for
from catalog.queries.product_page import ProductPage, product_page

__all__ = [
    "Facets",
    "Found",
    "FoundRow",
    "Place",
    "ProductPage",
    "Quote",
    "category_tree",
    "converted",
    "forget_all",
    "price_for",
    "product_page",
    "search",
    "tiers_for",
]
