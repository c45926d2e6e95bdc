from orders.queries.at_home import moving, owed_first
from orders.queries.brief import OrderInBrief, order_in_brief
from orders.queries.carts import CartRow, CartView, SellerGroup, basket_of, cart_of, count_in_cart
from orders.queries.deals import despatches_of, lines_of, order_of
from orders.queries.figures import MarketFigures, Owed, Side, YearFigures, year_of, year_of_the_marketplace
from orders.queries.finding import found_orders, partners_named
from orders.queries.lists import COUNTED_TO, Filters, Page, counts_by_state, exported, lines_exported, page_of
from orders.queries.offers import Offer, PriceList, by_public_id, products_on_sale
from orders.queries.waiting import NewestOrders, OrdersWaiting, Waiting, newest_orders, orders_waiting

__all__ = [
    "COUNTED_TO",
    "CartRow",
    "CartView",
    "Filters",
    "MarketFigures",
    "NewestOrders",
    "Offer",
    "OrderInBrief",
    "OrdersWaiting",
    "Owed",
    "Page",
    "PriceList",
    "SellerGroup",
    "Side",
    "Waiting",
    "YearFigures",
    "basket_of",
    "by_public_id",
    "cart_of",
    "count_in_cart",
    "counts_by_state",
    "despatches_of",
    "exported",
    "found_orders",
    "lines_exported",
    "lines_of",
    "moving",
    "newest_orders",
    "order_in_brief",
    "order_of",
    "orders_waiting",
    "owed_first",
    "page_of",
    "partners_named",
    "products_on_sale",
    "year_of",
    "year_of_the_marketplace",
]
