"""The operator's view of dated reference rows."""

from __future__ import annotations

from django.contrib import admin

from kernel.admin import ReadOnlyAdmin
from tariffs.models import ExchangeRate, TaxRate


@admin.register(ExchangeRate)
class ExchangeRateAdmin(ReadOnlyAdmin):
    list_display = ("base", "quote", "rate", "on", "source")
    list_filter = ("quote",)
    date_hierarchy = "on"


@admin.register(TaxRate)
class TaxRateAdmin(ReadOnlyAdmin):
    list_display = ("country", "code", "category", "percent", "valid_from", "valid_to", "source")
    list_filter = ("country", "category")
