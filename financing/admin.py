"""The operator's view of finance: which banks are connected, where offers stand. Figures are the parties' business."""

from __future__ import annotations

from django.contrib import admin

from financing.models import Bank, Offer, OfferRequest
from kernel.admin import ReadOnlyAdmin


@admin.register(Bank)
class BankAdmin(ReadOnlyAdmin):
    list_display = ("code", "company", "simulated", "joined_at", "ended_at")
    list_select_related = ("company",)
    exclude = ("capabilities",)


@admin.register(OfferRequest)
class OfferRequestAdmin(ReadOnlyAdmin):
    list_display = ("paper", "company", "round", "reason", "asked_at", "answered_at")
    list_filter = ("reason",)
    list_select_related = ("paper", "company")
    fields = ("company", "paper", "round", "reason", "outcomes", "asked_at", "answered_at")


@admin.register(Offer)
class OfferAdmin(ReadOnlyAdmin):
    list_display = ("paper", "company", "bank", "state", "awaiting", "made_at", "expires_at")
    list_filter = ("state", "bank")
    list_select_related = ("paper", "company", "bank")
    search_fields = ("=order__reference",)
    fields = (
        "paper",
        "company",
        "bank",
        "state",
        "awaiting",
        "refusal",
        "close_code",
        "made_at",
        "expires_at",
    )
