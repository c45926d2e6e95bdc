"""The shape of what the API takes and gives. What is possible is for the verbs to say."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from kernel.api import Asked, IdPlaceField
from kernel.money import CURRENCIES
from orders.models import Order
from orders.rules import MOST_LINES
from orders.states import OrderState, PaymentTerms
from tariffs.rules import incoterms


class QuantityField(serializers.DecimalField):
    """Base units of a product: up to six decimals."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=18, decimal_places=6, **kwargs)


class AmountField(serializers.DecimalField):
    """Money in the currency of the order."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=19, decimal_places=4, **kwargs)


class PriceField(serializers.DecimalField):
    """A unit price: up to six decimals."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=19, decimal_places=6, **kwargs)


# --- what is asked -------------------------------------------------------------------------------------------------


class WantedLineShape(serializers.Serializer[Any]):
    product = serializers.CharField(max_length=40, help_text="Public id, `prd_…`")
    quantity = QuantityField(help_text="Base units")
    price_seen = PriceField(
        required=False,
        allow_null=True,
        default=None,
        help_text="The unit price agreed to; another one at the door is refused",
    )


class OrderRequestShape(serializers.Serializer[Any]):
    seller = serializers.SlugField(
        max_length=60, help_text="The seller’s slug, as in its storefront’s address"
    )
    lines = WantedLineShape(many=True, allow_empty=False, max_length=MOST_LINES)
    currency = serializers.ChoiceField(choices=CURRENCIES)
    incoterm = serializers.ChoiceField(choices=sorted(incoterms.INCOTERMS), help_text="Incoterms 2020")
    place = serializers.CharField(max_length=80, help_text="The named place")
    bill_to = serializers.CharField(max_length=40, help_text="Public id, `adr_…`")
    ship_to = serializers.CharField(max_length=40, help_text="Public id, `adr_…`")
    payment_terms = serializers.ChoiceField(choices=PaymentTerms.choices, default=PaymentTerms.PREPAID)
    po_number = serializers.CharField(max_length=60, allow_blank=True, default="")
    requested_date = serializers.DateField(allow_null=True, default=None)
    note = serializers.CharField(max_length=1000, allow_blank=True, default="")
    total_seen = AmountField(
        required=False, allow_null=True, default=None, help_text="The total agreed to; another one is refused"
    )


class ReasonShape(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500)


class FreightShape(serializers.Serializer[Any]):
    amount = AmountField(help_text="In the currency of the order")


class AgreementShape(serializers.Serializer[Any]):
    freight_seen = AmountField(
        required=False,
        allow_null=True,
        default=None,
        help_text="The freight agreed to; another one is refused",
    )


class PaymentShape(serializers.Serializer[Any]):
    amount = AmountField(help_text="In the currency of the order")
    received_on = serializers.DateField()


class DespatchedLineShape(serializers.Serializer[Any]):
    line = serializers.IntegerField(min_value=1, max_value=MOST_LINES)
    quantity = QuantityField()


class DespatchShape(serializers.Serializer[Any]):
    carrier = serializers.CharField(max_length=80)
    tracking_number = serializers.CharField(max_length=80, allow_blank=True, default="")
    despatched_on = serializers.DateField()
    eta = serializers.DateField(allow_null=True, default=None)
    lines = DespatchedLineShape(many=True, allow_empty=False, max_length=MOST_LINES)


class ReceivedLineShape(serializers.Serializer[Any]):
    line = serializers.IntegerField(min_value=1, max_value=MOST_LINES)
    quantity = QuantityField()
    damaged = QuantityField(default=Decimal(0))


class ReceiptShape(serializers.Serializer[Any]):
    despatch = serializers.CharField(max_length=40, help_text="Public id, `dsp_…`")
    received_on = serializers.DateField()
    note = serializers.CharField(max_length=500, allow_blank=True, default="")
    lines = ReceivedLineShape(many=True, allow_empty=False, max_length=MOST_LINES)


class ListShape(Asked):
    side = serializers.ChoiceField(choices=("buying", "selling"), default="buying")
    state = serializers.ChoiceField(choices=OrderState.choices, allow_blank=True, default="")
    q = serializers.CharField(
        max_length=80, allow_blank=True, default="", help_text="Reference or purchase order number"
    )
    sort = serializers.ChoiceField(choices=("newest", "oldest", "due"), default="newest")
    after = IdPlaceField(Order.PREFIX)
    size = serializers.IntegerField(min_value=1, max_value=100, default=25)


class CartQuantityShape(serializers.Serializer[Any]):
    quantity = QuantityField()


class CartCurrencyShape(serializers.Serializer[Any]):
    currency = serializers.ChoiceField(choices=CURRENCIES)


# --- what is answered ----------------------------------------------------------------------------------------------


class ProblemLineShape(serializers.Serializer[Any]):
    line = serializers.IntegerField()
    code = serializers.CharField()
    message = serializers.CharField()


