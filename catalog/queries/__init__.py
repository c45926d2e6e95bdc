from catalog.queries.at_home import LastImport, ListingFigures, listing_figures
from catalog.queries.categories import Place, category_tree
from catalog.queries.finding import Facets, Found, FoundRow, search
from catalog.queries.home import HomeFigures, home_figures, new_products
from catalog.queries.memo import forget_all
from catalog.queries.prices import Quote, converted, price_for, tiers_for
from catalog.queries.product_page import ProductPage, product_page
from catalog.queries.saved import keeps_product, keeps_seller

__all__ = [
    "Facets",
    "Found",
    "FoundRow",
    "HomeFigures",
    "LastImport",
    "ListingFigures",
    "Place",
    "ProductPage",
    "Quote",
    "category_tree",
    "converted",
    "forget_all",
    "home_figures",
    "keeps_product",
    "keeps_seller",
    "listing_figures",
    "new_products",
    "price_for",
    "product_page",
    "search",
    "tiers_for",
]
