"""The operator's view of the catalogue: looked at here, changed by sellers and verbs only."""

from __future__ import annotations

from django.contrib import admin

from catalog.models import (
    Category,
    CategoryAttribute,
    DataSheet,
    Image,
    ImportJob,
    ImportProblem,
    Product,
    StockMovement,
)
from kernel.admin import ReadOnlyAdmin


@admin.register(Product)
class ProductAdmin(ReadOnlyAdmin):
    list_display = ("sku", "name_en", "name_zh", "company", "category", "state", "updated_at")
    list_filter = ("state", "category__parent")
    list_select_related = ("company", "category")
    search_fields = ("=sku", "name_en", "name_zh", "=gtin")
    show_full_result_count = False


class AttributesInline(admin.TabularInline):  # type: ignore[type-arg]
    model = CategoryAttribute
    extra = 0
    can_delete = False
    max_num = 0


@admin.register(Category)
class CategoryAdmin(ReadOnlyAdmin):
    list_display = ("code", "name_en", "name_zh", "parent")
    list_select_related = ("parent",)
    inlines = (AttributesInline,)


@admin.register(StockMovement)
class StockMovementAdmin(ReadOnlyAdmin):
    list_display = ("at", "product", "kind", "quantity", "actor", "note")
    list_filter = ("kind",)
    list_select_related = ("product",)
    search_fields = ("=product__sku",)


@admin.register(ImportJob)
class ImportJobAdmin(ReadOnlyAdmin):
    list_display = ("file_name", "company", "state", "dry_run", "rows_done", "rows_refused", "created_at")
    list_filter = ("state", "dry_run")
    list_select_related = ("company",)


@admin.register(ImportProblem)
class ImportProblemAdmin(ReadOnlyAdmin):
    list_display = ("job", "line", "column", "code", "value")
    list_filter = ("code",)
    list_select_related = ("job",)


@admin.register(Image)
class ImageAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "product", "width", "height", "position")
    list_select_related = ("product",)


@admin.register(DataSheet)
class DataSheetAdmin(ReadOnlyAdmin):
    list_display = ("title", "kind", "product", "language", "expires_on")
    list_filter = ("kind", "language")
    list_select_related = ("product",)
