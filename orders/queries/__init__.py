from orders.queries.approvals import (
    ApprovalPage,
    Excess,
    approval_behind,
    approval_in_brief,
    approval_of,
    approvals_exported,
    approvals_of,
    approvals_to_give,
    earlier_orders,
    excess_of,
    limit_of,
    lines_seen,
)
from orders.queries.at_home import moving, owed_first
from orders.queries.brief import OrderInBrief, order_in_brief
from orders.queries.carts import CartRow, CartView, SellerGroup, basket_of, cart_of, count_in_cart
from orders.queries.deals import despatches_of, lines_of, order_of
from orders.queries.figures import MarketFigures, Owed, Side, YearFigures, year_of, year_of_the_marketplace
from orders.queries.finding import found_orders, partners_named
from orders.queries.lists import COUNTED_TO, Filters, Page, counts_by_state, exported, lines_exported, page_of
from orders.queries.offers import Offer, PriceList, by_public_id, products_on_sale
from orders.queries.waiting import OrdersWaiting, Waiting, newest_orders, orders_waiting

__all__ = [
    "COUNTED_TO",
    "ApprovalPage",
    "CartRow",
    "CartView",
    "Excess",
    "Filters",
    "MarketFigures",
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
    "approval_behind",
    "approval_in_brief",
    "approval_of",
    "approvals_exported",
    "approvals_of",
    "approvals_to_give",
    "basket_of",
    "by_public_id",
    "cart_of",
    "count_in_cart",
    "counts_by_state",
    "despatches_of",
    "earlier_orders",
    "excess_of",
    "exported",
    "found_orders",
    "limit_of",
    "lines_exported",
    "lines_of",
    "lines_seen",
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
