from orders.queries.carts import CartRow, CartView, SellerGroup, basket_of, cart_of, count_in_cart
from orders.queries.deals import despatches_of, lines_of, order_of
from orders.queries.lists import COUNTED_TO, Filters, Page, counts_by_state, exported, page_of
from orders.queries.offers import Offer, PriceList, products_on_sale

__all__ = [
    "COUNTED_TO",
    "CartRow",
    "CartView",
    "Filters",
    "Offer",
    "Page",
    "PriceList",
    "SellerGroup",
    "basket_of",
    "cart_of",
    "count_in_cart",
    "counts_by_state",
    "despatches_of",
    "exported",
    "lines_of",
    "order_of",
    "page_of",
    "products_on_sale",
]
