"""The operator's view of papers: which numbers were given to whom. What they say is the parties' business."""

from __future__ import annotations

from django.contrib import admin

from documents.models import NumberSeries, Paper
from kernel.admin import ReadOnlyAdmin


@admin.register(Paper)
class PaperAdmin(ReadOnlyAdmin):
    list_display = ("printed_number", "kind", "company", "buyer", "issued_on")
    list_filter = ("kind", "year")
    list_select_related = ("company", "buyer")
    search_fields = ("=order__reference",)


@admin.register(NumberSeries)
class NumberSeriesAdmin(ReadOnlyAdmin):
    list_display = ("company", "kind", "year", "last_number")
    list_filter = ("kind", "year")
    list_select_related = ("company",)
