"""Choices of papers."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PaperKind(models.TextChoices):
    ORDER_CONFIRMATION = "order_confirmation", _("Order confirmation")
    COMMERCIAL_INVOICE = "commercial_invoice", _("Commercial invoice")
    PLANNED_PACKING_LIST = "planned_packing_list", _("Planned packing list")
    PACKING_LIST = "packing_list", _("Packing list")


#: begins the printed number, e.g. INV-2026-00001
PREFIXES: dict[str, str] = {
    PaperKind.ORDER_CONFIRMATION: "OC",
    PaperKind.COMMERCIAL_INVOICE: "INV",
    PaperKind.PLANNED_PACKING_LIST: "PPL",
    PaperKind.PACKING_LIST: "PL",
}


def printed_number(kind: str, year: int, number: int) -> str:
    """A paper's number as it stands on it: INV-2026-00001."""
    return f"{PREFIXES[kind]}-{year}-{number:05d}"


class PaperLanguage(models.TextChoices):
    ENGLISH = "en", _("English")
    CHINESE = "zh-hans", _("Chinese")
    BILINGUAL = "bilingual", _("Bilingual")
