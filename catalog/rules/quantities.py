"""How much may be ordered: minimum, multiple, and the unit's step."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from django.utils.translation import gettext_lazy as _

from kernel.errors import Refused

#: the most that one line may order or one count may hold, in base units
MOST = Decimal(999_999_999)


class QuantityNotPositive(Refused):
    code = "quantity.not_positive"
    message = _("Order at least %(moq)s.")
    field = "quantity"


class QuantityTooLarge(Refused):
    code = "quantity.too_large"
    message = _("Order at most %(most)s.")
    field = "quantity"


class BelowMinimum(Refused):
    code = "quantity.below_minimum"
    message = _("The minimum order is %(moq)s.")
    field = "quantity"


class NotAMultiple(Refused):
    code = "quantity.not_a_multiple"
    message = _("Order in multiples of %(multiple)s, for example %(suggested)s.")
    field = "quantity"


class NotAStep(Refused):
    code = "quantity.not_a_step"
    message = _("This unit is ordered in steps of %(step)s.")
    field = "quantity"


def check_quantity(quantity: Decimal, *, moq: Decimal, multiple: Decimal, step: Decimal = Decimal(1)) -> None:
    """Raise the refusal that fits unless `quantity` (base units) may be ordered."""
    if not quantity.is_finite() or quantity <= 0:
        raise QuantityNotPositive(moq=plain(moq))
    if quantity > MOST:
        raise QuantityTooLarge(most=plain(MOST))
    if quantity % step:
        raise NotAStep(step=plain(step))
    if quantity < moq:
        raise BelowMinimum(moq=plain(moq))
    if quantity % multiple:
        raise NotAMultiple(
            multiple=plain(multiple), suggested=plain(nearest_allowed(quantity, moq=moq, multiple=multiple))
        )


def nearest_allowed(quantity: Decimal, *, moq: Decimal, multiple: Decimal) -> Decimal:
    """The smallest orderable quantity that is not less than `quantity`."""
    wanted = max(quantity, moq)
    return (wanted / multiple).to_integral_value(rounding=ROUND_CEILING) * multiple


def plain(number: Decimal) -> str:
    """A number as people write it: no exponent, no trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