class ProblemShape(serializers.Serializer[Any]):
    """RFC 9457 problem details."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    lines = ProblemLineShape(many=True, required=False)


class PlacedShape(serializers.Serializer[Any]):
    id = serializers.CharField()
    reference = serializers.CharField()
    state = serializers.CharField()
    currency = serializers.CharField()
    lines_total = AmountField()
    tax_total = AmountField()
    total = AmountField()
    respond_by = serializers.DateTimeField()


class OrderShape(serializers.Serializer[Any]):
    """An order in a list."""

    id = serializers.CharField(source="public_id")
    reference = serializers.CharField()
    state = serializers.ChoiceField(choices=OrderState.choices)
    buyer = serializers.CharField(source="buyer_party.legal_name")
    seller = serializers.CharField(source="seller_party.legal_name")
    currency = serializers.CharField()
    lines_total = AmountField()
    freight = AmountField(allow_null=True)
    tax_total = AmountField()
    total = AmountField()
    amount_paid = AmountField()
    po_number = serializers.CharField()
    placed_at = serializers.DateTimeField()
    respond_by = serializers.DateTimeField()


class OrderPageShape(serializers.Serializer[Any]):
    results = OrderShape(many=True)
    next = serializers.CharField(help_text="Give it as `after`; empty on the last page")


class OrderLineShape(serializers.Serializer[Any]):
    line = serializers.IntegerField(source="number")
    product = serializers.CharField(source="product.public_id")
    sku = serializers.CharField()
    name_en = serializers.CharField()
    name_zh = serializers.CharField()
    hs6 = serializers.CharField()
    hs_sg8 = serializers.CharField()
    hs_cn10 = serializers.CharField()
    origin = serializers.CharField()
    unit = serializers.CharField()
    packs = serializers.JSONField()
    net_kg = serializers.DecimalField(
        max_digits=14, decimal_places=6, allow_null=True, normalize_output=True, help_text="Of one base unit"
    )
    quantity = QuantityField()
    tier_min_quantity = QuantityField()
    unit_price = PriceField()
    conversion = serializers.JSONField()
    line_total = AmountField()
    despatched = QuantityField()
    received = QuantityField()


class TaxShape(serializers.Serializer[Any]):
    code = serializers.CharField()
    category = serializers.CharField()
    percent = serializers.DecimalField(max_digits=6, decimal_places=3)
    base = AmountField()
    amount = AmountField()
    source = serializers.CharField()


class PaymentLineShape(serializers.Serializer[Any]):
    amount = AmountField()
    received_on = serializers.DateField()


class ShippedLineShape(serializers.Serializer[Any]):
    line = serializers.IntegerField()
    sent = QuantityField()
    arrived = QuantityField()
    damaged = QuantityField()


class DespatchedShape(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    number = serializers.IntegerField()
    carrier = serializers.CharField()
    tracking_number = serializers.CharField()
    despatched_on = serializers.DateField()
    eta = serializers.DateField(allow_null=True)
    lines = ShippedLineShape(source="contents", many=True)


class WholeOrderShape(OrderShape):
    incoterm = serializers.CharField()
    incoterm_place = serializers.CharField()
    payment_terms = serializers.CharField()
    requested_date = serializers.DateField(allow_null=True)
    note = serializers.CharField()
    close_reason = serializers.CharField()
    confirmed_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    paid_at = serializers.DateTimeField(allow_null=True)
    bill_to = serializers.JSONField()
    ship_to = serializers.JSONField()
    buyer_party = serializers.JSONField()
    seller_party = serializers.JSONField()
    bank_instructions = serializers.JSONField()
    lines = OrderLineShape(source="line_rows", many=True)
    taxes = TaxShape(source="tax_lines", many=True)
    payments = PaymentLineShape(source="payment_lines", many=True)
    despatches = DespatchedShape(source="despatch_rows", many=True)
    acts = serializers.ListField(child=serializers.CharField(), help_text="What this token may do to it now")


class MadeShape(serializers.Serializer[Any]):
    """What an act has made: a payment, a despatch, a receipt."""

    id = serializers.CharField()
    order_state = serializers.ChoiceField(choices=OrderState.choices)


class WarningShape(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField(source="words")


class CartRowShape(serializers.Serializer[Any]):
    product = serializers.CharField(source="offer.product.public_id")
    sku = serializers.CharField(source="offer.product.sku")
    quantity = QuantityField(source="offer.quantity")
    unit_price = PriceField(source="offer.quote.unit_price", allow_null=True, default=None)
    total = AmountField(source="offer.total", allow_null=True)
    problems = WarningShape(source="offer.problems", many=True)


class CartGroupShape(serializers.Serializer[Any]):
    seller = serializers.CharField(source="seller.slug")
    total = AmountField()
    ready = serializers.BooleanField()
    lines = CartRowShape(source="rows", many=True)


class CartShape(serializers.Serializer[Any]):
    currency = serializers.CharField()
    sellers = CartGroupShape(source="groups", many=True)


class AgainShape(serializers.Serializer[Any]):
    added = serializers.ListField(child=serializers.CharField(), help_text="SKUs now in the cart")
    missing = serializers.ListField(child=serializers.CharField(), help_text="SKUs no longer on sale")
