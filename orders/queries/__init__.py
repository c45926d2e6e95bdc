from orders.queries.carts import CartRow, CartView, SellerGroup, basket_of, cart_of, count_in_cart
from orders.queries.offers import Offer, PriceList, products_on_sale

__all__ = [
    "CartRow",
    "CartView",
    "Offer",
    "PriceList",
    "SellerGroup",
    "basket_of",
    "cart_of",
    "count_in_cart",
    "products_on_sale",
]
