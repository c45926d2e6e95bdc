"""The shelf: one narrow row per published product, holding what lists, search and facets read.

Written by `catalog.services.shelving` in the transaction of the change, read by `catalog.queries` only.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from catalog.models.categories import Category
from catalog.models.products import Product
from identity.models import Company
from kernel.naming import local


class ShelfRow(models.Model):
    """Numbers first, then text: PostgreSQL unpacks a row up to the last column that is asked for, and counting facets
    unpacks a thousand."""

    product = models.OneToOneField(Product, models.PROTECT, primary_key=True, related_name="shelf_row")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, models.PROTECT, related_name="+")
    published_at = models.DateTimeField()
    #: where the lowest unit price lies among `catalog.rules.bands.PRICE_BANDS`; -1 without a price
    band_sgd = models.SmallIntegerField()
    band_cny = models.SmallIntegerField()
    band_usd = models.SmallIntegerField()
    #: where the minimum order lies among `catalog.rules.bands.MOQ_STEPS`
    band_moq = models.SmallIntegerField()
    lead_time_days = models.PositiveSmallIntegerField()
    in_stock = models.BooleanField()
    origin = models.CharField(max_length=2)
    #: what finds the row, as `catalog.rules.tokens` makes it: words, codes, threes of Chinese characters
    tokens = SearchVectorField()
    moq = models.DecimalField(max_digits=18, decimal_places=6)
    #: lowest unit price per currency: the seller's own, or converted; null while no exchange rate is stored
    from_sgd = models.DecimalField(max_digits=19, decimal_places=6, null=True)
    from_cny = models.DecimalField(max_digits=19, decimal_places=6, null=True)
    from_usd = models.DecimalField(max_digits=19, decimal_places=6, null=True)
    #: highest (first tier) unit price per currency
    to_sgd = models.DecimalField(max_digits=19, decimal_places=6, null=True)
    to_cny = models.DecimalField(max_digits=19, decimal_places=6, null=True)
    to_usd = models.DecimalField(max_digits=19, decimal_places=6, null=True)
    #: currencies the seller set prices in; the prices in the others are converted
    priced_in = ArrayField(models.CharField(max_length=3))
    product_uid = models.UUIDField()
    #: names as shown; empty where a language is missing
    name_en = models.CharField(max_length=160)
    name_zh = models.CharField(max_length=160)
    unit = models.CharField(max_length=3)
    #: name of the thumbnail's file in the media storage
    thumbnail = models.CharField(max_length=120, blank=True)
    standards = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            GinIndex(fields=["tokens"], name="shelf_tokens"),
            models.Index(fields=["-published_at", "-product"], name="shelf_newest"),
            models.Index(fields=["from_sgd", "product"], name="shelf_price_sgd"),
            models.Index(fields=["from_cny", "product"], name="shelf_price_cny"),
            models.Index(fields=["from_usd", "product"], name="shelf_price_usd"),
            models.Index(fields=["category", "-published_at", "-product"], name="shelf_of_category"),
            models.Index(fields=["company", "-published_at", "-product"], name="shelf_of_seller"),
        ]

    def __str__(self) -> str:
        return local(self)
