from orders.queries.brief import OrderInBrief, order_in_brief
from orders.queries.carts import CartRow, CartView, SellerGroup, basket_of, cart_of, count_in_cart
from orders.queries.deals import despatches_of, lines_of, order_of
from orders.queries.lists import COUNTED_TO, Filters, Page, counts_by_state, exported, page_of
from orders.queries.offers import Offer, PriceList, by_public_id, products_on_sale
from orders.queries.waiting import NewestOrders, OrdersWaiting, Waiting, newest_orders, orders_waiting

__all__ = [
    "COUNTED_TO",
    "CartRow",
    "CartView",
    "Filters",
    "NewestOrders",
    "Offer",
    "OrderInBrief",
    "OrdersWaiting",
    "Page",
    "PriceList",
    "SellerGroup",
    "Waiting",
    "basket_of",
    "by_public_id",
    "cart_of",
    "count_in_cart",
    "counts_by_state",
    "despatches_of",
    "exported",
    "lines_of",
    "newest_orders",
    "order_in_brief",
    "order_of",
    "orders_waiting",
    "page_of",
    "products_on_sale",
]
