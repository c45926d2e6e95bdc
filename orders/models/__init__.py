from orders.models.approvals import Approval, SpendingLimit
from orders.models.carts import Cart, CartLine
from orders.models.despatches import Despatch, DespatchLine, Receipt, ReceiptLine
from orders.models.figures import TradeFigures
from orders.models.orders import Order, OrderLine, OrderTax
from orders.models.payments import Payment

__all__ = [
    "Approval",
    "Cart",
    "CartLine",
    "Despatch",
    "DespatchLine",
    "Order",
    "OrderLine",
    "OrderTax",
    "Payment",
    "Receipt",
    "ReceiptLine",
    "SpendingLimit",
    "TradeFigures",
]
