"""The shape of what the API of finance takes and gives."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from financing.states import OfferState, Recourse


class ListShape(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=OfferState.choices, allow_blank=True, default="")
    q = serializers.CharField(
        max_length=80,
        allow_blank=True,
        default="",
        help_text="An order’s reference, or the bank’s for the money",
    )
    side = serializers.ChoiceField(
        choices=[("seller", "made to us"), ("bank", "made by us")], default="seller"
    )
    after = serializers.CharField(
        max_length=60, allow_blank=True, default="", help_text="`next` of the page before"
    )
    size = serializers.IntegerField(min_value=1, max_value=100, default=25)


class AcceptShape(serializers.Serializer[Any]):
    net_seen = serializers.DecimalField(
        max_digits=19,
        decimal_places=4,
        allow_null=True,
        default=None,
        help_text="The net proceeds that you agree to; another amount is refused",
    )


class OfferShape(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    order = serializers.CharField(source="order.public_id")
    invoice = serializers.CharField(source="paper.printed_number")
    seller = serializers.CharField(source="company.legal_name")
    bank = serializers.CharField(source="bank.company.legal_name")
    simulated = serializers.BooleanField(source="bank.simulated")
    state = serializers.ChoiceField(choices=OfferState.choices)
    firm = serializers.BooleanField()
    currency = serializers.CharField()
    invoice_amount = serializers.DecimalField(max_digits=19, decimal_places=2)
    advance_percent = serializers.DecimalField(max_digits=6, decimal_places=3)
    advance_amount = serializers.DecimalField(max_digits=19, decimal_places=2)
    interest = serializers.DecimalField(max_digits=19, decimal_places=2)
    fee = serializers.DecimalField(max_digits=19, decimal_places=2)
    all_in_cost = serializers.DecimalField(max_digits=19, decimal_places=2)
    apr_percent = serializers.DecimalField(max_digits=9, decimal_places=3)
    net_proceeds = serializers.DecimalField(max_digits=19, decimal_places=2)
    recourse = serializers.ChoiceField(choices=Recourse.choices)
    repay_on = serializers.DateField()
    made_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    reserved_at = serializers.DateTimeField(allow_null=True)
    disbursed_at = serializers.DateTimeField(allow_null=True)
    repaid_at = serializers.DateTimeField(allow_null=True)
    close_code = serializers.CharField()


class OfferPageShape(serializers.Serializer[Any]):
    results = OfferShape(many=True)
    next = serializers.CharField(help_text="Give it as `after`; empty on the last page")


class AcceptedShape(serializers.Serializer[Any]):
    id = serializers.CharField()
    state = serializers.ChoiceField(choices=OfferState.choices)
    currency = serializers.CharField()
    net_proceeds = serializers.CharField()
