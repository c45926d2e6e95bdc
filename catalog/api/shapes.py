"""The shape of what the API of listings takes and gives. What is possible is for the verbs to say."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.forms.small import SORT_WORDS
from catalog.models import DataSheet, Image, ImportJob, Product, StockMovement
from catalog.queries.drafts import draft_of
from catalog.queries.imports import refusal_words
from catalog.queries.listings import is_place
from catalog.rules.completeness import MOST_PACKS, MOST_STANDARDS, MOST_TIERS, gaps_of
from catalog.rules.drafts import PackDraft, ProductDraft, TierDraft
from catalog.states import ImportState, MovementKind, ProductState, SheetKind, TextStatus
from kernel.api import Asked, PlaceField
from kernel.money import CURRENCIES


class Quantity(serializers.DecimalField):
    """Base units, up to six decimals."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_digits=18, decimal_places=6, normalize_output=True, **more)


class Price(serializers.DecimalField):
    """A unit price, up to six decimals."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_digits=19, decimal_places=6, normalize_output=True, **more)


class ListingProblemLineShape(serializers.Serializer[Any]):
    field = serializers.CharField(allow_null=True)
    code = serializers.CharField()
    message = serializers.CharField()


class ListingProblemShape(serializers.Serializer[Any]):
    """RFC 9457 problem details; `lines` names every field to mend."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    field = serializers.CharField(required=False)
    lines = ListingProblemLineShape(many=True, required=False)


# --- listings ------------------------------------------------------------------------------------------------------


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "boolean"}]})
class AttributeValue(serializers.Field):  # type: ignore[type-arg]
    """Text, a number written as text, the code of a choice, or true and false."""

    def to_internal_value(self, data: Any) -> str | bool:
        if isinstance(data, bool):
            return data
        if isinstance(data, str | int) and len(str(data)) <= 400 and "\0" not in str(data):
            return str(data)
        raise serializers.ValidationError("Give text, or true or false.", code="invalid")

    def to_representation(self, value: Any) -> Any:
        return value


class PackShape(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=3, help_text="UN/ECE Recommendation 21 with its X, e.g. `XCT`")
    contains = Quantity(help_text="Base units inside")
    length_mm = serializers.IntegerField(min_value=1, max_value=1_000_000)
    width_mm = serializers.IntegerField(min_value=1, max_value=1_000_000)
    height_mm = serializers.IntegerField(min_value=1, max_value=1_000_000)
    gross_kg = serializers.DecimalField(max_digits=12, decimal_places=4, normalize_output=True)


class TierShape(serializers.Serializer[Any]):
    currency = serializers.ChoiceField(choices=CURRENCIES)
    min_quantity = Quantity(help_text="From so many base units on")
    unit_price = Price()


class DraftShape(serializers.Serializer[Any]):
    """Everything a seller says of a product; a PUT says all of it anew."""

    sku = serializers.CharField(max_length=200)
    category = serializers.CharField(max_length=60, help_text="Code of a category inside a family")
    name_en = serializers.CharField(max_length=1000, allow_blank=True, default="")
    name_zh = serializers.CharField(max_length=1000, allow_blank=True, default="")
    description_en = serializers.CharField(max_length=20_000, allow_blank=True, default="")
    description_zh = serializers.CharField(max_length=20_000, allow_blank=True, default="")
    status_en = serializers.ChoiceField(choices=TextStatus.choices, allow_blank=True, default="")
    status_zh = serializers.ChoiceField(choices=TextStatus.choices, allow_blank=True, default="")
    unspsc = serializers.CharField(max_length=20, allow_blank=True, default="")
    hs6 = serializers.CharField(
        max_length=20, allow_blank=True, default="", help_text="Harmonized System 2022, 6 digits"
    )
    hs_sg8 = serializers.CharField(max_length=20, allow_blank=True, default="")
    hs_cn10 = serializers.CharField(max_length=20, allow_blank=True, default="")
    brand = serializers.CharField(max_length=200, allow_blank=True, default="")
    mpn = serializers.CharField(max_length=200, allow_blank=True, default="")
    gtin = serializers.CharField(max_length=20, allow_blank=True, default="")
    unit = serializers.CharField(max_length=3, default="H87", help_text="UN/ECE Recommendation 20")
    moq = Quantity(default=Decimal(1))
    multiple = Quantity(default=Decimal(1))
    net_kg = serializers.DecimalField(
        max_digits=14,
        decimal_places=6,
        allow_null=True,
        default=None,
        normalize_output=True,
        help_text="Net weight of one base unit in kilograms; null where it is not stated",
    )
    lead_time_days = serializers.IntegerField(min_value=0, max_value=10_000, default=0)
    origin = serializers.CharField(max_length=2, help_text="ISO 3166-1 alpha-2")
    cas = serializers.CharField(max_length=20, allow_blank=True, default="")
    un_number = serializers.CharField(max_length=10, allow_blank=True, default="")
    ghs = serializers.ListField(child=serializers.CharField(max_length=10), max_length=9, default=list)
    standards = serializers.ListField(
        child=serializers.CharField(max_length=200), max_length=MOST_STANDARDS, default=list
    )
    hsa_class = serializers.CharField(max_length=1, allow_blank=True, default="")
    attributes = serializers.DictField(child=AttributeValue(), default=dict)
    packs = PackShape(many=True, max_length=MOST_PACKS, default=list)
    tiers = TierShape(many=True, max_length=MOST_TIERS * len(CURRENCIES), default=list)

    def draft(self) -> ProductDraft:
        data = dict(self.validated_data)
        return ProductDraft(
            **{
                **data,
                "ghs": tuple(data["ghs"]),
                "standards": tuple(data["standards"]),
                "packs": tuple(PackDraft(**pack) for pack in data["packs"]),
                "tiers": tuple(TierDraft(**tier) for tier in data["tiers"]),
            }
        )


