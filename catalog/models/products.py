"""Products as their seller keeps them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models.categories import Category
from catalog.states import ProductState, TextStatus
from identity.models import Company
from identity.states import CompanyState
from kernel.models import PublicQuerySet, PublicRow
from kernel.naming import local

if TYPE_CHECKING:
    from identity.actors import Actor


class ProductQuerySet(PublicQuerySet):
    def of_actor(self, actor: Actor) -> ProductQuerySet:
        """Products of the acting company: what its seller's workspace shows."""
        return self.filter(company_id=actor.company_id) if actor.company_id else self.none()

    def on_sale(self) -> ProductQuerySet:
        """What anybody may see and order: published, by a seller who is not suspended."""
        return self.filter(state=ProductState.PUBLISHED, company__state=CompanyState.ACTIVE)

    def locked(self) -> ProductQuerySet:
        """Locked for a change, and still to be named by rows of others.

        An order that has locked the stock names its products when it commits (deferred keys): it must not wait for an
        edit that waits for the stock.
        """
        return self.select_for_update(of=("self",), no_key=True)


class Product(PublicRow):
    """One SKU of one seller, in both languages."""

    PREFIX = "prd"

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    sku = models.CharField(_("SKU"), max_length=60)
    category = models.ForeignKey(Category, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ProductState, default=ProductState.DRAFT)
    #: grows with every change; an edit names the one it saw
    version = models.PositiveIntegerField(default=1)

    name_en = models.CharField(_("name, English"), max_length=160, blank=True)
    name_zh = models.CharField(_("name, Chinese"), max_length=160, blank=True)
    description_en = models.TextField(_("description, English"), max_length=4000, blank=True)
    description_zh = models.TextField(_("description, Chinese"), max_length=4000, blank=True)
    status_en = models.CharField(
        _("English text"), max_length=8, choices=TextStatus, default=TextStatus.MISSING
    )
    status_zh = models.CharField(
        _("Chinese text"), max_length=8, choices=TextStatus, default=TextStatus.MISSING
    )

    #: UNSPSC, 8 digits
    unspsc = models.CharField(_("UNSPSC"), max_length=8, blank=True)
    #: Harmonized System 2022, 6 digits
    hs6 = models.CharField(_("HS code"), max_length=6, blank=True)
    #: Singapore declaring code, 8 digits
    hs_sg8 = models.CharField(_("HS code, Singapore"), max_length=8, blank=True)
    #: China declaring code, 10 digits
    hs_cn10 = models.CharField(_("HS code, China"), max_length=10, blank=True)
    brand = models.CharField(_("brand"), max_length=80, blank=True)
    mpn = models.CharField(_("manufacturer’s number"), max_length=80, blank=True)
    gtin = models.CharField(_("GTIN"), max_length=14, blank=True)
    #: UN/ECE Recommendation 20 code of the base unit
    unit = models.CharField(_("unit"), max_length=3, default="H87")
    #: quantities step by this many base units
    step = models.DecimalField(_("step of the unit"), max_digits=18, decimal_places=6, default=Decimal(1))
    moq = models.DecimalField(_("minimum order"), max_digits=18, decimal_places=6, default=Decimal(1))
    multiple = models.DecimalField(_("order multiple"), max_digits=18, decimal_places=6, default=Decimal(1))
    #: net weight of one base unit, as packing lists print it; null where the seller does not state it
    net_kg = models.DecimalField(_("net weight (kg)"), max_digits=14, decimal_places=6, null=True, blank=True)
    lead_time_days = models.PositiveSmallIntegerField(_("lead time in days"), default=0)
    #: ISO 3166-1 alpha-2
    origin = models.CharField(_("country of origin"), max_length=2)
    cas = models.CharField(_("CAS number"), max_length=12, blank=True)
    #: four digits
    un_number = models.CharField(_("UN number"), max_length=4, blank=True)
    #: GHS pictograms, e.g. GHS02
    ghs = ArrayField(
        models.CharField(max_length=5), default=list, blank=True, verbose_name=_("GHS pictograms")
    )
    standards = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, verbose_name=_("standards")
    )
    #: Health Sciences Authority risk class A to D
    hsa_class = models.CharField(_("HSA class"), max_length=1, blank=True)
    #: values of the category's attributes by code
    attributes = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "sku"], name="product_sku_once_per_seller"),
            models.CheckConstraint(condition=Q(state__in=ProductState.values), name="product_state_known"),
            models.CheckConstraint(
                condition=Q(moq__gt=0, multiple__gt=0, step__gt=0), name="product_quantities_positive"
            ),
            models.CheckConstraint(
                condition=Q(net_kg__isnull=True) | Q(net_kg__gt=0), name="product_net_weight_positive"
            ),
            models.CheckConstraint(
                condition=~Q(state=ProductState.PUBLISHED)
                | Q(published_at__isnull=False)
                & (Q(status_en=TextStatus.READY) | Q(status_zh=TextStatus.READY)),
                name="product_published_with_text",
            ),
        ]
        indexes = [models.Index(fields=["company", "state", "-id"], name="product_of_seller")]

    def __str__(self) -> str:
        return local(self) or self.sku

    def name_in(self, language: str) -> str:
        first, second = (
            (self.name_zh, self.name_en) if language.startswith("zh") else (self.name_en, self.name_zh)
        )
        return first or second


class Pack(models.Model):
    """How base units are packed: piece → carton → pallet."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="packs")
    #: UN/ECE Recommendation 21 package code with its X, e.g. XCT
    code = models.CharField(_("package"), max_length=3)
    #: base units inside
    contains = models.DecimalField(_("contains"), max_digits=18, decimal_places=6)
    length_mm = models.PositiveIntegerField(_("length (mm)"))
    width_mm = models.PositiveIntegerField(_("width (mm)"))
    height_mm = models.PositiveIntegerField(_("height (mm)"))
    gross_kg = models.DecimalField(_("gross weight (kg)"), max_digits=12, decimal_places=4)

    class Meta:
        ordering = ["contains"]
        constraints = [
            models.UniqueConstraint(fields=["product", "code"], name="pack_code_once_per_product"),
            models.CheckConstraint(
                condition=Q(contains__gt=0, gross_kg__gt=0), name="pack_measures_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} of {self.contains}"


class Tier(models.Model):
    """From `min_quantity` base units on, one costs `unit_price`."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="tiers")
    currency = models.CharField(_("currency"), max_length=3)
    min_quantity = models.DecimalField(_("from quantity"), max_digits=18, decimal_places=6)
    unit_price = models.DecimalField(_("unit price"), max_digits=19, decimal_places=6)

    class Meta:
        ordering = ["currency", "min_quantity"]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "currency", "min_quantity"], name="tier_once_per_quantity"
            ),
            models.CheckConstraint(condition=Q(min_quantity__gt=0, unit_price__gt=0), name="tier_positive"),
            models.CheckConstraint(
                condition=Q(currency__in=["SGD", "CNY", "USD"]), name="tier_currency_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.unit_price} from {self.min_quantity}"
