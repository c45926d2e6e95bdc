"""Search for programs: the same search as the page, in plain values. Open to everybody, as the page is."""

from __future__ import annotations

from typing import Any

from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.models import Product
from catalog.queries import Found, FoundRow, category_tree, search
from catalog.rules.wanted import LONGEST_QUERY, Sort, is_position, read
from kernel.api import Asked, PlaceField
from kernel.ids import public_id
from kernel.money import CURRENCIES


class NumberField(serializers.DecimalField):
    """A unit price or a quantity: up to six decimals."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=19, decimal_places=6, **kwargs)


class SearchShape(Asked):
    q = serializers.CharField(max_length=LONGEST_QUERY, required=False, help_text="Words, codes, or Chinese")
    category = serializers.SlugField(max_length=60, required=False, help_text="A family or category, by code")
    seller = serializers.ListField(child=serializers.SlugField(max_length=60), required=False, max_length=20)
    origin = serializers.ListField(child=serializers.CharField(max_length=2), required=False, max_length=20)
    currency = serializers.ChoiceField(choices=CURRENCIES, default="SGD", help_text="Of prices and limits")
    min = NumberField(min_value=0, required=False, help_text="Lowest unit price")
    max = NumberField(min_value=0, required=False, help_text="Highest unit price")
    moq = NumberField(min_value=0, required=False, help_text="The minimum order is at most so many")
    in_stock = serializers.BooleanField(required=False)
    sort = serializers.ChoiceField(choices=Sort.choices, default=Sort.RELEVANCE)
    after = PlaceField(max_length=200)
    before = PlaceField(max_length=200, help_text="`previous` of the page after")
    size = serializers.IntegerField(min_value=1, max_value=100, default=25)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        for name in ("after", "before"):
            if attrs[name] and not is_position(attrs[name], attrs["sort"]):
                raise serializers.ValidationError({name: [PlaceField.default_error_messages["malformed"]]})
        return attrs


class FoundSellerShape(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name_en = serializers.CharField()
    name_zh = serializers.CharField()
    checked_on = serializers.DateField(
        allow_null=True, help_text="When the registration was checked, while that holds"
    )


class FoundShape(serializers.Serializer[Any]):
    id = serializers.CharField(help_text="Public id, `prd_…`")
    name_en = serializers.CharField()
    name_zh = serializers.CharField()
    category = serializers.CharField()
    seller = FoundSellerShape()
    price_from = NumberField(allow_null=True)
    price_to = NumberField(allow_null=True)
    converted = serializers.BooleanField(help_text="The seller set no price in this currency")
    moq = NumberField()
    unit = serializers.CharField(help_text="UN/ECE Recommendation 20")
    available = NumberField()
    lead_time_days = serializers.IntegerField()
    origin = serializers.CharField(help_text="ISO 3166-1 alpha-2")


class SearchPageShape(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    more = serializers.BooleanField(help_text="There are more than `total`: it is where counting ends")
    currency = serializers.ChoiceField(choices=CURRENCIES)
    results = FoundShape(many=True)
    previous = serializers.CharField(help_text="Give it as `before`; empty on the first page")
    next = serializers.CharField(help_text="Give it as `after`; empty on the last page")


class SearchView(APIView):
    permission_classes = (AllowAny,)

    @extend_schema(operation_id="search", parameters=[SearchShape], responses=SearchPageShape)
    def get(self, request: Request) -> Response:
        shape = SearchShape(data=request.query_params)
        shape.is_valid(raise_exception=True)
        size: int = shape.validated_data["size"]
        wanted = read(request.query_params, currency="SGD", many=request.query_params.getlist, size=size)
        return Response(_told(search(wanted)))


def _told(found: Found) -> dict[str, Any]:
    today = timezone.localdate()
    currency = found.wanted.currency
    return {
        "total": found.facets.total,
        "more": found.facets.bounded,
        "currency": currency,
        "results": [_row(row, currency, today) for row in found.rows],
        "previous": found.previous.encode() if found.previous else "",
        "next": found.next.encode() if found.next else "",
    }


def _row(row: FoundRow, currency: str, today: Any) -> dict[str, Any]:
    place = category_tree().by_pk.get(row.category_id)
    holds = row.check_expires_on is None or today <= row.check_expires_on
    return {
        "id": public_id(Product.PREFIX, row.uid),
        "name_en": row.name_en,
        "name_zh": row.name_zh,
        "category": place.code if place else "",
        "seller": {
            "slug": row.seller_slug,
            "name_en": row.seller_name_en,
            "name_zh": row.seller_name_zh,
            "checked_on": row.checked_on if holds else None,
        },
        "price_from": _plain(row.low),
        "price_to": _plain(row.high),
        "converted": currency not in row.priced_in,
        "moq": _plain(row.moq),
        "unit": row.unit,
        "available": _plain(row.available or 0),
        "lead_time_days": row.lead_time_days,
        "origin": row.origin,
    }


def _plain(number: Any) -> str | None:
    """Decimals travel as text, never as floats."""
    return None if number is None else f"{number:f}"


urlpatterns = [path("search/", SearchView.as_view(), name="api_search")]