class NewListingShape(DraftShape):
    published = serializers.BooleanField(default=False, help_text="Show it to buyers at once")

    def draft(self) -> ProductDraft:
        self.validated_data.pop("published", None)
        return super().draft()


class EditedListingShape(DraftShape):
    version = serializers.IntegerField(
        min_value=1,
        max_value=2**31 - 1,
        required=False,
        help_text="The version you read; 409 when it has changed since",
    )

    def draft(self) -> ProductDraft:
        self.validated_data.pop("version", None)
        return super().draft()


class PictureShape(serializers.ModelSerializer[Image]):
    id = serializers.CharField(source="public_id", read_only=True)
    url = serializers.CharField(source="file.url", read_only=True)
    thumbnail = serializers.CharField(source="thumbnail.url", read_only=True)

    class Meta:
        model = Image
        fields = ("id", "url", "thumbnail", "width", "height")
        read_only_fields = fields


class SheetShape(serializers.ModelSerializer[DataSheet]):
    id = serializers.CharField(source="public_id", read_only=True)
    url = serializers.CharField(source="file.url", read_only=True)

    class Meta:
        model = DataSheet
        fields = ("id", "url", "kind", "title", "language", "expires_on")
        read_only_fields = fields


class ListingShape(serializers.Serializer[Any]):
    """A listing in a list."""

    id = serializers.CharField(source="public_id")
    sku = serializers.CharField()
    state = serializers.ChoiceField(choices=ProductState.choices)
    version = serializers.IntegerField()
    category = serializers.CharField(source="category.code")
    name_en = serializers.CharField()
    name_zh = serializers.CharField()
    unit = serializers.CharField()
    available = Quantity(help_text="What may be ordered, in base units")
    updated_at = serializers.DateTimeField()


class ListingPageShape(serializers.Serializer[Any]):
    results = ListingShape(many=True)
    next = serializers.CharField(allow_blank=True, help_text="`after` of the next page; empty on the last")
    previous = serializers.CharField(
        allow_blank=True, help_text="`before` of the page before; empty on the first"
    )


