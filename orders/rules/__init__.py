from orders.rules.lines import (
    MOST_LINES,
    MOST_UNITS,
    Problem,
    plain,
    price_problem,
    quantity_problem,
    stock_problem,
)
from orders.rules.references import new_reference
from orders.rules.roles import Act, acts_open_to
from orders.rules.steps import RESPONSE_TIME, Step, next_step, payment_due_on
from orders.rules.totals import Totals, sum_up

__all__ = [
    "MOST_LINES",
    "MOST_UNITS",
    "RESPONSE_TIME",
    "Act",
    "Problem",
    "Step",
    "Totals",
    "acts_open_to",
    "new_reference",
    "next_step",
    "payment_due_on",
    "plain",
    "price_problem",
    "quantity_problem",
    "stock_problem",
    "sum_up",
]
