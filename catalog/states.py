"""Choices and moves of listings and imports."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProductState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    PAUSED = "paused", _("Paused")
    ENDED = "ended", _("Ended")


PRODUCT_MOVES: dict[str, set[str]] = {
    ProductState.DRAFT: {ProductState.PUBLISHED, ProductState.ENDED},
    ProductState.PUBLISHED: {ProductState.PAUSED, ProductState.ENDED},
    ProductState.PAUSED: {ProductState.PUBLISHED, ProductState.ENDED},
    ProductState.ENDED: set(),
}


class TextStatus(models.TextChoices):
    """How far a product's text in one language is."""

    MISSING = "missing", _("Missing")
    DRAFT = "draft", _("Draft")
    READY = "ready", _("Ready")


class AttributeKind(models.TextChoices):
    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    CHOICE = "choice", _("Choice")
    BOOL = "bool", _("Yes or no")


class MovementKind(models.TextChoices):
    """Why stock changed."""

    COUNT = "count", _("Count")
    RESERVED = "reserved", _("Reserved for an order")
    RELEASED = "released", _("Released by an order")


class ImportState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    READING = "reading", _("Reading the file")
    RUNNING = "running", _("Working")
    DONE = "done", _("Done")
    REFUSED = "refused", _("File not usable")


IMPORT_MOVES: dict[str, set[str]] = {
    ImportState.WAITING: {ImportState.READING},
    ImportState.READING: {ImportState.RUNNING, ImportState.REFUSED, ImportState.DONE},
    ImportState.RUNNING: {ImportState.DONE},
    ImportState.DONE: set(),
    ImportState.REFUSED: set(),
}


class SheetKind(models.TextChoices):
    TDS = "tds", _("Technical data sheet")
    SDS = "sds", _("Safety data sheet")
    CERTIFICATE = "certificate", _("Certificate or test report")
    MANUAL = "manual", _("Manual")