class WholeListingShape(DraftShape):
    """A listing as its seller keeps it."""

    id = serializers.CharField(source="public_id")
    state = serializers.ChoiceField(choices=ProductState.choices)
    version = serializers.IntegerField()
    available = Quantity()
    gaps = ListingProblemLineShape(many=True, help_text="What it lacks before it can be published")
    pictures = PictureShape(many=True)
    sheets = SheetShape(many=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    published_at = serializers.DateTimeField(allow_null=True)

    @classmethod
    def of(cls, product: Product) -> dict[str, Any]:
        draft = draft_of(product)
        attributes = product.category.attributes.all()
        own = {
            name: getattr(product, name)
            for name in ("public_id", "state", "version", "created_at", "updated_at", "published_at")
        }
        gaps = [
            {"field": gap.field, "code": gap.code, "message": str(gap)} for gap in gaps_of(draft, attributes)
        ]
        said = {name: getattr(draft, name) for name in ProductDraft.__dataclass_fields__}
        more = {"available": product.stock.available, "gaps": gaps}
        media = {"pictures": product.images.all(), "sheets": product.sheets.all()}
        return dict(cls({**said, **own, **more, **media}).data)


class ListingListShape(Asked):
    q = serializers.CharField(
        max_length=100, allow_blank=True, default="", help_text="SKU, name, number or GTIN"
    )
    state = serializers.ChoiceField(choices=ProductState.choices, allow_blank=True, default="")
    category = serializers.CharField(max_length=60, allow_blank=True, default="")
    stock = serializers.ChoiceField(
        choices=("none",), allow_blank=True, default="", help_text="`none`: sold out"
    )
    sort = serializers.ChoiceField(choices=sorted(SORT_WORDS), default="changed")
    after = PlaceField()
    before = PlaceField(help_text="`previous` of the page after")
    size = serializers.IntegerField(min_value=1, max_value=100, default=25)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        for name in ("after", "before"):
            if attrs[name] and not is_place(attrs[name], attrs["sort"]):
                raise serializers.ValidationError({name: [PlaceField.default_error_messages["malformed"]]})
        return attrs


# --- stock, pictures, data sheets ----------------------------------------------------------------------------------


class CountShape(serializers.Serializer[Any]):
    counted = Quantity(help_text="Base units free to sell; goods reserved for orders are not part of it")
    note = serializers.CharField(max_length=200, allow_blank=True, default="")


class MovementShape(serializers.ModelSerializer[StockMovement]):
    kind = serializers.ChoiceField(choices=MovementKind.choices)
    quantity = Quantity()

    class Meta:
        model = StockMovement
        fields = ("at", "kind", "quantity", "note")
        read_only_fields = fields


class StockShape(serializers.Serializer[Any]):
    available = Quantity()
    movements = MovementShape(many=True, help_text="The newest 50")


class PictureUploadShape(serializers.Serializer[Any]):
    file = serializers.FileField(help_text="JPEG, PNG or WebP")


class SheetUploadShape(serializers.Serializer[Any]):
    file = serializers.FileField(help_text="PDF")
    kind = serializers.ChoiceField(choices=SheetKind.choices)
    title = serializers.CharField(max_length=120)
    language = serializers.ChoiceField(choices=("en", "zh-hans"), default="en")
    expires_on = serializers.DateField(allow_null=True, default=None)


# --- imports -------------------------------------------------------------------------------------------------------


class ImportUploadShape(serializers.Serializer[Any]):
    file = serializers.FileField(allow_empty_file=True, help_text="CSV or XLSX")
    dry_run = serializers.BooleanField(default=False)


class ImportShape(serializers.ModelSerializer[ImportJob]):
    id = serializers.CharField(source="public_id", read_only=True)
    state = serializers.ChoiceField(choices=ImportState.choices, read_only=True)
    refusal_words = serializers.SerializerMethodField(help_text="Why the whole file could not be used")

    class Meta:
        model = ImportJob
        fields = (
            "id",
            "file_name",
            "dry_run",
            "state",
            "rows_total",
            "rows_done",
            "rows_created",
            "rows_changed",
            "rows_unchanged",
            "rows_refused",
            "refusal",
            "refusal_words",
            "created_at",
            "finished_at",
        )
        read_only_fields = fields

    def get_refusal_words(self, job: ImportJob) -> str:
        return refusal_words(job)


class ImportPageShape(serializers.Serializer[Any]):
    results = ImportShape(many=True)
    next = serializers.CharField(allow_blank=True)


class ImportListShape(Asked):
    after = PlaceField(max_length=40)


class RowProblemShape(serializers.Serializer[Any]):
    line = serializers.IntegerField(help_text="Line in the file, the header being 1")
    column = serializers.CharField(allow_blank=True)
    code = serializers.CharField()
    value = serializers.CharField(allow_blank=True)
    message = serializers.CharField()


class RowProblemPageShape(serializers.Serializer[Any]):
    results = RowProblemShape(many=True)
    next = serializers.CharField(allow_blank=True)
