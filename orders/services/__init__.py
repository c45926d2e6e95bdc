"""The verbs of orders. `order` is always a public id (`ord_…`): fetching is authorising."""

from orders.services.answering import (
    accept_order,
    agree_freight,
    cancel_order,
    lapse_order,
    offer_freight,
    refuse_order,
)
from orders.services.approving import (
    BackInCart,
    ask_approval,
    ask_once,
    changes_since,
    decline_approval,
    give_approval,
    lapse_approval,
    put_back,
    withdraw_approval,
)
from orders.services.carting import (
    Basket,
    CartFull,
    NotAQuantity,
    choose_currency,
    merge_basket,
    put_in_cart,
    remove_from_cart,
    set_quantity,
)
from orders.services.counting import count_figures
from orders.services.despatching import despatch, despatch_once, receive, receive_once
from orders.services.holding import hold_payment, release_hold
from orders.services.limiting import MOST_DAYS, ApprovalNeeded, set_spending_limit
from orders.services.pasting import put_in_by_sku
from orders.services.paying import record_payment, record_payment_once
from orders.services.placing import place_once, place_order
from orders.services.repeating import Again, order_again
from orders.services.requests import DespatchedLine, OrderRequest, ReceivedLine, WantedLine

__all__ = [
    "MOST_DAYS",
    "Again",
    "ApprovalNeeded",
    "BackInCart",
    "Basket",
    "CartFull",
    "DespatchedLine",
    "NotAQuantity",
    "OrderRequest",
    "ReceivedLine",
    "WantedLine",
    "accept_order",
    "agree_freight",
    "ask_approval",
    "ask_once",
    "cancel_order",
    "count_figures",
    "changes_since",
    "choose_currency",
    "decline_approval",
    "despatch",
    "despatch_once",
    "give_approval",
    "hold_payment",
    "lapse_approval",
    "lapse_order",
    "merge_basket",
    "offer_freight",
    "order_again",
    "place_once",
    "put_back",
    "put_in_by_sku",
    "place_order",
    "put_in_cart",
    "receive",
    "receive_once",
    "record_payment",
    "record_payment_once",
    "refuse_order",
    "release_hold",
    "remove_from_cart",
    "set_spending_limit",
    "set_quantity",
    "withdraw_approval",
]
