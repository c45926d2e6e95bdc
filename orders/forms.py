"""The shape of what people send about carts and orders. What is possible is for the verbs to say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from identity.models import Address
from kernel.money import CURRENCIES
from orders.models import Order, OrderLine
from orders.queries import Filters
from orders.queries.lists import SIDES, SORTS, WAITS
from orders.rules import MOST_LINES
from orders.services import MOST_DAYS, DespatchedLine, OrderRequest, ReceivedLine, WantedLine
from orders.states import OrderState, PaymentTerms
from tariffs.rules import incoterms

QUANTITY = {"max_digits": 18, "decimal_places": 6}
AMOUNT = {"max_digits": 19, "decimal_places": 2}

#: named places that the two cities use most; any other may be typed
PLACES = (
    "Singapore",
    "Port of Singapore (SGSIN)",
    "Changi Airport (SIN)",
    "Shenzhen",
    "Yantian, Shenzhen (CNYTN)",
    "Shekou, Shenzhen (CNSHK)",
    "Shenzhen Bao’an Airport (SZX)",
    "Qianhai, Shenzhen",
    "Hong Kong",
)


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


# --- cart ----------------------------------------------------------------------------------------------------------


class LineForm(forms.Form):
    """One product and how much of it."""

    product = forms.CharField(max_length=40)
    quantity = forms.DecimalField(**QUANTITY)  # type: ignore[arg-type]


class CurrencyForm(forms.Form):
    currency = forms.ChoiceField(choices=[(code, code) for code in CURRENCIES])


# --- checkout ------------------------------------------------------------------------------------------------------


class CheckoutForm(forms.Form):
    """Everything of an order but its lines, which stand in hidden fields as the buyer saw them."""

    bill_to = forms.ChoiceField(label=_("Bill to"))
    ship_to = forms.ChoiceField(label=_("Ship to"))
    incoterm = forms.ChoiceField(label=_("Delivery term (Incoterms 2020)"), initial="FCA")
    place = forms.CharField(
        label=_("Named place"),
        max_length=80,
        initial="Singapore",
        help_text=_("Port, airport or address that the delivery term refers to."),
        widget=forms.TextInput(attrs={"list": "places", "autocomplete": "off"}),
    )
    payment_terms = forms.ChoiceField(label=_("Payment terms"), choices=PaymentTerms.choices)
    po_number = forms.CharField(
        label=_("Your purchase order number"),
        max_length=60,
        required=False,
        help_text=_("Stands on all papers of this order."),
    )
    requested_date = forms.DateField(label=_("Requested date"), required=False, widget=DateInput())
    note = forms.CharField(
        label=_("Note to the seller"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    key = forms.CharField(max_length=200, widget=forms.HiddenInput)
    currency = forms.ChoiceField(choices=[(code, code) for code in CURRENCIES], widget=forms.HiddenInput)
    total_seen = forms.DecimalField(widget=forms.HiddenInput, **AMOUNT)  # type: ignore[arg-type]

    def __init__(self, *args: Any, addresses: Iterable[Address], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = list(addresses)
        self._choose("bill_to", [address for address in known if address.for_billing])
        self._choose("ship_to", [address for address in known if address.for_shipping])
        term: Any = self.fields["incoterm"]
        term.choices = [(code, f"{code} · {words}") for code, words in incoterms.CHOICES]
        self.fields["requested_date"].widget.attrs["min"] = timezone.localdate().isoformat()

    def _choose(self, name: str, addresses: list[Address]) -> None:
        field: Any = self.fields[name]
        field.choices = [(address.public_id, str(address)) for address in addresses]
        self.initial.setdefault(name, addresses[0].public_id if addresses else "")

    def agree_on(self, *, currency: str, total: Decimal, key: str) -> None:
        """What the buyer is shown now, and sends along unseen."""
        self.initial.update({"currency": currency, "total_seen": f"{total:.2f}", "key": key})

    def take_errors_of(self, sent: CheckoutForm) -> None:
        """Show what was wrong with the form that was sent, in this one, whose prices and key are fresh."""
        self._errors = sent.errors  # type: ignore[attr-defined]  # where Django keeps them

    def request(self, *, seller: str, lines: tuple[WantedLine, ...]) -> OrderRequest:
        terms = {name: value for name, value in self.cleaned_data.items() if name != "key"}
        return OrderRequest(seller=seller, lines=lines, from_cart=True, **terms)


class LinesMissing(ValueError):
    """The hidden lines of a checkout form are not what this page writes."""


def wanted_lines(data: MultiValueDict[str, str]) -> tuple[WantedLine, ...]:
    """The lines as the buyer saw them, from three equally long lists of hidden fields. Raises `LinesMissing`."""
    columns = [data.getlist(name) for name in ("product", "quantity", "price")]
    if len({len(column) for column in columns}) != 1 or len(columns[0]) > MOST_LINES:
        raise LinesMissing
    try:
        return tuple(
            WantedLine(product=product[:40], quantity=Decimal(quantity[:30]), price_seen=_price(price))
            for product, quantity, price in zip(*columns, strict=True)
        )
    except InvalidOperation as error:
        raise LinesMissing from error


def _price(text: str) -> Decimal | None:
    return Decimal(text[:30]) if text else None


class LimitForm(forms.Form):
    """What a buyer orders alone."""

    amount = forms.DecimalField(
        label=_("Orders over this amount need an approver"),
        required=False,
        min_value=0,
        help_text=_("Tax included, without freight. Left empty, nobody is asked."),
        **AMOUNT,  # type: ignore[arg-type]
    )
    currency = forms.ChoiceField(
        label=_("Currency"),
        choices=[(code, code) for code in CURRENCIES],
        help_text=_("Orders in other currencies are converted at the stored rate of the day."),
    )
    days = forms.IntegerField(
        label=_("Days for approvers to decide"),
        min_value=1,
        max_value=MOST_DAYS,
        help_text=_("Then the request expires and nothing is ordered."),
    )


# --- acts on an order ----------------------------------------------------------------------------------------------


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500)


class FreightForm(forms.Form):
    amount = forms.DecimalField(label=_("Freight"), min_value=0, **AMOUNT)  # type: ignore[arg-type]


class AgreementForm(forms.Form):
    freight_seen = forms.DecimalField(**AMOUNT)  # type: ignore[arg-type]


class KeyedForm(forms.Form):
    """A form that acts once, however often it is sent."""

    key = forms.CharField(max_length=200, widget=forms.HiddenInput)

    def values(self) -> dict[str, Any]:
        """What the verb is given."""
        return dict(self.cleaned_data)


class PaymentForm(KeyedForm):
    amount = forms.DecimalField(label=_("Amount received"), **AMOUNT)  # type: ignore[arg-type]
    received_on = forms.DateField(label=_("Received on"), widget=DateInput())


class JourneyForm(KeyedForm):
    """A shipment; the quantities stand in fields `line-1`, `line-2`, … named after the order's lines."""

    carrier = forms.CharField(label=_("Carrier"), max_length=80)
    tracking_number = forms.CharField(label=_("Tracking number"), max_length=80, required=False)
    despatched_on = forms.DateField(label=_("Shipped on"), widget=DateInput())
    eta = forms.DateField(label=_("Expected to arrive"), required=False, widget=DateInput())

    def __init__(self, *args: Any, lines: Iterable[OrderLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_lines = [line for line in lines if line.despatched < line.quantity]
        for line in self.order_lines:
            left = line.quantity - line.despatched
            self.fields[f"line-{line.number}"] = _quantity_field(_("Quantity shipped"), left)

    def rows(self) -> list[tuple[OrderLine, forms.BoundField]]:
        return [(line, self[f"line-{line.number}"]) for line in self.order_lines]

    def values(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        lines = [
            DespatchedLine(line=line.number, quantity=data.pop(f"line-{line.number}") or Decimal(0))
            for line in self.order_lines
        ]
        return data | {"lines": [line for line in lines if line.quantity]}


class CountForm(KeyedForm):
    """What arrived of a shipment: `line-1` and `damaged-1`, … named after the order's lines."""

    received_on = forms.DateField(label=_("Arrived on"), widget=DateInput())
    note = forms.CharField(
        label=_("Remarks"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self, *args: Any, contents: list[dict[str, Any]], lines: Mapping[int, OrderLine], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.open_lines = []
        for row in contents:
            left = row["sent"] - row["arrived"]
            if left > 0:
                self.open_lines.append((lines[row["line"]], left))
                self.fields[f"line-{row['line']}"] = _quantity_field(_("Arrived"), left)
                self.fields[f"damaged-{row['line']}"] = _quantity_field(_("Of these damaged"), Decimal(0))

    def rows(self) -> list[tuple[OrderLine, Decimal, forms.BoundField, forms.BoundField]]:
        return [
            (line, left, self[f"line-{line.number}"], self[f"damaged-{line.number}"])
            for line, left in self.open_lines
        ]

    def values(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        lines = []
        for line, _left in self.open_lines:
            quantity = data.pop(f"line-{line.number}") or Decimal(0)
            damaged = data.pop(f"damaged-{line.number}") or Decimal(0)
            if quantity or damaged:
                lines.append(ReceivedLine(line=line.number, quantity=quantity, damaged=damaged))
        return data | {"lines": lines}


def _quantity_field(label: Any, initial: Decimal) -> forms.DecimalField:
    plain = f"{initial.normalize():f}"
    field = forms.DecimalField(label=label, required=False, min_value=0, initial=plain, **QUANTITY)  # type: ignore[arg-type]
    field.widget.attrs |= {"inputmode": "decimal", "step": "any"}
    return field


# --- lists ---------------------------------------------------------------------------------------------------------


class FilterForm(forms.Form):
    """The filters of the list of orders, as they stand in the address; what is unknown counts as not given."""

    side = forms.ChoiceField(choices=[(side, side) for side in SIDES], required=False)
    state = forms.ChoiceField(choices=OrderState.choices, required=False)
    waits = forms.ChoiceField(choices=[(code, code) for code in WAITS], required=False)
    q = forms.CharField(max_length=80, required=False)
    sort = forms.ChoiceField(choices=[(sort, sort) for sort in SORTS], required=False)
    after = forms.CharField(max_length=40, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["with"] = forms.SlugField(max_length=60, required=False)

    def filters(self, *, otherwise: str) -> Filters:
        self.is_valid()
        given = self.cleaned_data
        side, waits = given.get("side") or otherwise, given.get("waits", "")
        return Filters(
            side=side,
            waits=waits if waits and WAITS[waits].side == side else "",
            state=given.get("state", ""),
            words=given.get("q", ""),
            sort=given.get("sort") or "newest",
            party=given.get("with", ""),
        )

    def cursor(self) -> str:
        return str(self.cleaned_data.get("after", ""))


def initial_payment(order: Order) -> dict[str, Any]:
    return {"amount": f"{order.outstanding:.2f}", "received_on": timezone.localdate()}
